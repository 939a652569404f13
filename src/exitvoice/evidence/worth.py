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
    sources, found = ledger.sources, counted(ledger)
    return Worth(
        sources=len(sources),
        origins=len(found["origins"]),
        relays=len(found["relays"]),
        statements=len(ledger.statements),
        claims=len(ledger.claims),
        by_quality=Counter(one.quality for one in ledger.statements.values()),
        upgraded=len(found["upgraded"]),
        one_origin=len(found["one_origin"]),
        anonymous_only=len(found["anonymous_only"]),
        partisan_only=len(found["partisan_only"]),
        nobody=len(found["nobody"]),
        findings=run_checks(ledger, today=today),
    )


def counted(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return what each number of `Worth` counts: ids of sources or records, by the number's name.

    Qualities stand beside them by their own word.
    """
    sources, statements = ledger.sources, ledger.statements
    behind = {name: statement_origins(ledger, one) for name, one in statements.items()}
    behind |= {name: independent_origins(ledger, one.sources) for name, one in ledger.claims.items()}
    found = {
        "origins": [name for name, source in sources.items() if not source.relays],
        "relays": [name for name, source in sources.items() if source.relays],
        "upgraded": [name for name, one in statements.items() if one.upgraded_from is not None],
        "one_origin": [name for name, ends in behind.items() if len(ends) == 1],
        "nobody": [name for name, ends in behind.items() if not ends],
        "anonymous_only": [
            name for name, ends in behind.items() if ends and all(sources[end].anonymous for end in ends)
        ],
        "partisan_only": [
            name for name, ends in behind.items() if ends and all(sources[end].partisan for end in ends)
        ],
    }
    for name, one in statements.items():
        found.setdefault(str(one.quality), []).append(name)
    return {name: tuple(ids) for name, ids in found.items()}
