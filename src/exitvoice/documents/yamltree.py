"""A bounded, plain subset of YAML 1.2, with the place of every value.

Why not the ordinary loader: it forgets places, resolves aliases (which lets ten lines grow to gigabytes) and stops at
the first fault of some kinds. This one walks the parser's events, counts as it goes and stops early.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable

import ruamel.yaml
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from exitvoice.documents.locator import Locator, Path, show_path
from exitvoice.documents.plaintext import INVISIBLE
from exitvoice.errors import InputError, Mistake

MAX_NODES = 10_000
MAX_DEPTH = 12
MAX_DIGITS = 40
_PLAIN_PROBLEMS = 50  # a broken file should not print thousands of lines

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def parse(text: str, name: str) -> tuple[object, Locator]:
    """Return plain data (dict, list, str, int, float, bool, None) and a Locator; raise InputError on bad YAML."""
    reader = _Reader(text, name)
    try:
        value = reader.read()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        mend = "look at the indentation, the colon and the quotes on this line and the one before"
        found = Mistake(name, line, column, "", f"this is not YAML: {problem}", "it cannot be read", mend)
        raise InputError([*reader.locator.problems, found]) from None
    except (ValueError, IndexError, RecursionError) as error:
        found = Mistake(
            name, None, None, "", f"this is not YAML: {error}", "it cannot be read", "write plain YAML"
        )
        raise InputError([*reader.locator.problems, found]) from None
    return value, reader.locator


class _Reader:
    """Walks parser events once, builds plain data, notes places."""

    def __init__(self, text: str, name: str) -> None:
        self.locator = Locator(name)
        self._events: Iterable[Event] = ruamel.yaml.YAML(typ="safe", pure=True).parse(io.StringIO(text))
        self._nodes = 0

    def read(self) -> object:
        """Read the one document of the stream."""
        value: object = None
        documents = 0
        events = iter(self._events)
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._check_start(event, documents)
                value = self._value(next(events), events, ())
        return value

    def _check_start(self, event: DocumentStartEvent, documents: int) -> None:
        if documents > 1:
            self._stop(event, (), "a second YAML document starts here ('---')", "one file holds one document")
        if event.tags:
            self._stop(
                event, (), "a %TAG directive stands here", "tags can name code; exitvoice reads plain data"
            )

    def _value(self, event: Event, events: Iterable[Event], path: Path) -> object:
        self._count(event, path)
        self.locator.places[path] = _place(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        assert isinstance(event, ScalarEvent)
        return self._scalar(event, path)

    def _count(self, event: Event, path: Path) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, path, f"more than {MAX_NODES} values", "no scenario needs that")
        if len(path) > MAX_DEPTH:
            self._stop(event, path[:4], f"nested deeper than {MAX_DEPTH} levels", "no scenario needs that")
        if isinstance(event, AliasEvent):
            self._stop(
                event,
                path,
                f"an alias (*{event.anchor}) stands here",
                "aliases can make a file grow without bound",
            )
        if getattr(event, "anchor", None):
            self._stop(event, path, "an anchor (&name) stands here", "anchors and aliases are not read")
        if getattr(event, "tag", None):
            self._stop(
                event, path, "a tag (!name) stands here", "tags can name code; exitvoice reads plain data"
            )

    def _mapping(self, events: Iterable[Event], path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        stream = iter(events)
        for event in stream:
            if isinstance(event, MappingEndEvent):
                return result
            self._count(event, path)
            key = self._key(event, path)
            below: Path = (*path, key)
            if key == "<<":
                self._note(
                    event,
                    path,
                    "a merge key (<<) stands here",
                    "merging hides what a block holds",
                    "write it out",
                )
            if key in result:
                what = f"the key '{key}' is written twice"
                self._note(event, below, what, "only one of the two could count", "delete one of them")
            value = self._value(next(stream), stream, below)
            self.locator.keys[below] = _place(event)
            if value is None:  # an empty value starts, for the parser, where the next key does
                self.locator.places[below] = _place(event)
            result[key] = value
        return result

    def _key(self, event: Event, path: Path) -> str:
        if not isinstance(event, ScalarEvent):
            self._stop(event, path, "a key is a list or a mapping", "keys are words")
            return ""
        self._check_escapes(event, event.value, path)
        return str(event.value)

    def _sequence(self, events: Iterable[Event], path: Path) -> list[object]:
        result: list[object] = []
        stream = iter(events)
        for event in stream:
            if isinstance(event, SequenceEndEvent):
                return result
            result.append(self._value(event, stream, (*path, len(result))))
        return result

    def _scalar(self, event: ScalarEvent, path: Path) -> object:
        text: str = event.value
        if not event.implicit[0]:  # quoted or block: a string, whatever it looks like
            self._check_escapes(event, text, path)
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text.lower() == "true"
        return self._number(event, text, path)

    def _check_escapes(self, event: Event, text: str, path: Path) -> None:
        if INVISIBLE.search(text):
            why = "characters that cannot be seen can hide what a file says"
            self._note(event, path, "an escape stands for an invisible character", why, "delete it")

    def _number(self, event: Event, text: str, path: Path) -> object:
        if _NOT_FINITE.fullmatch(text):
            what = f"'{text}' is not a finite number"
            self._note(
                event, path, what, "one such number spoils every figure after it", "write an ordinary number"
            )
            return 0
        if not _FLOAT.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS:
            self._note(event, path, "a number of absurd length", "no quantity needs it", "round it")
            return 0
        if _INTEGER.fullmatch(text):
            return int(text)
        value = float(text)
        if not math.isfinite(value):
            what = f"'{text}' is too large for a number"
            self._note(event, path, what, "it would be read as infinity", "write an ordinary number")
            return 0
        return value

    def _note(self, event: Event, path: Path, what: str, why: str, mend: str) -> None:
        line, column = _place(event)
        self.locator.problems.append(
            Mistake(self.locator.file, line, column, show_path(path), what, why, mend)
        )
        if len(self.locator.problems) >= _PLAIN_PROBLEMS:
            raise InputError(self.locator.problems)

    def _stop(self, event: Event, path: Path, what: str, why: str) -> None:
        self._note(event, path, what, why, "write it out plainly, in one document of keys, values and lists")
        raise InputError(self.locator.problems)


def _place(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
