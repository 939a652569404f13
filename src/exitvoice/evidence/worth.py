"""What a ledger is worth: how much of it was read, on how many origins it stands, and what the checks found."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from exitvoice.evidence.checks import Finding, run_checks
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.origins import independent_origins
from exitvoice.evidence.summary import statement_origins


@dataclass(frozen=True)
class Worth:
    """A ledger in numbers.

    Attributes
    ----------
    sources, origins, relays : int
        Voices in all; those that repeat nobody; those that do.
    statements, claims : int
    by_quality : mapping of str to int
        How many statements were seen, relayed, recalled or derived.
    upgraded : int
        Statements whose mark a look-up improved.
    one_origin, anonymous_only, partisan_only, nobody : int
        Records that rest on one origin, on anonymous ones alone, on partisan ones alone, on none.
    findings : tuple of Finding
    """

    sources: int
    origins: int
    relays: int
    statements: int
    claims: int
    by_quality: Mapping[str, int]
    upgraded: int
    one_origin: int
    anonymous_only: int
    partisan_only: int
    nobody: int
    findings: tuple[Finding, ...]

    @property
    def by_check(self) -> Mapping[str, tuple[Finding, ...]]:
        """Findings by check, in the order of the checks."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.check, []).append(finding)
        return {check: tuple(group) for check, group in found.items()}


def assess(ledger: Ledger, *, today: date) -> Worth:
    """Say what a ledger is worth on a day.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> worth = assess(load_ledger(), today=date(2026, 1, 1))
    >>> worth.origins < worth.sources, worth.claims
    (True, 30)
    """
    sources = ledger.sources
    behind = [statement_origins(ledger, one) for one in ledger.statements.values()]
    behind += [independent_origins(ledger, one.sources) for one in ledger.claims.values()]
    statements = ledger.statements.values()
    return Worth(
        sources=len(sources),
        origins=sum(not source.relays for source in sources.values()),
        relays=sum(bool(source.relays) for source in sources.values()),
        statements=len(ledger.statements),
        claims=len(ledger.claims),
        by_quality=Counter(one.quality for one in statements),
        upgraded=sum(one.upgraded_from is not None for one in statements),
        one_origin=sum(len(origins) == 1 for origins in behind),
        anonymous_only=sum(
            bool(origins) and all(sources[name].anonymous for name in origins) for origins in behind
        ),
        partisan_only=sum(
            bool(origins) and all(sources[name].partisan for name in origins) for origins in behind
        ),
        nobody=sum(not origins for origins in behind),
        findings=run_checks(ledger, today=today),
    )
