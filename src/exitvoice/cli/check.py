"""`exitvoice check`: every mistake of scenario files at once."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli.console import counted, escaped, examples, output
from exitvoice.errors import InputError, Mistake

NAME = "check"
EXAMPLES = examples(
    "exitvoice check my.yaml", "exitvoice check one.yaml two.yaml", "exitvoice check scenarios/"
)
ENDINGS = (".yaml", ".yml")


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...|FOLDER", help="Scenario files, or folders that hold some."),
    ],
) -> None:
    """Check scenario files and list every mistake at once.

    Each mistake is shown with its file, line and column, what is wrong, why, the nearest valid name and how to
    mend it. The exit code is 1 if there is any.
    """
    files, mistakes = _files_of(paths)
    console = output()
    number_bad = len({mistake.file for mistake in mistakes})
    for file in files:
        found = _mistakes_of(file)
        number_bad += bool(found)
        mistakes += found
        console.print(
            f"{'[red]bad[/red] ' if found else '[green]good[/green]'} {escaped(file)}", soft_wrap=True
        )
    for mistake in mistakes:
        console.print()
        console.print(str(mistake), markup=False, soft_wrap=True)
    console.print()
    console.print(f"{counted(len(files), 'file')} checked: {_verdict(number_bad, len(mistakes))}")
    if mistakes:
        raise typer.Exit(1)


def _files_of(paths: list[Path]) -> tuple[list[Path], list[Mistake]]:
    files: list[Path] = []
    mistakes: list[Mistake] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(file for file in path.rglob("*") if file.suffix in ENDINGS and file.is_file())
        files += inside
        if not inside:
            mistakes.append(_empty_folder(path))
    return list(dict.fromkeys(files)), mistakes


def _mistakes_of(file: Path) -> list[Mistake]:
    from exitvoice.scenario import check_support, load_scenario

    try:
        scenario = load_scenario(file)
    except InputError as problem:
        return list(problem.mistakes)
    return [replace(mistake, file=str(file)) for mistake in check_support(scenario)]


def _empty_folder(folder: Path) -> Mistake:
    return Mistake(
        file=str(folder),
        line=None,
        column=None,
        path="",
        what="the folder holds no scenario file",
        why=f"only files that end in {' or '.join(ENDINGS)} are looked at",
        mend="name another folder, or write a first file with `exitvoice new`",
    )


def _verdict(number_bad: int, number_mistakes: int) -> str:
    if number_mistakes == 0:
        return "no mistakes"
    return f"{counted(number_mistakes, 'mistake')} in {number_bad}"
