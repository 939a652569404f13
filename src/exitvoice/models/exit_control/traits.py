"""Fixed traits of a person: drawn by the random function, which answers the same whenever it is asked.

Traits that are seldom needed are recomputed each time. Those that expression asks for several times a step
are drawn once (persons/character.py) and kept as levels, whole numbers of 5 to 8 bits: what is kept is the
trait's own scale, not the draw behind it, so that tails stay (docs/design-notes/traits-kept-as-levels.md).
"""

from exitvoice.engine.mathematics import exponential, logistic, power
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.rule import rule

SHARE_LEVELS, SCRUPLE_LEVELS, TASTE_LEVELS = 256.0, 64.0, 32.0
# the farthest draws that are told apart; one in 150,000 lies beyond, and is held there
FARTHEST = 4.5  # standard deviations of a normal draw
FARTHEST_LOGIT = 12.0  # of a standard logistic draw

# Fresh draws a step, and fixed draws a life; the order is the stream, so new names go to the end.
FRESH = (
    "u_career",
    "u_document",
    "u_list",
    "u_journey",
    "u_outcome",
    "u_discipline",
    "u_choice",
)
SHARED = ("u_revision",)  # by the members of a team
FIXED = (
    "u_wish",
    "u_baseline",
    "u_first_document",
    "u_exposure",
    "u_ties",
    "u_conceal",
    "u_kin",
    "u_candour",
    "u_scruple",
    "u_taste_withdrawn",
    "u_taste_dissent",
    "u_rank",
    "u_service",
    "u_risk",  # in the block of candour, scruple and tastes: expression then needs one block fewer
)


@rule(writes=("ties",))
def ties(u_ties, ties_share):
    """Whether a person has ties abroad; a share of persons (assumed)."""
    return u_ties < ties_share


@rule(writes=("wish",))
def wish(wish_level):
    """Value of leaving w in (0, 1): the middle of its level."""
    return (real(integer(wish_level)) + 0.5) / SHARE_LEVELS


@rule(writes=("exposure",))
def exposure(u_exposure, rank, exposure_odds, exposure_odds_rank):
    """What an inspection would find, v = u / (u + c (1-u)) in [0, 1]: odds of a uniform divided by c.

    c = exposure_odds - rank steps; c = 1 is uniform, c = 4.5 has mean .27.
    """
    divisor = exposure_odds - exposure_odds_rank * real(integer(rank))
    return u_exposure / (u_exposure + divisor * (1.0 - u_exposure))


@rule(writes=("baseline",))
def baseline(baseline_level, sector_logit, unit_leaning, opposition_shift, opposition_spread_person):
    """Baseline opposition h0: logit h0 = sector + shift + unit's leaning + s z, z a standard logistic draw.

    s = sd sqrt(3) / pi gives logit h0 the standard deviation sd (a logistic draw, close to a normal one).
    A unit's members resemble each other; the prototypes found that the clustering moves cascades little
    and reports much.
    """
    z = (real(integer(baseline_level)) + 0.5) * (2.0 * FARTHEST_LOGIT / SHARE_LEVELS) - FARTHEST_LOGIT
    return logistic(
        sector_logit + opposition_shift + unit_leaning + 0.55132890 * opposition_spread_person * z
    )


@rule(writes=("risk_aversion",))
def risk_aversion(risk_level):
    """R in (0, 1): the middle of its level."""
    return (real(integer(risk_level)) + 0.5) / SHARE_LEVELS


@rule(writes=("candour",))
def candour(candour_level, candour_median, candour_spread):
    """Cost of falsifying e, lognormal; its median 1 is the unit of utility."""
    z = (real(integer(candour_level)) + 0.5) * (2.0 * FARTHEST / SHARE_LEVELS) - FARTHEST
    return candour_median * exponential(candour_spread * z)


@rule(writes=("scruple",))
def scruple(scruple_level, scruple_spread):
    """Scruple k, lognormal with median 1: what it costs to flatter for a career."""
    z = (real(integer(scruple_level)) + 0.5) * (2.0 * FARTHEST / SCRUPLE_LEVELS) - FARTHEST
    return exponential(scruple_spread * z)


@rule(writes=("relative", "faction"))
def allegiance(u_kin, kin_share, faction_share):
    """Whether a person is a relative of a listed one, and which faction (0 or 1) they belong to.

    One draw serves both: given the first answer, the rest of the draw is again uniform.
    """
    is_kin = u_kin < kin_share
    rest = u_kin / kin_share if is_kin else (u_kin - kin_share) / (1.0 - kin_share)
    return is_kin, rest < faction_share


@rule(writes=("taste_withdrawn", "taste_dissent"))
def tastes(taste_withdrawn_level, taste_dissent_level, taste_scale, taste_fixed_share):
    """Fixed tastes for withdrawing and for dissent against loyalty, utility.

    Uniform with the variance of a Gumbel draw (pi**2/6): the prototypes found no difference between
    the two, and it needs no logarithm.
    """
    # a uniform on (-1/2, 1/2) has variance 1/12; sqrt(12 * pi**2 / 6) = 4.4429
    width = 4.4428829 * taste_scale * power(taste_fixed_share, 0.5) / TASTE_LEVELS
    middle = 0.5 * TASTE_LEVELS - 0.5
    withdrawn = real(integer(taste_withdrawn_level)) - middle
    return width * withdrawn, width * (real(integer(taste_dissent_level)) - middle)
