"""Reading plain YAML: what is refused and how fast, what is said and where."""

import pickle
import time
from datetime import date

import pydantic
import pytest

from exitvoice.documents import Locator, nearest_name, read_document, read_text, read_tree, show_path
from exitvoice.errors import ExitvoiceError, InputError, Mistake


class Inner(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    date: date
    share: float


class Outer(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    name: str
    points: tuple[Inner, ...] = ()
    either: float | Inner | None = None
    by_name: dict[str, Inner] | None = None


def refused(text: str | bytes) -> tuple[Mistake, ...]:
    with pytest.raises(InputError) as caught:
        read_text(text, name="file.yaml", model=Outer)
    return caught.value.mistakes


def test_good_document():
    text = "name: a\npoints:\n  - {date: 2020-02-29, share: 1}\neither: {date: 2020-01-01, share: .5}\n"
    found = read_text(text, name="x", model=Outer)
    assert found.points == (Inner(date=date(2020, 2, 29), share=1.0),)
    assert found.either == Inner(date=date(2020, 1, 1), share=0.5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("-3", -3), ("+0.1", 0.1), ("5.6e8", 5.6e8), (".5", 0.5), ("1e3", 1000.0), ("true", True),
        ("False", False), ("null", None), ("~", None), ("", None), ("yes", "yes"), ("off", "off"), ("'12'", "12"),
        ("2020-01-01", "2020-01-01"), ("x0.5", "x0.5"), ("1_000", "1_000"), ("0o17", "0o17"), ("012", 12),
        ("1:30", "1:30"),
    ],
)  # fmt: skip
def test_plain_values(text, value):
    tree, _ = read_tree(f"key: {text}\n", name="x")
    assert tree["key"] == value
    assert type(tree["key"]) is type(value)


def test_every_mistake_is_listed_with_its_place():
    text = "nam: a\nname: 3\npoints:\n  - {date: 2023-02-30, share: '1', shar: 2}\nby_name: {q: {dat: 1}}\n"
    places = {(one.line, one.column, one.path, one.nearest) for one in refused(text)}
    assert places == {
        (1, 1, "nam", None),  # 'name' is taken, so nothing is near
        (2, 7, "name", None),
        (4, 12, "points[1].date", None),
        (4, 31, "points[1].share", None),
        (4, 36, "points[1].shar", "share"),
        (5, 15, "by_name.q.dat", "date"),
        (5, 14, "by_name.q", None),
    }


def test_a_misspelt_key_is_not_reported_as_missing_too():
    assert [one.path for one in refused("nme: a\n")] == ["nme"]


def test_members_of_a_union_speak_once():
    (found,) = refused("name: a\neither: many\n")
    assert found.what == "the text 'many' stands here instead of a number or a block of 'key: value'"
    (found,) = refused("name: a\neither: {date: 2020-01-01, share: x}\n")
    assert found.path == "either.share"


def test_message_has_all_parts():
    text = str(Mistake("a.yaml", 3, 5, "clock.end", "what", "why", "mend", "near"))
    assert text.splitlines() == [
        "a.yaml:3:5: clock.end: what",
        "    did you mean: near",
        "    why:  why",
        "    mend: mend",
    ]


def test_input_error_sorts_drops_doubles_and_travels():
    one, two = Mistake("a", 2, 1, "", "x", "y", "z"), Mistake("a", 1, 1, "", "x", "y", "z")
    error = InputError([one, two, one])
    assert error.mistakes == (two, one)
    assert pickle.loads(pickle.dumps(error)).mistakes == error.mistakes
    assert isinstance(error, ExitvoiceError)


def test_checks_run_on_the_model_and_raw_checks_always():
    def check(model: Outer, locator: Locator) -> list[Mistake]:
        return [locator.mistake(("name",), "checked", "why", "mend")]

    def raw(tree: object, locator: Locator) -> list[Mistake]:
        return [locator.mistake(("name",), "raw", "why", "mend")]

    for text, said in (("name: a\n", {"checked", "raw"}), ("name: a\npoints: 3\n", {"raw"})):
        with pytest.raises(InputError) as caught:
            read_text(text, name="x", model=Outer, checks=[check], raw_checks=[raw])
        assert said <= {one.what for one in caught.value.mistakes}
        assert ("checked" in said) == any(one.what == "checked" for one in caught.value.mistakes)


def test_paths_count_items_from_one():
    assert show_path(("rules", 2, "from")) == "rules[3].from"
    assert show_path(()) == ""


@pytest.mark.parametrize(
    ("word", "near"),
    [("teachrs", "teachers"), ("Teachers", "teachers"), ("zzz", None), ("state-banks", "state_banks")],
)
def test_nearest_name(word, near):
    assert nearest_name(word, ["teachers", "state_banks", "guards"]) == near


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "alias bomb": (BOMB, "an anchor"),
    "lone alias": ("name: *x\n", "an alias"),
    "deep brackets": ("name: " + "[" * 1900, "nested deeper"),
    "deep braces": ("name: " + "{a: " * 480, "nested deeper"),
    "deep dashes": ("- " * 990, "nested deeper"),
    "deep indentation": ("".join(" " * depth + "k:\n" for depth in range(100)), "nested deeper"),
    "deep question marks": ("? " * 990, "a key is a list or a mapping"),
    "many megabytes": ("name: " + "x" * 20_000_000, "larger than"),
    "long line": ("name: " + "x" * 400_000, "longer than"),
    "many lines": ("# x\n" * 100_000, "more than"),
    "many values": ("name:\n" + "  - [1,2,3,4,5,6,7,8,9,0]\n" * 4_000, "more than 10000 values"),
    "long block of text": ("name: |\n" + "  x\n" * 19_000 + "points: 3\n", "instead of a list"),
    "many duplicates": ("name: a\n" * 10_000, "written twice"),
    "huge integer": ("name: " + "9" * 1_900, "absurd length"),
    "byte order mark": (b"\xef\xbb\xbfname: a\n", "byte order mark"),
    "UTF-16": ("name: a\n".encode("utf-16"), "byte order mark"),
    "UTF-16 without mark": ("name: a\n".encode("utf-16-le"), "NUL byte"),
    "UTF-32": ("name: a\n".encode("utf-32-be"), "NUL byte"),
    "Latin-1": ("name: Gr\u00fc\u00dfe\n".encode("latin-1"), "is not UTF-8"),
    "NUL": (b"name: a\x00b\n", "NUL byte"),
    "bell": (b"name: a\x07b\n", "U+0007"),
    "text turned round": ("name: a\u202eb\n".encode(), "U+202E"),
    "lone surrogate": (b"name: \xed\xa0\x80\n", "is not UTF-8"),
    "escaped NUL": ('name: "a\\0b"\n', "invisible"),
    "empty": ("", "the document is empty"),
    "blank": ("\n\n   \n", "the document is empty"),
    "tag": ("name: !!python/name:os.system x\n", "a tag"),
    "directive": ("%TAG ! tag:x,2000:\n---\nname: a\n", "TAG directive"),
    "two documents": ("name: a\n---\nname: b\n", "second YAML document"),
    "random bytes": (bytes(range(128, 256)) * 40, "is not UTF-8"),
    "HTML": ("<html><body>404</body></html>\n", "a single value"),
    "JSON with a trailing comma": ('{"name": "a",, }\n', "not YAML"),
    "quotes left open": ('name: "a\n' * 3, "not YAML"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused_clearly_and_quickly(kind):
    text, words = HOSTILE[kind]
    begin = time.process_time()
    mistakes = refused(text)
    assert any(words in one.what for one in mistakes), "\n".join(map(str, mistakes))
    assert time.process_time() - begin < 1.0
    assert len(mistakes) <= 60
    assert all(len(str(one)) < 2_000 for one in mistakes)


def test_files_that_are_no_files(tmp_path):
    for path, words in (
        (tmp_path, "ordinary file"),
        (tmp_path / "no.yaml", "no such file"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(InputError) as caught:
            read_document(path, Outer)
        assert words in caught.value.mistakes[0].what


def test_endless_file_is_not_read_to_its_end():
    with pytest.raises(InputError, match="ordinary file"):
        read_document("/dev/zero", Outer)


def test_file_is_named_in_messages(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("name: 1\n")
    with pytest.raises(InputError) as caught:
        read_document(file, Outer)
    assert caught.value.mistakes[0].file == str(file)
