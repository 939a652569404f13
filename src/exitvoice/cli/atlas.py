"""`exitvoice atlas`: what every series tells of every parameter, and which data would settle which claim."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli import many
from exitvoice.cli.console import escaped, examples, messages, output, plain_table

if TYPE_CHECKING:
    from exitvoice.calibration.atlas.cases import Case, Cases
    from exitvoice.claims.settling import Settling

NAME = "atlas"
DRAWS = "draws"
INTERRUPTED = 130
EXAMPLES = examples(
    "exitvoice atlas",
    "exitvoice atlas --world china-2024 --claims runs/china-2024-claims",
    "exitvoice atlas runs/gdr-1989-calibration runs/cuba-2013-calibration",
    "exitvoice atlas runs/gdr-1989-calibration --world all --claims runs/china-2024-claims -o runs/atlas",
    "exitvoice atlas --world my-series.yaml --draws 200 --output runs/my-atlas",
)


def command(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Calibrations, each made with `--gate`."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--world",
            metavar="NAME|FILE|all",
            help="Draw everything in this world; may repeat. All, if neither this nor a FOLDER is given.",
        ),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option("--claims", metavar="DIR", help="A claims board: say what would settle each claim."),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=40, metavar="N", help="Draws of everything, in each world.")
    ] = 500,
    seed: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="The same seed gives the same atlas, for any number of workers."
        ),
    ] = 0,
    folder: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/atlas if not given.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace draws of another question in that folder.")
    ] = False,
    workers: many.Workers = None,
    dask: many.DaskAddress = None,
    slurm: many.SlurmJobs = None,
    slurm_set: many.SlurmOptions = None,
) -> None:
    """Say what every series tells of every parameter: information gained, before anybody looks at the data.

    In each world everything that has a range is drawn at once, the series of the library and some that would have to
    exist are read off every run through a model of how they are counted, and what they foretell of each parameter is
    held against dummies that no rule reads. Calibrations made with `--gate` stand beside it. With a claims board: which
    assumptions decide each claim, which series tell of them, and so whether more runs would settle it, data that exist,
    or data that would have to exist. Writes atlas.json, atlas.csv and the page atlas.html. Draws are kept: after Ctrl-C
    or a kill the same command goes on.
    """
    from exitvoice.calibration.atlas.ask import Asking, titles_of
    from exitvoice.calibration.atlas.cases import joined, read_cases
    from exitvoice.claims import read_judgement
    from exitvoice.claims.settling import settle
    from exitvoice.cli.atlas_worlds import EVERY, ask_worlds, worlds_of
    from exitvoice.cli.atlas_write import write_atlas

    calibrations, without = read_cases(folders) if folders else ((), ())
    for left in without:
        messages().print(
            f"Left out, for no gate was run: {left}", style="yellow", markup=False, soft_wrap=True
        )
    judgement = None if claims is None else read_judgement(claims)
    worlds = worlds_of(names or ([] if folders else [EVERY]))
    target = folder or Path("runs") / NAME
    words = _words(folders or [], names or [], claims, draws, seed)
    asking = Asking(target / DRAWS, draws=draws, seed=seed, force=force)
    asked: list[Case] = []
    for case in ask_worlds(worlds, asking, many.executor_of(dask, slurm, slurm_set, workers), workers):
        if case is None:
            again = shlex.join([*words, "--output", str(target)])
            messages().print(
                f"\nStopped. What is simulated is kept; to go on:\n  {again}",
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
            raise typer.Exit(INTERRUPTED)
        asked.append(case)
    titles = {name: title for world in worlds for name, title in titles_of(world).items()}
    cases = joined([*asked, *calibrations], titles)
    settlings = () if judgement is None else settle(judgement, cases)
    page = write_atlas(target, cases, settlings, judgement, shlex.join(words))
    _print(cases, settlings)
    output().print(f"Page: {escaped(page)}", soft_wrap=True)


def _words(folders: list[Path], names: list[str], claims: Path | None, draws: int, seed: int) -> list[str]:
    words = ["exitvoice", NAME, *map(str, folders)]
    for name in names:
        words += ["--world", name]
    words += ["--claims", str(claims)] if claims is not None else []
    is_drawn = names or not folders
    return words + (["--draws", str(draws), "--seed", str(seed)] if is_drawn else [])


def _print(cases: "Cases", settlings: "tuple[Settling, ...]") -> None:
    from exitvoice.report.atlas import counts_in_words, what_settles

    output().print(counts_in_words(cases), soft_wrap=True)
    if settlings:
        table = plain_table("claim", "verdict", "what would settle it")
        for one in settlings:
            table.add_row(one.claim, one.verdict, escaped(what_settles(one, cases)))
        output().print(table)
