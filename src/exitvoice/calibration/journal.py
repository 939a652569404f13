"""What was simulated, kept line by line: a calibration that is made again takes from here what is done.

Every proposal follows from the seed and its place, so a calibration that was killed is simply begun anew: it proposes
the same values, finds their simulations here, and goes on where it was. Nothing but the runs under way is lost, and
the posterior is that of a calibration that was not killed, bit by bit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exitvoice.calibration.simulator import Simulated, as_record, from_record
from exitvoice.ensemble.files import Journal, as_line, read_lines
from exitvoice.ensemble.plan import RunKey
from exitvoice.ensemble.work import Failure, Task
from exitvoice.errors import OutputError
from exitvoice.results.folders import clear_errors, write_whole_file

SIMULATED = "simulated.jsonl"
QUESTION = "question.json"


class Kept:
    """The simulations of a folder, by their place.

    Parameters
    ----------
    folder : Path
    question : dict
        What the calibration asks and how; a folder that answers another question is refused.

    Raises
    ------
    OutputError
        If the folder holds another calibration or cannot be written.
    """

    def __init__(self, folder: Path, question: dict[str, Any], *, force: bool = False) -> None:
        self.folder = folder
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _settle_question(folder, question, force=force)
            lines = read_lines(folder / SIMULATED)
            _mend_tail(folder / SIMULATED)
            self._journal = Journal(folder / SIMULATED)
        self._found = {RunKey(*record["run"]): from_record(record) for record in lines}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()

    def find(self, task: Task) -> Simulated | Failure | None:
        """Return what a task came to, if it is known."""
        values, outcome = self._found.get(task.key, ((), None))
        return outcome if values == task.values else None

    def add(self, tasks: Iterable[Task], outcomes: Iterable[Simulated | Failure]) -> None:
        """Keep outcomes; when this returns they are on the disk."""
        pairs = list(zip(tasks, outcomes, strict=True))
        with clear_errors(self.folder):
            self._journal.add(as_line(as_record(outcome, task.values)) for task, outcome in pairs)
        self._found.update({task.key: (task.values, outcome) for task, outcome in pairs})


def _settle_question(folder: Path, question: dict[str, Any], *, force: bool) -> None:
    path = folder / QUESTION
    text = json.dumps(question, indent=1, sort_keys=True) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        if not force:
            raise OutputError(
                f"cannot write {folder}: an older calibration that asks something else is there; choose another "
                "folder or replace it with --force"
            )
        (folder / SIMULATED).unlink(missing_ok=True)
    write_whole_file(path, text)


def _mend_tail(path: Path) -> None:
    """Cut off a line that a kill tore, so that the next one does not run into it."""
    if not path.exists():
        return
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        os.truncate(path, content.rfind(b"\n") + 1)
