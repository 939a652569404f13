"""What a scenario's types cannot say: names that exist, sums, orders of dates, sizes, support."""

from __future__ import annotations

from collections.abc import Iterator

from exitvoice.documents import Locator, Tree
from exitvoice.errors import Mistake
from exitvoice.scenario.checks.drivers import check_drivers
from exitvoice.scenario.checks.parameters import check_parameters
from exitvoice.scenario.checks.people import check_people
from exitvoice.scenario.checks.rules import check_rules
from exitvoice.scenario.checks.size import check_size
from exitvoice.scenario.checks.support import check_support_given
from exitvoice.scenario.draft import Draft


def check_all(tree: Tree, locator: Locator) -> Iterator[Mistake]:
    """Yield every mistake that the types did not show."""
    draft = Draft(tree, locator)
    for check in (
        check_size,
        check_people,
        check_rules,
        check_drivers,
        check_parameters,
        check_support_given,
    ):
        yield from check(draft)
