"""What can go wrong, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ExitvoiceError(Exception):
    """Base of every error that exitvoice raises on purpose."""


class OutputError(ExitvoiceError):
    """A result could not be written or read: disk full, folder taken, folder not writable."""


class InternalError(ExitvoiceError):
    """Something that should be impossible; the fault lies in exitvoice, not in the input."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in an input, with its place and its cure.

    Parameters
    ----------
    file : str
        Name of the file (or ``<text>``).
    line, column : int or None
        Place, counted from 1; None where the mistake has no place.
    path : str
        Dotted path inside the document, such as ``rules[2].from``.
    what, why, mend : str
        What is wrong, why it matters, how to mend it.
    nearest : str or None
        The nearest valid name, where a name was misspelt.

    Examples
    --------
    >>> print(Mistake("a.yaml", 3, 5, "clock", "no such key", "it would be ignored", "delete it"))
    a.yaml:3:5: clock: no such key
        why:  it would be ignored
        mend: delete it
    """

    file: str
    line: int | None
    column: int | None
    path: str
    what: str
    why: str
    mend: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        where = f"{place}: {self.path}" if self.path else place
        lines = [f"{where}: {self.what}"]
        if self.nearest is not None:
            lines.append(f"    did you mean: {self.nearest}")
        lines += [f"    why:  {self.why}", f"    mend: {self.mend}"]
        return "\n".join(lines)


class InputError(ExitvoiceError):
    """An input file holds mistakes; all of them are listed.

    Parameters
    ----------
    mistakes : iterable of Mistake
        At least one; sorted here by place.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(sorted(set(mistakes), key=_place))
        super().__init__(self.mistakes)

    @classmethod
    def of(
        cls, file: object, what: str, *, why: str, mend: str, path: str = "", nearest: str | None = None
    ) -> InputError:
        """Return the error of a single mistake that has no line: a file or a folder as a whole, or an option.

        Examples
        --------
        >>> print(InputError.of("runs/a", "there is no run here", why="nothing to draw", mend="name a run"))
        runs/a: there is no run here
            why:  nothing to draw
            mend: name a run
        """
        return cls([Mistake(str(file), None, None, path, what, why, mend, nearest)])

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Mistake, ...]]]:
        """Let the error cross a process border with its mistakes."""
        return type(self), (self.mistakes,)


def _place(mistake: Mistake) -> tuple[str, int, int, str, str]:
    return (mistake.file, mistake.line or 0, mistake.column or 0, mistake.path, mistake.what)
