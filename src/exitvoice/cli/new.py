"""`exitvoice new`: a commented scenario to start from."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli.console import escaped, examples, output
from exitvoice.errors import OutputError

NAME = "new"
EXAMPLES = examples("exitvoice new my.yaml", "exitvoice new scenarios/border.yaml --force")
STARTER = "minimal"


def command(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as my.yaml.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    from exitvoice.scenario import scenario_text

    if file.suffix not in (".yaml", ".yml"):
        raise OutputError(f"{file} does not end in .yaml, so it would not be found again; say {file}.yaml")
    _write(file, scenario_text(STARTER), is_forced=force)
    shown = escaped(file)
    console = output()
    console.print(f"Written: {shown}", soft_wrap=True)
    console.print(
        f"Next: change it, then exitvoice check {shown}, then exitvoice run {shown}", soft_wrap=True
    )


def _write(file: Path, text: str, *, is_forced: bool) -> None:
    try:
        # "x" refuses an existing file in the moment in which it would be opened: no gap between look and leap.
        with file.open("w" if is_forced else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise OutputError(
            f"{file} is there already; choose another name, or replace it with --force"
        ) from None
    except IsADirectoryError:
        raise OutputError(f"{file} is a folder; name a file, such as {file / 'my.yaml'}") from None
    except FileNotFoundError:
        raise OutputError(f"cannot write {file}: there is no folder {file.parent}; make it first") from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise OutputError(f"cannot write {file}: {reason}; choose another place") from None
