"""Find and read scenarios: from the library by name, or from a file."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from exitvoice.documents import nearest_name
from exitvoice.documents.reading import read_bounded
from exitvoice.errors import InputError, Mistake
from exitvoice.scenario.schema import Scenario

ENDINGS = (".yaml", ".yml")


def list_scenarios() -> tuple[str, ...]:
    """Return the names of the library's scenarios, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml") for entry in _library().iterdir() if entry.name.endswith(".yaml")
        )
    )


def load_scenario(source: str | Path) -> Scenario:
    """Load a scenario by its name in the library, or from a file.

    Parameters
    ----------
    source : str or pathlib.Path
        A name such as ``china-2024``, or the path of a YAML file. A text with a slash or an ending is a path.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With every mistake of the file, or the names that exist.

    Examples
    --------
    >>> load_scenario("minimal").sector_names
    ('clerks', 'guards')
    """
    names = list_scenarios()
    if isinstance(source, str) and (source in names or _is_name(source)):
        if source not in names:
            mend = f"use one of: {', '.join(names)}; or give the path of a file, with its ending .yaml"
            raise InputError([
                Mistake(source, None, None, "", "the library has no such scenario", "nothing can be loaded", mend,
                        nearest_name(source, names))
            ])  # fmt: skip
        return Scenario.from_text((_library() / f"{source}.yaml").read_bytes(), name=f"{source}.yaml")
    return Scenario.from_text(read_bounded(source), name=str(source))


def scenario_text(name: str) -> str:
    """Return the YAML of a scenario of the library, comments and all."""
    return (_library() / f"{name}.yaml").read_text(encoding="utf-8")


def _is_name(source: str) -> bool:
    return (
        not source.endswith(ENDINGS)
        and "/" not in source
        and "\\" not in source
        and not Path(source).exists()
    )


def _library() -> Traversable:
    return files("exitvoice") / "library" / "scenarios"
