"""What each figure of a report shows: its key and its title, as a reader sees them, and the variables behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """A figure of the report of one run, and the variables of a run that it is drawn from."""

    key: str
    title: str
    variables: tuple[str, ...]


_GAP = ("opposed", "withdrawn", "dissent", "falsifiers")

SHOWN: tuple[Shown, ...] = (
    Shown("cost-by-year", "The cost, year by year", ("unfree_person_years",)),
    Shown("cost-by-sector", "Whom it falls on", ("unfree_person_years",)),
    Shown("coverage", "How many were bound, and in which sector", ("covered",)),
    Shown("rules", "The rules, and how widely they were applied", ("rule_coverage",)),
    Shown("applications", "Asking for permission", ("applications", "grants", "refusals", "withdrawals")),
    Shown("waits", "Waiting", ("mean_wait_weeks",)),
    Shown(
        "departures",
        "Going abroad",
        ("departures_permitted", "departures_free", "departures_disobedient", "returned"),
    ),
    Shown("stays", "Staying away", ("overstayed", "left_for_good", "fled")),
    Shown("border", "Held at the border", ("stopped", "wrongly_stopped", "caught")),
    Shown("discipline", "Discipline", ("investigated", "sanctioned", "reported")),
    Shown("falsification", "The falsification gap", _GAP),
    Shown("falsification-now", "The gap by sector", _GAP[:3]),
    Shown("falsification-by-sector", "False loyalty by sector, over time", ("falsifiers",)),
    Shown("falsification-by-rank", "False loyalty by rank", ("falsifiers",)),
    Shown("expression", "What people show", ("dissent", "withdrawn", "loyal")),
    Shown(
        "belief",
        "Belief against truth",
        ("true_opposition", "believed_opposition", "reported_opposition", "believed_sd"),
    ),
    Shown("control", "How tight, and how alarmed", ("control", "perceived_crisis", "elite_conflict")),
    Shown(
        "incidents",
        "Open dissent, incidents and loss of control, by region",
        ("dissent_share", "incident", "loss_of_control"),
    ),
)


def find_shown(name: str) -> Shown | None:
    """Return the figure of this key or title, however it is written; None where there is none.

    Examples
    --------
    >>> find_shown("the falsification gap").key
    'falsification'
    """
    wanted = name.strip().casefold()
    return next((one for one in SHOWN if wanted in (one.key, one.title.casefold())), None)
