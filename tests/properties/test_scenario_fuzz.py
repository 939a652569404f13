"""Whatever a file holds: it is a scenario, or it is refused with mistakes that have a cure. Nothing else happens."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.errors import InputError
from exitvoice.scenario import Scenario, build_timeline, compile_policy, load_scenario, scenario_text

TEXT = scenario_text("minimal")
LINES = TEXT.splitlines()
BASE = load_scenario("minimal")
MANY = settings(max_examples=60, deadline=None)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=8),
    st.sampled_from(
        ["all", "2020-02-30", "2020-01-01", "x2", "clerks", "bureau", "coast", "", "null", "1e999", "serving"]
    ),
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def survives(call) -> None:
    """Run `call`; a refusal must be a list of mistakes with all their parts."""
    try:
        found = call()
    except InputError as error:
        assert error.mistakes
        for one in error.mistakes:
            assert one.what and one.why and one.mend
            assert len(str(one)) < 4_000
        return
    if found.grid.steps <= 2_000:
        compile_policy(found, build_timeline(found, found.grid)).at(0)
    assert len(found.hash) == 16


def paths(tree: object, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List the path of every value in a document."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [above] * bool(above) + [path for key, value in items for path in paths(value, (*above, key))]


PATHS = paths(dict(BASE.tree))


def put(tree: Any, path: tuple[str | int, ...], value: object) -> None:
    for part in path[:-1]:
        tree = tree[part]
    tree[path[-1]] = value


@MANY
@given(st.binary(max_size=300))
def test_any_bytes(content):
    survives(lambda: Scenario.from_text(content, name="fuzz"))


@MANY
@given(st.integers(0, len(LINES) - 1), st.integers(0, 4), st.text(max_size=30), st.booleans())
def test_lines_lost_and_lines_gained(first, lost, gained, doubled):
    lines = LINES[:first] + ([gained] if not doubled else [LINES[first]] * 2) + LINES[first + lost :]
    survives(lambda: Scenario.from_text("\n".join(lines).encode("utf-8", "surrogatepass"), name="fuzz"))


@MANY
@given(
    st.integers(0, len(TEXT) - 1),
    st.integers(0, 3),
    st.text(alphabet="{}[]:,-#&*!|>'\"% \n\t?@`0aé", max_size=4),
)
def test_characters_changed(place, lost, gained):
    survives(lambda: Scenario.from_text(TEXT[:place] + gained + TEXT[place + lost :], name="fuzz"))


@MANY
@given(st.lists(st.tuples(st.sampled_from(PATHS), PLAIN), min_size=1, max_size=3))
def test_any_value_in_any_place(changes):
    sections = {}
    for path, value in changes:
        section = str(path[0])
        sections.setdefault(section, copy.deepcopy(BASE.tree[section]))
        try:
            put(sections, path, value)
        except (TypeError, KeyError, IndexError):  # an earlier change took the place away
            continue
    survives(lambda: BASE.with_changes(sections))


@MANY
@given(st.sampled_from(PATHS), PLAIN)
def test_any_change_by_path(path, value):
    names = ".".join(str(part) for part in path)
    survives(lambda: BASE.with_changes({names: value}))
