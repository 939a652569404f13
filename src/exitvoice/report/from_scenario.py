"""The scenario as rows: its rules in words, and every number that goes in with what it rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from exitvoice.evidence import Ledger
from exitvoice.report import numbers
from exitvoice.report.from_ledger import cite
from exitvoice.report.rows import AssumptionRow, RuleRow
from exitvoice.scenario import Scenario, load_priors
from exitvoice.scenario.people import Office, Sector
from exitvoice.scenario.rules import AppliesTo, Rule
from exitvoice.scenario.support import supports

_SERVICE = {"serving": "serving", "retired": "retired", "all": "serving and retired"}
_FIGURES_OF_A_SECTOR = (
    ("retired_share", "retired, share", "share"),
    ("opposition", "mean private opposition", "share"),
    ("travel", "wish to travel, times the mean", "1"),
    ("document_share", "hold a passport at the start", "share"),
)
_FIGURES_OF_AN_OFFICE = (
    ("decisions_per_week_per_1000", "decisions a week, per 1,000 persons", "1/week"),
    ("handling_weeks", "mean handling time", "weeks"),
    ("refusal", "refusals, lowest rank", "share"),
    ("refusal_by_rank", "more refusals a rank higher", "share"),
    ("opacity", "opacity", "share"),
)


def rule_rows(scenario: Scenario, ledger: Ledger) -> tuple[RuleRow, ...]:
    """Return the rules in the order in which people learnt of them."""
    titles = _titles(scenario)
    rows = [
        RuleRow(
            id=rule.id,
            title=rule.title,
            announced=rule.announced,
            start=rule.start,
            until=rule.until,
            who=_who(rule.applies_to, titles),
            what=_what(rule, titles),
            sources=_basis(rule.evidence, rule.assumed, ledger),
        )
        for rule in scenario.rules
    ]
    return tuple(sorted(rows, key=lambda row: (str(row.announced or row.start), row.id)))


def assumption_rows(scenario: Scenario, ledger: Ledger) -> tuple[AssumptionRow, ...]:
    """Return every number of sectors, offices and parameters with its range and what it rests on."""
    return (
        *_sector_rows(scenario.sectors, ledger),
        *_office_rows(scenario, ledger),
        *_parameter_rows(scenario, ledger),
    )


def rests_on(scenario: Scenario, ledger: Ledger) -> bool:
    """Tell whether a scenario names any evidence of the ledger; an invented country names none."""
    return any(name in ledger for block in supports(scenario).values() for name in block.evidence)


def named(scenario: Scenario, ledger: Ledger) -> tuple[str, ...]:
    """Return the records that a scenario and the priors name, and every claim where any is named."""
    found = [name for block in supports(scenario).values() for name in block.evidence]
    found += [name for prior in load_priors().values() for name in prior.evidence]
    return tuple(dict.fromkeys((*found, *(ledger.claims if rests_on(scenario, ledger) else ()))))


def grouped(rows: Iterable[AssumptionRow]) -> tuple[tuple[str, tuple[AssumptionRow, ...]], ...]:
    """Put the rows together by group, in the order of their first row."""
    groups: dict[str, list[AssumptionRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return tuple((name, tuple(members)) for name, members in groups.items())


def _sector_rows(sectors: Sequence[Sector], ledger: Ledger) -> Iterator[AssumptionRow]:
    for sector in sectors:
        low, high = sector.persons.interval
        sources, assumed = cite(ledger, sector.evidence), sector.assumed or ""
        yield AssumptionRow(
            group="Sectors: head-counts",
            title=sector.title,
            symbol="",
            value=numbers.value(sector.persons.value),
            unit="persons",
            range=_range(low, high),
            is_changed=False,
            sources=sources,
            assumed=assumed,
            trace=f"part/sectors.{sector.name}",
        )
    for name, title, unit in _FIGURES_OF_A_SECTOR:
        yield AssumptionRow(
            group="Sectors: other figures",
            title=title,
            symbol="",
            value=_spread([float(getattr(sector, name)) for sector in sectors]),
            unit=unit,
            range="",
            is_changed=False,
            sources=(),
            assumed="by sector; see the scenario below",
            trace="persons/all",
        )


def _office_rows(scenario: Scenario, ledger: Ledger) -> Iterator[AssumptionRow]:
    for office in scenario.offices:
        for name, title, unit in _FIGURES_OF_AN_OFFICE:
            yield _office_row(
                office, ledger, title=f"{office.title}: {title}", unit=unit, number=getattr(office, name)
            )
    issuing = scenario.issuing
    yield AssumptionRow(
        group="Offices",
        title="Issue of documents a week, per 1,000 persons",
        symbol="",
        value=numbers.value(issuing.documents_per_week_per_1000),
        unit="1/week",
        range="",
        is_changed=False,
        sources=cite(ledger, issuing.evidence),
        assumed=issuing.assumed or "",
        trace="part/issuing",
    )


def _office_row(office: Office, ledger: Ledger, *, title: str, unit: str, number: float) -> AssumptionRow:
    return AssumptionRow(
        group="Offices",
        title=title,
        symbol="",
        value=numbers.value(float(number)),
        unit=unit,
        range="",
        is_changed=False,
        sources=cite(ledger, office.evidence),
        assumed=office.assumed or "",
        trace=f"part/offices.{office.name}",
    )


def _parameter_rows(scenario: Scenario, ledger: Ledger) -> Iterator[AssumptionRow]:
    for name, prior in load_priors().items():
        override = scenario.parameters.get(name)
        basis = prior if override is None or not override.is_supported else override
        yield AssumptionRow(
            group=f"Parameters: {prior.mechanism.replace('_', ' ')}",
            title=prior.title,
            symbol=prior.symbol or "",
            value=numbers.value(scenario.values[name]),
            unit="" if prior.unit == "1" else prior.unit,
            range=_range(prior.low, prior.high),
            is_changed=override is not None,
            sources=cite(ledger, basis.evidence),
            assumed=basis.assumed or "",
            trace=f"parameter/{name}",
        )


def _titles(scenario: Scenario) -> Mapping[str, str]:
    titles = {region.name: region.title for region in scenario.regions}
    titles |= {office.name: office.title for office in scenario.offices}
    titles |= {sector.name: sector.title for sector in scenario.sectors}
    return titles | {rank.name: rank.title for rank in scenario.ranks}


def _who(whom: AppliesTo, titles: Mapping[str, str]) -> str:
    parts = [
        _named(whom.sectors, titles, "all sectors"),
        _named(whom.ranks, titles, "all ranks"),
        _named(whom.regions, titles, ""),
        _SERVICE[whom.service],
        f"within {whom.years_since_office:g} years of leaving office" if whom.years_since_office else "",
        "with a listed relative" if whom.relatives_of_listed else "",
    ]
    return "; ".join(part for part in parts if part)


def _named(names: tuple[str, ...] | None, titles: Mapping[str, str], everyone: str) -> str:
    return everyone if names is None else ", ".join(titles.get(name, name) for name in names)


def _what(rule: Rule, titles: Mapping[str, str]) -> str:
    chain = (
        " then ".join(titles.get(office, office) for office in rule.approval.chain) if rule.approval else ""
    )
    parts = [
        "may not leave" if rule.ban else "",
        f"needs approval ({chain}{'; no reasons given' if rule.approval.opaque else ''})"
        if rule.approval
        else "",
        f"hands in documents within {rule.custody.within_days} days" if rule.custody else "",
        "documents are made invalid" if rule.invalidate else "",
        _times_a_year(rule.trips_per_year),
        f"{rule.max_days} days a trip at most" if rule.max_days is not None else "",
        f"documents back within {rule.reporting_days} days" if rule.reporting_days is not None else "",
        f"still bound for {rule.cooling_off_years:g} years after office" if rule.cooling_off_years else "",
    ]
    return "; ".join(part for part in parts if part) or "is registered"


def _times_a_year(trips: int | None) -> str:
    if trips is None:
        return ""
    return ("no visits", "one trip a year", "two trips a year")[trips]


def _basis(evidence: Sequence[str], assumed: str | None, ledger: Ledger) -> tuple[str, ...]:
    return (*cite(ledger, evidence), *((f"assumed: {assumed}",) if assumed else ()))


def _range(low: float, high: float) -> str:
    return "fixed" if low == high else f"{numbers.value(low)} to {numbers.value(high)}"


def _spread(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return numbers.value(low) if low == high else f"{numbers.value(low)} to {numbers.value(high)}"
