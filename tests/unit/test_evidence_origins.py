"""Outlets are not origins: relays are followed to their ends."""

import pytest

from exitvoice.evidence import (
    Ledger,
    Source,
    claim_rows,
    find_relay_cycle,
    independent_origins,
    load_ledger,
    relays_of,
    statement_rows,
)

SIX_RELAYS = (
    "rfa-2024-06-06",
    "renminbao-2024-06-07",
    "ghytv-2024-06",
    "taiwan-daily-2024-06",
    "ntd-epoch-2024-06",
    "source-article-report",
)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def test_six_relays_of_one_report_count_once(ledger: Ledger) -> None:
    assert independent_origins(ledger, SIX_RELAYS) == {"scmp-2024-06-06"}
    assert set(SIX_RELAYS) <= set(relays_of(ledger, "scmp-2024-06-06"))


def test_without_relays_the_six_would_count_six_times(ledger: Ledger) -> None:
    """Negative control: the count of one comes from the relays and from nothing else."""
    cut = {name: source.model_copy(update={"relays": ()}) for name, source in ledger.sources.items()}
    assert len(independent_origins(Ledger(cut, ledger.claims, ledger.statements), SIX_RELAYS)) == 6


def test_a_claim_with_six_outlets_has_one_origin_and_three_confirmations(ledger: Ledger) -> None:
    (row,) = claim_rows(ledger, ["C2"])
    assert row.outlets == 6
    assert row.origins == {"scmp-2024-06-06"}
    assert row.corroborating == {"reuters-2023-10-17", "ft-2024-10-07", "nyt-2025-08"}


def test_a_source_that_repeats_two_has_both_origins() -> None:
    sources = {
        "first": Source(id="first", title="a", publisher="a", kind="news"),
        "second": Source(id="second", title="b", publisher="b", kind="news"),
        "both": Source(id="both", title="c", publisher="c", kind="compilation", relays=("first", "second")),
        "copy": Source(id="copy", title="d", publisher="d", kind="compilation", relays=("both", "first")),
    }
    tiny = Ledger(sources=sources, claims={}, statements={})
    assert independent_origins(tiny, ["copy"]) == {"first", "second"}
    assert independent_origins(tiny, []) == frozenset()
    with pytest.raises(KeyError):
        independent_origins(tiny, ["nobody"])


def test_a_long_chain_of_relays_is_followed() -> None:
    length = 5000
    sources = {
        f"s{step}": Source(
            id=f"s{step}",
            title="t",
            publisher="p",
            kind="news",
            relays=(f"s{step + 1}",) if step < length else (),
        )
        for step in range(length + 1)
    }
    assert independent_origins(Ledger(sources, {}, {}), ["s0"]) == {f"s{length}"}
    assert find_relay_cycle({name: source.relays for name, source in sources.items()}) is None


@pytest.mark.parametrize(
    ("links", "cycle"),
    [
        ({"a": ["a"]}, ("a", "a")),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ("b", "c", "b")),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, None),
        ({"a": ["nobody"]}, None),
    ],
)
def test_cycles_are_found_and_diamonds_are_not_cycles(
    links: dict[str, list[str]], cycle: tuple[str, ...] | None
) -> None:
    assert find_relay_cycle(links) == cycle


def test_the_drift_of_the_media_claim_is_noted(ledger: Ledger) -> None:
    """One media group became a class of media groups on the way; the ledger says so and counts one origin."""
    (row,) = claim_rows(ledger, ["C8"])
    assert row.claim.drift is not None
    assert len(row.origins) == 1


def test_a_whole_series_of_one_agency_has_one_origin(ledger: Ledger) -> None:
    years = [f"ccdi-punished-{year}" for year in (2015, 2017, 2021, 2023, 2024, 2025)]
    origins = frozenset[str]().union(*(row.origins for row in statement_rows(ledger, years)))
    assert origins == {"ccdi"}


def test_a_derived_statement_has_the_origins_of_its_parents(ledger: Ledger) -> None:
    (row,) = statement_rows(ledger, ["population-frontier-2020"])
    assert row.statement.quality == "derived"
    assert row.origins == {"census-2020"}


def test_a_claim_that_only_partisan_origins_assert_is_marked(ledger: Ledger) -> None:
    rows = {row.claim.id: row for row in claim_rows(ledger)}
    assert rows["C21"].is_partisan_only
    assert not rows["C2"].is_partisan_only
