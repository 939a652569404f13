"""The order of the page: what stands in which chapter, the human cost first."""

from collections.abc import Sequence
from dataclasses import dataclass

from exitvoice.report.figures import (
    belief,
    control,
    coverage,
    expression,
    falsification,
    human_cost,
    incidents,
    leaving,
    rules,
)
from exitvoice.report.figures.base import TOO_FEW, Material, Panel
from exitvoice.report.rows import AssumptionRow


@dataclass(frozen=True)
class Chapter:
    """A chapter of the page; `key` is its address inside the page, `short` its name in the contents.

    Paragraphs of `intro` are parted by an empty line.
    """

    key: str
    title: str
    short: str
    intro: str = ""
    panels: tuple[Panel, ...] = ()


def chapters(material: Material, *, claims: str, assumptions: Sequence[AssumptionRow]) -> tuple[Chapter, ...]:
    """Return the chapters of the report of one run; `claims` are the words before the claims."""
    return (
        Chapter(
            "cost",
            "The human cost",
            "The human cost",
            "",
            (human_cost.by_year(material), human_cost.by_sector(material)),
        ),
        Chapter("model", "What this model is, and what it is not", "What the model is and is not"),
        Chapter(
            "rules-and-persons",
            "Who was under which rule, when",
            "Who was bound, when",
            "A rule is dated, names sectors, ranks and regions, and is applied by a share of the units. Where several "
            "bind the same person, the strictest counts, field by field.",
            (coverage.panel(material), rules.panel(material)),
        ),
        Chapter(
            "leaving",
            "Asking, waiting, leaving, being held",
            "Asking, leaving, being held",
            "Weekly counts are summed over quarters, a week across the end of a quarter being shared out by days.",
            (
                leaving.applications(material),
                leaving.waits(material),
                leaving.departures(material),
                leaving.stays(material),
                leaving.border(material),
                incidents.discipline(material),
            ),
        ),
        Chapter(
            "thought-and-shown",
            "What people think, and what they show",
            "Thought and shown",
            "To be opposed in private and to perform loyalty is preference falsification. The gap is what the state "
            "cannot see, and what an observer cannot read from calm.",
            (
                falsification.nation(material),
                falsification.strata(material),
                falsification.by_sector(material),
                falsification.by_rank(material),
                expression.panel(material),
            ),
        ),
        Chapter(
            "leadership", "What the leadership believes", "Belief and truth", "", (belief.panel(material),)
        ),
        Chapter(
            "control-and-crisis",
            "Control and perceived crisis",
            "Control and crisis",
            "",
            (control.panel(material),),
        ),
        Chapter("breaks", "What breaks", "Incidents, loss of control", "", (incidents.panel(material),)),
        Chapter("claims", "The claims, and on whose word they stand", "The claims", claims),
        Chapter("evidence", "What the evidence is worth", "What the evidence is worth", _EVIDENCE),
        Chapter("assumptions", "What goes in", "Assumptions", _assumptions(assumptions)),
        Chapter("strata", "Strata too few to read", "Too few to read", _strata()),
        Chapter("again", "How to make this again", "Make it again"),
    )


def _assumptions(rows: Sequence[AssumptionRow]) -> str:
    sourced = sum(bool(row.sources) for row in rows)
    bare = len(rows) - sourced
    return (
        f"Of {len(rows)} numbers, {sourced} rest on a source and {bare} are assumed outright. A range is what was "
        "judged plausible; one run shows one point of it."
    )


def _strata() -> str:
    return (
        f"A stratum with fewer than 30 simulated persons is marked {TOO_FEW} wherever it appears, and is too few to "
        "read: its curves are chance. The cure is a larger scale; scale 1 simulates one person for each real one."
    )


_EVIDENCE = (
    "Statements and claims that this world rests on, counted by independent origin, and what the checks found in them; "
    "an invented world rests on none. Point at a name or a dot for the source; open a row for its chain, a finding for "
    "its records."
)
