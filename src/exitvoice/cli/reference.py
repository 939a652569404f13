"""`exitvoice reference`: published models made again, and held against their published figures."""

import shlex
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output, plain_table, print_item
from exitvoice.cli.interruption import INTERRUPTED

if TYPE_CHECKING:
    from exitvoice.models.reference.base import Finding, Outcome, ReferenceModel, Setting

NAME = "reference"
EXAMPLES = examples(
    "exitvoice reference",
    "exitvoice reference epstein --options",
    "exitvoice reference epstein --rounding floor",
    "exitvoice reference epstein --rounding identity --steps 1000 --seed 3 --output runs/as-printed",
    "exitvoice reference siegel --network village --against shape",
    "exitvoice reference --all",
)
CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}
STYLES = {"met": "green", "missed": "red", "not comparable": "dim"}


def command(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[MODEL]", help="A published model; all are listed if not given.")
    ] = None,
    is_all: Annotated[
        bool,
        typer.Option("--all", help="Every target of every model (or of MODEL), each at its own setting."),
    ] = False,
    is_options: Annotated[bool, typer.Option("--options", help="Say what MODEL lets you set.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, metavar="N", help="Seed of every draw.")] = 0,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder; runs/reference-MODEL-seedN if not given."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older folder.")] = False,
) -> None:
    """Run a published model, draw it, and compare it with the figures its paper gives.

    Each model has options of its own, such as --rounding: MODEL --options says which. A target that is missed is shown
    as missed, with the reason where it is known.
    """
    from exitvoice.models.reference.registry import MODELS, find_model

    if is_all:
        _run_all([find_model(name)] if name else list(MODELS.values()), seed)
    elif name is None:
        _list(list(MODELS.values()))
    elif is_options:
        _print_options(find_model(name))
    else:
        _run_one(find_model(name), context.args, seed, folder, force=force)


def given_options(words: Sequence[str]) -> dict[str, str]:
    """Read `--name value` and `--name=value` as pairs.

    Examples
    --------
    >>> given_options(["--rounding", "floor", "--steps=100"])
    {'rounding': 'floor', 'steps': '100'}
    """
    found: dict[str, str] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        if not word.startswith("--"):
            raise typer.BadParameter(f"{word!r} is no option of a model; say --NAME VALUE")
        name, sign, value = word[2:].partition("=")
        if not sign:
            if not left:
                raise typer.BadParameter(f"--{name} needs a value")
            value = left.pop(0)
        found[name] = value
    return found


def _list(models: "Sequence[ReferenceModel]") -> None:
    for model in models:
        print_item(model.name, model.title, model.source, model.claim, f"{len(model.targets)} targets")
    output().print("\nRun one: exitvoice reference NAME. Its options: exitvoice reference NAME --options")


def _print_options(model: "ReferenceModel") -> None:
    from exitvoice.models.reference.settings import allowed

    table = plain_table("option", "what it does", "allowed", "default")
    for option in model.options:
        table.add_row(f"--{option.name}", escaped(option.help), allowed(option), str(option.default))
    output().print(f"[bold]{escaped(model.title)}[/bold]")
    output().print(table)


def _run_one(
    model: "ReferenceModel", words: Sequence[str], seed: int, folder: Path | None, *, force: bool
) -> None:
    from exitvoice.models.reference.base import NOT_COMPARABLE, judge
    from exitvoice.models.reference.settings import read_setting
    from exitvoice.results import check_target

    given = given_options(words)
    setting = read_setting(model, given, seed=seed)
    target = check_target(folder or Path("runs") / f"reference-{model.name}-seed{seed}", force=force)
    started = time.perf_counter()
    outcome = _simulate(model, setting)
    findings = judge(model, setting, outcome)
    console = output()
    figure = "no" if outcome.cost.figure is None else f"{outcome.cost.figure:,.0f}"
    console.print(f"[bold]{escaped(model.title)}[/bold]  {escaped(model.source)}")
    console.print(f"Human cost: {figure} {escaped(outcome.cost.unit)}, {escaped(outcome.cost.meaning)}")
    _print_findings([found for found in findings if found.verdict != NOT_COMPARABLE])
    others = sum(found.verdict == NOT_COMPARABLE for found in findings)
    if others:
        console.print(f"{others} targets need other settings: exitvoice {NAME} {model.name} --all")
    console.print(f"{time.perf_counter() - started:.1f} s")
    words = [f"--{name}={value}" for name, value in given.items()]
    again = shlex.join(["exitvoice", NAME, model.name, *words, "--seed", str(seed)])
    _keep(model, setting, outcome, findings, target, again)


def _simulate(model: "ReferenceModel", setting: "Setting") -> "Outcome":
    from exitvoice.cli.reference_progress import watch

    try:
        with watch(messages(), is_terminal=is_terminal(), name=model.name) as display:
            return model.run(setting, display.show)
    except KeyboardInterrupt:
        messages().print("Stopped; nothing is written.", style="yellow")
        raise typer.Exit(INTERRUPTED) from None


def _run_all(models: "Sequence[ReferenceModel]", seed: int) -> None:
    from exitvoice.models.reference.base import judge_everything

    started = time.perf_counter()
    everything: list[Finding] = []
    for model in models:
        begun = time.perf_counter()
        found = judge_everything(model, partial(_simulate, model), seed=seed)
        everything += found
        spent = time.perf_counter() - begun
        output().print(f"[bold]{escaped(model.name)}[/bold]  {escaped(model.title)} ({spent:.1f} s)")
        _print_findings(found)
    met = sum(one.verdict == "met" for one in everything)
    output().print(
        f"{met} of {len(everything)} targets met, {len(everything) - met} missed; seed {seed}, "
        f"{time.perf_counter() - started:.0f} s"
    )


def _print_findings(findings: "Sequence[Finding]") -> None:
    from exitvoice.report.reference import accepted, shown

    table = plain_table("target", "published", "accepted", "obtained", "verdict", right=("obtained",))
    for found in findings:
        verdict = f"{found.verdict}: {found.reason}" if found.reason else found.verdict
        style = STYLES[found.verdict]
        table.add_row(
            escaped(found.target.what),
            escaped(f"{found.target.published} ({found.target.quality})"),
            accepted(found.target),
            shown(found.obtained),
            f"[{style}]{escaped(verdict)}[/{style}]",
        )
    output().print(table)


def _keep(
    model: "ReferenceModel",
    setting: "Setting",
    outcome: "Outcome",
    findings: "Sequence[Finding]",
    target: Path,
    again: str,
) -> None:
    from exitvoice.report.reference import render_reference
    from exitvoice.results.reference import write_reference

    page = render_reference(model, setting, outcome, findings=findings, command=again)
    # check_target has refused an older folder already, unless --force
    write_reference(target, model, setting, findings=findings, page=page, command=again, force=True)
    output().print(f"Report: {escaped(target / 'report.html')}", soft_wrap=True)
