"""The command line: global options, the list of commands, and how an error becomes a sentence and a code.

Exit codes: 0 all is well, 1 a mistake in the input or a disk that cannot be written, 2 a wrong call,
3 some runs of an ensemble failed, 130 interrupted.
"""

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Annotated

import typer

from exitvoice import __version__
from exitvoice.cli import (
    atlas,
    calibrate,
    check,
    claims,
    compare,
    discover,
    ensemble,
    evidence,
    new,
    reference,
    replay,
    report,
    resume,
    run,
    scenarios,
    sensitivity,
    serve,
    show,
    sweep,
    trace,
    validate,
    verify,
)
from exitvoice.cli.console import examples, joined, messages
from exitvoice.errors import ExitvoiceError


def print_version(is_asked: bool) -> None:
    """Print the version and leave, if that is asked."""
    if is_asked:
        typer.echo(f"exitvoice {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="exitvoice",
    help=(
        "When a state restricts who may leave: who is held, what do they hide, what breaks, "
        "and on whose word do we think so?\n\n"
        "Populations are synthetic; no real person is in them and none can be loaded."
    ),
    epilog=examples(
        "exitvoice scenarios",
        "exitvoice show china-2024 --at 2024-06-07",
        "exitvoice run china-2024 --scale 0.01 --seed 1",
        "exitvoice new my.yaml && exitvoice check my.yaml && exitvoice run my.yaml",
    ),
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

GROUPS: dict[str, tuple[ModuleType, ...]] = {
    "Look up and write": (scenarios, show, check, new),
    "Run one world, two, or many": (run, compare, ensemble, sweep, resume),
    "Ask what it hinges on, and what data can tell": (sensitivity, discover, calibrate, atlas),
    "Judge claims; hold models against history and papers": (claims, replay, validate, reference),
    "Sources, traces, pages": (evidence, trace, verify, report, serve),
}
for group, commands in GROUPS.items():
    for command in commands:
        app.command(
            name=command.NAME,
            help=joined(command.command.__doc__),
            epilog=command.EXAMPLES,
            rich_help_panel=group,
            context_settings=reference.CONTEXT if command is reference else None,
        )(command.command)


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and stop.",
            is_eager=True,
            callback=print_version,
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        app(args=None if arguments is None else list(arguments), prog_name="exitvoice")
    except ExitvoiceError as problem:
        messages().print(str(problem), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
