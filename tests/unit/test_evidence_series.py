"""Observed series: periods, bounds, contradictions, and on whose word."""

import itertools
from datetime import date
from pathlib import Path

import pytest

from exitvoice.errors import InputError
from exitvoice.evidence import ObservedSeries, load_ledger, load_series

FILE = """
format: exitvoice-series/1
case: gdr
series:
  - id: one
    title: t
    unit: persons a year
    counting: persons
    kind: flow
    rule: r
    evidence: [gdr-permits-1984]
    quality: seen
    points:
      - {period: "1983", value: 1}
      - {period: 1984-02, low: 2, high: 3}
"""


@pytest.fixture(scope="module")
def shipped():
    return load_series()


def refused(folder: Path, before: str, after: str) -> str:
    assert before in FILE
    (folder / "series.yaml").write_text(FILE.replace(before, after), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_series(folder)
    return str(caught.value)


def test_a_file_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "series.yaml").write_text(FILE, encoding="utf-8")
    (series,) = load_series(tmp_path).values()
    assert [point.interval for point in series.points] == [(1, 1), (2, 3)]
    assert series.by_period["1984-02"].days.end == date(1984, 2, 29)
    assert series.quality_of(series.points[0]) == "seen"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("low: 2, high: 3", "low: 4, high: 3", "not in order"),
        ("low: 2, high: 3", "note: n", "neither a value nor bounds"),
        ("1984-02", "1983-02", "begins before"),
        ("1984-02", "soon", "is not a period"),
        ("gdr-permits-1984]", "gdr-permits-1984-x]", "gdr-permits-1984"),
        ("quality: seen", "quality: seen\n    contradicts: [two]", "no series has the id 'two'"),
        ("quality: seen", "quality: guessed", "quality"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in refused(tmp_path, before, after)


def test_a_contradiction_has_two_sides(tmp_path: Path) -> None:
    second = (
        FILE[FILE.index("  - id: one") :]
        .replace("id: one", "id: two")
        .replace("quality: seen", "quality: seen\n    contradicts: [one]")
    )
    (tmp_path / "series.yaml").write_text(FILE + second, encoding="utf-8")
    with pytest.raises(InputError, match="does not say that it contradicts 'two'"):
        load_series(tmp_path)


# -- what is shipped --------------------------------------------------------------------------------


def total(series: ObservedSeries, *years: int) -> float:
    values = [point.value for point in series.points if point.days.start.year in years]
    assert None not in values
    return sum(value for value in values if value is not None)


def test_the_gdr_s_rows_add_up_as_the_sources_say(shipped) -> None:
    arrivals = shipped["gdr-arrivals-yearly"]
    assert total(arrivals, *range(1980, 1989)) == 203_601
    assert total(arrivals, *range(1970, 1980)) == 148_695
    assert total(shipped["gdr-arrivals-monthly"], 1989) == 343_854
    assert total(shipped["gdr-arrivals-monthly"], 1990) == 238_384
    assert total(shipped["gdr-applications-yearly"], *range(1977, 1990)) == pytest.approx(316.0)
    for year in range(1961, 1979):
        parts = ("gdr-permits-yearly", "gdr-third-country-yearly", "gdr-wall-breakers-yearly")
        assert sum(total(shipped[name], year) for name in parts) == total(arrivals, year)


def test_series_and_statements_give_the_same_figures(shipped) -> None:
    """What a statement lists in a row is what its series holds."""
    statements = load_ledger().statements
    for series_id, statement_id in {
        "gdr-permits-yearly": "gdr-permits-yearly-1961-1989",
        "gdr-third-country-yearly": "gdr-third-country-yearly-1961-1988",
        "gdr-wall-breakers-yearly": "gdr-wall-breakers-yearly-1961-1988",
        "gdr-ransomed-yearly": "gdr-ransomed-yearly-1964-1988",
    }.items():
        listed = [float(word) for word in str(statements[statement_id].value).split()]
        assert [point.value for point in shipped[series_id].points] == listed


def test_a_point_says_what_the_statement_of_its_period_says(shipped) -> None:
    """Where a statement that a series rests on gives one number for the period of a point, it is that number."""
    statements, compared = load_ledger().statements, 0
    for series in shipped.values():
        for point, name in itertools.product(series.points, series.evidence):
            said = statements[name]
            is_same = (said.period, said.unit, said.kind) == (point.period, series.unit, series.kind)
            if is_same and isinstance(said.value, float):
                numbers = [number for number in (point.value, point.low, point.high) if number is not None]
                printed = [number for number in (said.value, said.low, said.high) if number is not None]
                assert any(pytest.approx(one) in numbers for one in printed), (series.id, point.period, name)
                compared += 1
    assert compared >= 15


def test_every_figure_has_a_unit_and_a_rule_of_counting(shipped) -> None:
    assert len(shipped) >= 26
    for series in shipped.values():
        assert series.unit
        assert len(series.rule) > 3
        assert all(
            point.low is not None or point.high is not None or point.value is not None
            for point in series.points
        )
