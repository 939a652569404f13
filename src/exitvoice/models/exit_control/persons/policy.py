"""What the rules in force ask of a person: the policy word of the person's class, unpacked."""

from exitvoice.engine.primitives import has_bit, integer, real
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import EARLIEST, FREE_WORD, RETIRED, VACANT


@rule(writes=("policy_index",))
def places(service, clock, rank, kin, office_first, office_second, step):
    """Places in the tables by class and rank, as they stand when the step begins.

    The policy's place is relative (2) x class (4) x rank (4). Class 0 serves; 1, 2 and
    3 left office less than `office_first`, less than `office_second`, or more steps ago. A promotion
    therefore changes which rules bind from the next step on.
    """
    ago = real(integer(step + EARLIEST - clock))
    passed = integer(ago >= office_first) + integer(ago >= office_second)
    row = 1 + passed if service == RETIRED else 0
    # no place may depend on a random draw: LLVM would keep all that leads to it from vectorising
    return kin * 16 + row * 4 + rank


@rule(writes=("policy_row",))
def row(policy_start):
    """Row of the tables whose words a unit lives by: 32 places each."""
    return policy_start >> 5


@rule(writes=("restricted", "custody", "invalidate"))
def binding(service, policy_index, restricted_places, custody_places, invalid_places):
    """What `demands` says of these three, from a bit a place: the filter need not fetch each member's word."""
    asked = service != VACANT
    return (
        asked & has_bit(restricted_places, policy_index),
        asked & has_bit(custody_places, policy_index),
        asked & has_bit(invalid_places, policy_index),
    )


@rule(writes=("chain", "office_index", "office_rank"))
def office(policy_word, stage, rank):
    """Chain of offices asked, and place of the office reached: chain (8) x stage (4), then x rank (4)."""
    chain = (policy_word >> 24) & 7
    place = chain * 4 + (stage if stage < 3 else 3)
    return chain, place, place * 4 + rank


@rule(writes=("policy_force",))
def force(policy_timing):
    """Share of the step for which the newest rule that binds is in force, from the lower 16 bits."""
    return real(integer(policy_timing & 65535)) * 1.5259022e-05


@rule(
    writes=(
        "approval",
        "ban",
        "custody",
        "invalidate",
        "opaque",
        "trips_allowed",
        "custody_days",
        "longest_trip",
        "reporting_days",
        "restricted",
    )
)
def demands(policy_word, service):
    """Unpack the word that the compiled rules give (bits: see exitvoice.scenario.policy).

    `restricted`: a rule binds, so that leaving needs permission (where no office is named, on request).
    """
    word = FREE_WORD if service == VACANT else policy_word  # an empty post: nothing asked, trips unlimited
    return (
        (word & 2) > 0,
        (word & 4) > 0,
        (word & 8) > 0,
        (word & 16) > 0,
        (word & 32) > 0,
        (word >> 6) & 3,
        (word >> 8) & 255,
        (word >> 16) & 255,
        (word >> 27) & 31,
        (word & 31) > 0,
    )
