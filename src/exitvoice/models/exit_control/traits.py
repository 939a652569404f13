"""Fixed traits of a person: recomputed from the random function whenever needed, never stored."""

from exitvoice.engine.mathematics import exponential, logarithm, logistic, normal_quantile, power
from exitvoice.engine.primitives import integer, real, square_root
from exitvoice.engine.rule import rule

# Fresh draws a step, and fixed draws a life; the order is the stream, so new names go to the end.
FRESH = (
    "u_career",
    "u_document",
    "u_list",
    "u_journey",
    "u_outcome",
    "u_discipline",
    "u_revision",
    "u_choice",
)
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
def wish(u_wish, rank, ties, wish_shape, wish_shape_rank, wish_shape_ties):
    """Value of leaving w in [0, 1], rising with rank and with ties abroad.

    w = sqrt(1 - (1-u)^(1/b)), Kumaraswamy's distribution (J. Hydrology 46, 1980) with first shape 2: a
    Beta's shape with a quantile in closed form. b = wish_shape / (1 + rank steps + ties); the default has
    the mean of Beta(2, 4), one third.
    """
    raised = 1.0 + wish_shape_rank * real(integer(rank)) + (wish_shape_ties if ties else 0.0)
    rest = 1.0 - power(1.0 - u_wish, raised / wish_shape)
    return square_root(rest if rest > 0.0 else 0.0)


@rule(writes=("exposure",))
def exposure(u_exposure, rank, exposure_odds, exposure_odds_rank):
    """What an inspection would find, v = u / (u + c (1-u)) in [0, 1]: odds of a uniform divided by c.

    c = exposure_odds - rank steps; c = 1 is uniform, c = 4.5 has mean .27.
    """
    divisor = exposure_odds - exposure_odds_rank * real(integer(rank))
    return u_exposure / (u_exposure + divisor * (1.0 - u_exposure))


@rule(writes=("baseline",))
def baseline(u_baseline, sector_logit, unit_leaning, opposition_shift, opposition_spread_person):
    """Baseline opposition h0: logit h0 = sector + shift + unit's leaning + s logit(u).

    s = sd sqrt(3) / pi gives logit h0 the standard deviation sd (a logistic draw, close to a normal one).
    A unit's members resemble each other; the prototypes found that the clustering moves cascades little
    and reports much.
    """
    draw = 0.55132890 * opposition_spread_person * (logarithm(u_baseline) - logarithm(1.0 - u_baseline))
    return logistic(sector_logit + opposition_shift + unit_leaning + draw)


@rule(writes=("risk_aversion",))
def risk_aversion(u_risk, risk_aversion_tail):
    """R = u ** (1/kappa). With the usual R ~ U(0, 1) (kappa 1) no cascade can follow a calm."""
    return power(u_risk, 1.0 / risk_aversion_tail)


@rule(writes=("candour",))
def candour(u_candour, candour_median, candour_spread):
    """Cost of falsifying e, lognormal; its median 1 is the unit of utility."""
    return candour_median * exponential(candour_spread * normal_quantile(u_candour))


@rule(writes=("scruple",))
def scruple(u_scruple, scruple_spread):
    """Scruple k, lognormal with median 1: what it costs to flatter for a career."""
    return exponential(scruple_spread * normal_quantile(u_scruple))


@rule(writes=("relative", "faction"))
def allegiance(u_kin, kin_share, faction_share):
    """Whether a person is a relative of a listed one, and which faction (0 or 1) they belong to.

    One draw serves both: given the first answer, the rest of the draw is again uniform.
    """
    is_kin = u_kin < kin_share
    rest = u_kin / kin_share if is_kin else (u_kin - kin_share) / (1.0 - kin_share)
    return is_kin, rest < faction_share


@rule(writes=("taste_withdrawn", "taste_dissent"))
def tastes(u_taste_withdrawn, u_taste_dissent, taste_scale, taste_fixed_share):
    """Fixed tastes for withdrawing and for dissent against loyalty, utility.

    Uniform with the variance of a Gumbel draw (pi**2/6): the prototypes found no difference between
    the two, and it needs no logarithm.
    """
    # a uniform on (-1/2, 1/2) has variance 1/12; sqrt(12 * pi**2 / 6) = 4.4429
    width = 4.4428829 * taste_scale * power(taste_fixed_share, 0.5)
    return width * (u_taste_withdrawn - 0.5), width * (u_taste_dissent - 0.5)
