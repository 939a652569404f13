"""Preference falsification (Kuran 1989, 1991), three answers: the default theory.

    U_L = -e he^2       + rho_L m_L + w_p b/k - (1-b) tie
    U_W = -e (he-1/2)^2 + rho_L m_W - sigma_W M b (1 + a_F z)
    U_D = -e (1-he)^2   + rho_D m_D - sigma_D R P b (1 + a_F z) - fatigue if in dissent now
    + fixed taste + holding bonus for the present answer + a little fresh noise (Gumbel)

e candour, k scruple, R risk aversion; he = h (1 - mu_g G), G the goals met; m the shares seen; P the
chance of punishment in the region; M monitoring; z sanctions among peers. rho_D may be negative
(turnout as a substitute: Cantoni et al. 2019), rho_L not. The fresh noise is drawn through its choice
probabilities (softmax), which has the same distribution and needs one uniform.
Source: notes on the voice half, sections 0, 2 and 6.
"""

from exitvoice.engine.mathematics import exponential, larger, power
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import DISSENT, LOYAL, WITHDRAWN


@rule(writes=("expression",))
def kuran(
    expression,
    opposition,
    confidence,
    u_choice,
    candour,
    scruple,
    risk_aversion,
    taste_withdrawn,
    taste_dissent,
    seen_loyal,
    seen_withdrawn,
    seen_dissent,
    punishment,
    peers,
    goals_met,
    goals_met_effect,
    conformity_loyal,
    conformity_dissent,
    loyalty_tie,
    promotion_reward,
    withdrawal_price,
    dissent_price,
    dissent_fatigue,
    monitoring,
    sanction_fear,
    holding_bonus,
    taste_scale,
    taste_fixed_share,
):
    """Answer of one person who reconsiders."""
    felt = opposition * (1.0 - goals_met_effect * goals_met)
    fear = confidence * (1.0 + sanction_fear * peers)
    loyal = conformity_loyal * seen_loyal + promotion_reward * confidence / scruple
    loyal = loyal - candour * felt * felt - (1.0 - confidence) * loyalty_tie
    withdrawn = conformity_loyal * seen_withdrawn - candour * (felt - 0.5) * (felt - 0.5)
    withdrawn = withdrawn - withdrawal_price * monitoring * fear + taste_withdrawn
    dissent = conformity_dissent * seen_dissent - candour * (1.0 - felt) * (1.0 - felt)
    dissent = dissent - dissent_price * risk_aversion * punishment * fear + taste_dissent
    loyal = loyal + (holding_bonus if expression == LOYAL else 0.0)
    withdrawn = withdrawn + (holding_bonus if expression == WITHDRAWN else 0.0)
    dissent = dissent + (holding_bonus if expression == DISSENT else 0.0)
    dissent = dissent - (dissent_fatigue if expression == DISSENT else 0.0)
    sharpness = 1.0 / (taste_scale * power(larger(1.0 - taste_fixed_share, 0.0001), 0.5))
    best = larger(loyal, larger(withdrawn, dissent))
    weight_loyal = exponential((loyal - best) * sharpness)
    weight_withdrawn = exponential((withdrawn - best) * sharpness)
    weight_dissent = exponential((dissent - best) * sharpness)
    mark = u_choice * (weight_loyal + weight_withdrawn + weight_dissent)
    # dissent at the lower end: small draws resolve rare events finely
    answer = WITHDRAWN if mark < weight_dissent + weight_withdrawn else LOYAL
    return DISSENT if mark < weight_dissent else answer
