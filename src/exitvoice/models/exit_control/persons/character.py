"""Character: the traits that a person keeps for life, drawn when the run begins or a recruit arrives.

    w = sqrt(1 - (1-u)^(1/b))   value of leaving, Kumaraswamy's distribution (J. Hydrology 46, 1980) with first
                                shape 2: a Beta's shape with a quantile in closed form. b = wish_shape /
                                (1 + rank steps + ties); the default has the mean of Beta(2, 4), one third
    R = u ** (1/kappa)          risk aversion; with the usual R ~ U(0, 1) (kappa 1) no cascade can follow a calm
    z = Phi^-1(u)               behind candour and scruple, which are lognormal
    z = ln(u / (1-u))           behind baseline opposition
    u                           behind the tastes, which are uniform

Each is kept as a level, a whole number on the scale of the trait itself (traits.py turns it back). The wish is
worked out anew at a promotion, for it rises with rank. Source: notes on the voice half, section 6 (kappa 1-5).
"""

from exitvoice.engine.mathematics import clip, logarithm, normal_quantile, power
from exitvoice.engine.primitives import integer, real, square_root
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.traits import (
    FARTHEST,
    FARTHEST_LOGIT,
    SCRUPLE_LEVELS,
    SHARE_LEVELS,
    TASTE_LEVELS,
)

LEVELS = (
    "wish_level",
    "baseline_level",
    "candour_level",
    "scruple_level",
    "risk_level",
    "taste_withdrawn_level",
    "taste_dissent_level",
)


def level_of(value, levels):
    """Level of a value in [0, 1]."""
    return integer(clip(value * levels, 0.0, levels - 1.0))


def wish_drawn(u, rank, ties, shape, shape_rank, shape_ties):
    """Value of leaving w in [0, 1], rising with rank and with ties abroad."""
    raised = 1.0 + shape_rank * real(integer(rank)) + (shape_ties if ties else 0.0)
    rest = 1.0 - power(1.0 - u, raised / shape)
    return square_root(rest if rest > 0.0 else 0.0)


def normal_place(u):
    """Normal quantile of u, from 0 to 1 between the farthest that are told apart."""
    return (normal_quantile(u) + FARTHEST) / (2.0 * FARTHEST)


def logit_place(u):
    """Logistic quantile of u, from 0 to 1 between the farthest that are told apart."""
    return (logarithm(u) - logarithm(1.0 - u) + FARTHEST_LOGIT) / (2.0 * FARTHEST_LOGIT)


@rule(writes=LEVELS)
def character(
    rank,
    ties,
    u_wish,
    u_baseline,
    u_candour,
    u_scruple,
    u_risk,
    u_taste_withdrawn,
    u_taste_dissent,
    wish_shape,
    wish_shape_rank,
    wish_shape_ties,
    risk_aversion_tail,
):
    """Levels of a person's traits, from the draws of their life."""
    return (
        level_of(wish_drawn(u_wish, rank, ties, wish_shape, wish_shape_rank, wish_shape_ties), SHARE_LEVELS),
        level_of(logit_place(u_baseline), SHARE_LEVELS),
        level_of(normal_place(u_candour), SHARE_LEVELS),
        level_of(normal_place(u_scruple), SCRUPLE_LEVELS),
        level_of(power(u_risk, 1.0 / risk_aversion_tail), SHARE_LEVELS),
        level_of(u_taste_withdrawn, TASTE_LEVELS),
        level_of(u_taste_dissent, TASTE_LEVELS),
    )


@rule(writes=LEVELS)
def renewal(
    renewed,
    promoted,
    rank,
    ties,
    wish_level,
    baseline_level,
    candour_level,
    scruple_level,
    risk_level,
    taste_withdrawn_level,
    taste_dissent_level,
    u_wish,
    u_baseline,
    u_candour,
    u_scruple,
    u_risk,
    u_taste_withdrawn,
    u_taste_dissent,
    wish_shape,
    wish_shape_rank,
    wish_shape_ties,
    risk_aversion_tail,
):
    """A recruit brings a character of their own; whoever is promoted gets another wish; all others keep theirs."""
    longs = level_of(
        wish_drawn(u_wish, rank, ties, wish_shape, wish_shape_rank, wish_shape_ties), SHARE_LEVELS
    )
    averse = level_of(power(u_risk, 1.0 / risk_aversion_tail), SHARE_LEVELS)
    return (
        longs if renewed | promoted else wish_level,
        level_of(logit_place(u_baseline), SHARE_LEVELS) if renewed else baseline_level,
        level_of(normal_place(u_candour), SHARE_LEVELS) if renewed else candour_level,
        level_of(normal_place(u_scruple), SCRUPLE_LEVELS) if renewed else scruple_level,
        averse if renewed else risk_level,
        level_of(u_taste_withdrawn, TASTE_LEVELS) if renewed else taste_withdrawn_level,
        level_of(u_taste_dissent, TASTE_LEVELS) if renewed else taste_dissent_level,
    )
