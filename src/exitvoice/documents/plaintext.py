"""Bytes to clean text: UTF-8, bounded, nothing that cannot be seen."""

from __future__ import annotations

import re

from exitvoice.errors import InputError, Mistake

MAX_BYTES = 512 * 1024
MAX_LINES = 20_000
MAX_LINE_LENGTH = 2_000
MAX_BRACKETS = 200  # in one line; the parser's time grows with the square of their nesting

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def decode(text: str | bytes, name: str, *, line_length: int = MAX_LINE_LENGTH, size: int = MAX_BYTES) -> str:
    """Return the text of a file, or raise InputError if it is too large or not clean UTF-8.

    `line_length` is the most characters that a line may have, `size` the most bytes of the file; tables have longer
    lines than prose, and whole ledgers are larger than scenarios.
    """
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    why = "exitvoice reads plain UTF-8 text and nothing else"
    if len(content) > size:
        _refuse(
            name,
            f"the file is larger than {size // 1024} KiB",
            "no scenario or ledger needs that",
            "split or shorten it",
        )
    if content.startswith(_BYTE_ORDER_MARKS):
        _refuse(name, "the file starts with a byte order mark", why, "save it as UTF-8 without BOM")
    try:
        clean = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(name, f"byte {error.start + 1} is not UTF-8", why, "save the file as UTF-8", line=line)
    _check_characters(clean, name)
    _check_lines(clean, name, line_length)
    return clean


def _check_characters(text: str, name: str) -> None:
    hit = INVISIBLE.search(text)
    if hit is None:
        return
    line = text.count("\n", 0, hit.start()) + 1
    column = hit.start() - text.rfind("\n", 0, hit.start())
    what = f"the invisible character U+{ord(hit.group()):04X} stands here"
    if hit.group() == "\x00":
        what += " (a NUL byte; is the file UTF-16 or binary?)"
    why = "characters that cannot be seen can hide what a file says"
    _refuse(name, what, why, "delete it, or save the file as UTF-8 text", line=line, column=column)


def _check_lines(text: str, name: str, line_length: int) -> None:
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        _refuse(name, f"the file has more than {MAX_LINES} lines", "no scenario needs that", "shorten it")
    for number, line in enumerate(lines, start=1):
        if len(line) > line_length:
            what = f"this line is longer than {line_length} characters"
            _refuse(name, what, "nobody can read it", "break it up", line=number)
        if line.count("[") + line.count("{") > MAX_BRACKETS:
            what = f"this line opens more than {MAX_BRACKETS} brackets, nested deeper than anyone can read"
            _refuse(name, what, "no scenario needs that", "write it in blocks", line=number)


def _refuse(
    name: str, what: str, why: str, mend: str, *, line: int | None = None, column: int | None = None
) -> None:
    raise InputError([Mistake(name, line, column, "", what, why, mend)])
