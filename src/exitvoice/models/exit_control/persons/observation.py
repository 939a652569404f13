"""What is counted of each person; observers draw nothing and change nothing.

Where persons stand (`standing`) and what they show (`display`) are running counts: counted whole once, when a
run begins, and then by what each stage changes. What the rules of a step ask (`freedom`, `feelings`) is counted
when the step begins; those under way (`under_way`) and what happened where it happens.
"""

from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    CAUGHT,
    DISSENT,
    INVALID,
    LENT,
    LOYAL,
    PERMITTED,
    RETIRED,
    SERVING,
    SURRENDERED,
    VACANT,
    VALID,
    WITHDRAWN,
    WITHHELD,
)


@rule(
    writes=(
        "person",
        "is_serving",
        "is_retired",
        "document_held",
        "has_document",
        "is_listed",
    )
)
def standing(service, document, listed_covered, listed_applied, listed_sanctioned, listed_error):
    """Where a person stands towards the state, whatever the rules of the day."""
    person = service != VACANT
    return (
        person,
        service == SERVING,
        service == RETIRED,
        person & (document == SURRENDERED),
        person & ((document == VALID) | (document == WITHHELD) | (document == LENT)),
        person & ((listed_covered + listed_applied + listed_sanctioned + listed_error) > 0),
    )


@rule(writes=("is_covered", "unfree"))
def freedom(service, journey, document, restricted, listed_sanctioned, listed_error):
    """Whether a rule binds a person, and whether they are held.

    unfree: may not leave when they wish to: a rule demands permission, or they are listed as sanctioned
    or by error, or their document is held or void, or they are in custody.
    """
    person = service != VACANT
    blocked = restricted | (document == SURRENDERED) | (journey == CAUGHT) | (document == INVALID)
    blocked = blocked | (listed_sanctioned + listed_error > 0)
    return person & restricted, person & blocked


@rule(
    writes=(
        "is_permitted",
        "is_abroad",
        "in_custody",
        "queue_0",
        "queue_1",
        "queue_2",
        "queue_3",
        "queue_leave",
    )
)
def under_way(service, journey, purpose, stage):
    """Where a person stands on the way out; whoever is not at home is looked at in every step."""
    person = service != VACANT
    applying = person & (journey == APPLYING)
    return (
        person & (journey == PERMITTED),
        person & (journey == ABROAD),
        person & (journey == CAUGHT),
        applying & (stage == 0),
        applying & (stage == 1),
        applying & (stage == 2),
        applying & (stage >= 3),
        applying & (purpose > 0),
    )


@rule(
    writes=(
        "loyal",
        "withdrawn",
        "dissent",
        "falsifier",
        "opposed",
        "serving_loyal",
        "serving_withdrawn",
    )
)
def display(expression, opposition, service):
    """What a person shows, and whether it hides opposition (h > 1/2 and LOYAL)."""
    person = service != VACANT
    serving = service == SERVING
    against = person & (opposition > 0.5)
    loyal = person & (expression == LOYAL)
    return (
        loyal,
        person & (expression == WITHDRAWN),
        person & (expression == DISSENT),
        against & (expression == LOYAL),
        against,
        serving & (expression == LOYAL),
        serving & (expression == WITHDRAWN),
    )


@rule(writes=("opposition_held",))
def feelings(opposition, service):
    """Opposition of those who hold a post, 0 for an empty one."""
    return 0.0 if service == VACANT else opposition
