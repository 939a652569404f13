"""The variables of a run: name, unit, long name and where each comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One recorded variable; `tally` names the count it is taken from, where it is one."""

    name: str
    unit: str
    long_name: str
    source: str
    tally: str = ""


def _stocks(mechanism: str, *rows: tuple[str, str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(n, "persons", text, f"exit_control/{mechanism}", t) for n, t, text in rows)


def _flows(mechanism: str, *rows: tuple[str, str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(n, "persons per step", text, f"exit_control/{mechanism}", t) for n, t, text in rows)


#: By time, sector and rank: persons as they stand when the step begins, under its rules.
STOCKS = (
    *_stocks(
        "persons/career",
        ("persons", "person", "Persons who hold a post or a pension"),
        ("serving", "is_serving", "Serving persons"),
        ("retired", "is_retired", "Retired persons"),
    ),
    *_stocks(
        "persons/policy",
        ("covered", "is_covered", "Persons who may leave only with permission"),
    ),
    *_stocks(
        "persons/document",
        ("documents_held", "document_held", "Travel documents held by the state"),
        ("with_document", "has_document", "Persons with a travel document in hand"),
    ),
    *_stocks("persons/watchlist", ("listed", "is_listed", "Persons on the border's watchlist")),
)

#: The same of those under way.
AWAY = (
    *_stocks(
        "persons/journey",
        ("permitted", "is_permitted", "Persons with a permit not yet used"),
        ("abroad", "is_abroad", "Persons abroad on a trip"),
        ("in_custody", "in_custody", "Persons in custody"),
    ),
)

#: By time, sector and rank: what happened in the step.
FLOWS = (
    *_flows(
        "persons/journey",
        ("applications", "seeks", "Applications to travel or to leave"),
        ("grants", "granted", "Applications granted"),
        ("grants_leave", "granted_leave", "Applications to leave granted"),
        ("refusals", "refused", "Applications refused"),
        ("withdrawals", "withdrew", "Applications withdrawn"),
        ("departures_permitted", "departed_permitted", "Departures with a permit"),
        ("departures_free", "departed_free", "Departures of persons under no rule"),
        ("departures_disobedient", "departed_disobedient", "Departures without the permission required"),
        ("overstayed", "overstayed", "Persons who stayed abroad after a trip"),
        ("left_for_good", "left", "Persons who left for good"),
        ("fled", "fled", "Persons who fled"),
        ("caught", "caught_now", "Persons caught fleeing"),
        ("stopped", "stopped", "Persons stopped at the border"),
        ("wrongly_stopped", "wrongly_stopped", "Persons stopped though free to leave"),
        ("returned", "came_back", "Persons back from a trip"),
    ),
    *_flows("persons/document", ("documents_issued", "issued", "Travel documents issued")),
    *_flows(
        "persons/discipline",
        ("investigated", "investigated", "Persons investigated"),
        ("reported", "reported", "Persons reported by informants"),
        ("sanctioned", "sanctioned", "Persons sanctioned"),
    ),
)

#: By time, sector and rank, counted after the last round of expression.
DISPLAYS = _stocks(
    "persons/expression",
    ("loyal", "loyal", "Persons who perform loyalty"),
    ("withdrawn", "withdrawn", "Persons who do the least"),
    ("dissent", "dissent", "Persons in open dissent"),
    ("falsifiers", "falsifier", "Persons opposed in private who perform loyalty"),
    ("opposed", "opposed", "Persons opposed in private (h > 1/2)"),
)

#: By time, sector and rank, derived.
DERIVED = (
    Variable("vacant", "posts", "Vacant posts", "exit_control/persons/career"),
    Variable("applying", "persons", "Persons waiting for a decision", "exit_control/persons/journey"),
    Variable("mean_opposition", "1", "Mean private opposition", "exit_control/persons/opposition"),
    Variable(
        "unfree_person_years",
        "person-years per step",
        "Person-years without freedom to leave",
        "exit_control/persons/observation",
    ),
)

#: By time and sector.
SECTORS = (
    Variable(
        "mean_confidence", "1", "Mean confidence that the order holds", "exit_control/persons/confidence"
    ),
)

#: By time.
NATION = (
    Variable(
        "believed_opposition", "share", "Share opposed as the leadership believes", "institutions/leadership"
    ),
    Variable("believed_sd", "share", "Standard deviation of that belief", "institutions/leadership"),
    Variable("true_opposition", "share", "Share opposed in the model", "persons/opposition"),
    Variable(
        "reported_opposition",
        "share",
        "Share opposed as reported to the top",
        "institutions/reporting",
    ),
    Variable("perceived_crisis", "1", "Crisis as the leadership perceives it", "institutions/control"),
    Variable("control", "1", "Level of control", "institutions/control"),
    Variable("elite_conflict", "1", "Conflict in the elite", "institutions/inspection"),
    Variable("seen_dissent", "share", "Open dissent in the nation", "persons/expression"),
    Variable(
        "mean_wait_weeks",
        "weeks",
        "Mean wait for a decision (waiting / decided)",
        "institutions/offices",
    ),
    Variable(
        "hope_visit", "probability", "Chance, as hoped, of a trip within a year", "institutions/offices"
    ),
    Variable(
        "hope_leave", "probability", "Chance, as hoped, of leaving within a year", "institutions/offices"
    ),
)

#: By time and region.
REGIONS = (
    Variable("enforcement", "enforcers per head", "Enforcers who obey", "institutions/enforcement"),
    Variable("dissent_share", "share", "Share in open dissent", "persons/expression"),
    Variable("incident", "1", "Incident in force", "institutions/incidents"),
    Variable("loss_of_control", "0 or 1", "Control lost in this step", "institutions/loss_of_control"),
    Variable(
        "background_exits", "persons per step", "Exits of everybody under no rule", "institutions/background"
    ),
    Variable(
        "background_passports",
        "documents per step",
        "Passports issued to the others",
        "institutions/background",
    ),
)

#: By time and rule.
RULES = (
    Variable("rule_coverage", "share", "Share of the persons it applies to who are bound", "scenario/rules"),
)

#: All of them.
EVERY = (*STOCKS, *AWAY, *FLOWS, *DISPLAYS, *DERIVED, *SECTORS, *NATION, *REGIONS, *RULES)
