"""What is counted of each person; observers draw nothing and change nothing.

Stocks (`standing`, `under_way`, `feelings`) are counted when a step begins, under the rules of that step;
what is shown (`display`) after each round of expression; what happened is counted where it happens.
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
        "is_covered",
        "document_held",
        "has_document",
        "is_listed",
        "unfree",
    )
)
def standing(
    service,
    journey,
    document,
    restricted,
    listed_covered,
    listed_applied,
    listed_sanctioned,
    listed_error,
):
    """Where a person stands towards the state.

    unfree: may not leave when they wish to: a rule demands permission, or they are listed as sanctioned
    or by error, or their document is held or void, or they are in custody.
    """
    person = service != VACANT
    held = person & (document == SURRENDERED)
    listed = person & ((listed_covered + listed_applied + listed_sanctioned + listed_error) > 0)
    blocked = restricted | held | (journey == CAUGHT) | (document == INVALID)
    blocked = blocked | (listed_sanctioned + listed_error > 0)
    return (
        person,
        service == SERVING,
        service == RETIRED,
        person & restricted,
        held,
        person & ((document == VALID) | (document == WITHHELD) | (document == LENT)),
        listed,
        person & blocked,
    )


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
        "counted",
        "serving_loyal",
        "serving_withdrawn",
        "serving",
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
        person,
        serving & (expression == LOYAL),
        serving & (expression == WITHDRAWN),
        serving,
    )


@rule(writes=("opposition_held",))
def feelings(opposition, service):
    """Opposition of those who hold a post, 0 for an empty one."""
    return 0.0 if service == VACANT else opposition
