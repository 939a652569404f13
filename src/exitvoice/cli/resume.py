"""`exitvoice resume`: do the runs of an ensemble that are missing."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli import many
from exitvoice.cli.console import examples

NAME = "resume"
EXAMPLES = examples(
    "exitvoice resume runs/china-2024-replications-seed0",
    "exitvoice resume runs/my-ensemble --workers 8 --retry-failed",
    "exitvoice resume runs/my-ensemble --dask local",
)


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of an ensemble or a sweep.")],
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try the runs that failed again as well.")
    ] = False,
    workers: many.Workers = None,
    dask: many.DaskAddress = None,
    slurm: many.SlurmJobs = None,
    slurm_set: many.SlurmOptions = None,
) -> None:
    """Do exactly the runs that are missing, after Ctrl-C, a crash, a power cut or a full disk.

    The folder is then the same, byte by byte, as if nothing had happened. Where and on how many processes the runs
    are made may differ from the first time.
    """
    from exitvoice.ensemble import resume

    executor = many.executor_of(dask, slurm, slurm_set, workers)
    many.carry_out(
        lambda progress: resume(
            folder, executor=executor, workers=workers, progress=progress, retry_failed=retry_failed
        ),
        folder,
    )
