"""What the rules in force ask of a person: the policy word of the person's class, unpacked."""

from exitvoice.engine.primitives import integer
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import RETIRED, VACANT


@rule(writes=("policy_index", "policy_index_kin", "rank_place"))
def places(service, clock, rank, office_first, office_second):
    """Places in the tables by class and rank, as they stand when the step begins.

    The policy's place is class (4) x rank (4), a relative's follows 16 places on. Class 0 serves; 1, 2 and
    3 left office less than `office_first`, less than `office_second`, or more steps ago. A promotion
    therefore changes which rules bind from the next step on.
    """
    passed = integer(clock >= office_first) + integer(clock >= office_second)
    row = 1 + passed if service == RETIRED else 0
    place = row * 4 + rank
    # no place may depend on a random draw: LLVM would keep all that leads to it from vectorising
    return place, place + 16, rank


@rule(writes=("chain", "office_index", "office_rank"))
def office(policy_word_own, stage, rank):
    """Chain of offices asked, and place of the office reached: chain (8) x stage (4), then x rank (4)."""
    chain = (policy_word_own >> 24) & 7
    place = chain * 4 + (stage if stage < 3 else 3)
    return chain, place, place * 4 + rank


@rule(
    writes=("approval", "ban", "custody", "invalidate", "opaque", "trips_allowed", "custody_days", "longest_trip",
            "reporting_days", "restricted")
)
def demands(policy_word_own, policy_word_kin, kin, service):
    """Unpack the word that the compiled rules give (bits: see exitvoice.scenario.policy).

    `restricted`: approval, ban, custody or invalidation binds, so that leaving needs permission.
    """
    policy_word = policy_word_kin if kin else policy_word_own
    word = 192 if service == VACANT else policy_word  # an empty post: nothing asked, trips unlimited
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
        (word & 30) > 0,
    )
