"""Travel document: who holds it, the person or the state.

Each state leaves by lapse (document_lapse a year) or by its main transition, one draw for both:

    NONE        -> VALID        (first_document_rate * w + wish to leave) * (issuing office's free capacity);
                                under custody the state keeps it: -> SURRENDERED
    VALID       -> SURRENDERED  under custody: 95 per cent within the deadline, rate 3/deadline, in days
                                inside the step; those who conceal it -> WITHHELD
    VALID       -> INVALID      where a rule invalidates, ten days on average (assumed) besides that rate
    SURRENDERED -> VALID        once no custody binds, rate 1/release lag
    WITHHELD    -> SURRENDERED  found by an audit (a sanction follows); -> VALID once no custody binds
    LENT        -> SURRENDERED  back home, within the reporting days; -> VALID once no custody binds
    INVALID     -> NONE         once nothing invalidates, rate 1/release lag

Whoever would leave needs a paper first: without one the wish to leave is a wish for a paper, at its own rate
(docs/design-notes/papers-of-those-who-would-leave.md).
conceal: a fixed trait, second document or invlogit(base + slope_w (w - 1/3) - slope_R (R - mean R)).
Source: notes on the exit half, traps 6, 7 and 16; parameters in library/priors.
"""

from exitvoice.engine.mathematics import larger, logistic, probability
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import (
    ABROAD,
    CAUGHT,
    INVALID,
    LENT,
    NONE,
    SURRENDERED,
    VACANT,
    VALID,
    WITHHELD,
)


@rule(writes=("conceals",))
def conceals(
    u_conceal,
    wish,
    risk_aversion,
    risk_aversion_tail,
    withheld_base,
    withheld_wish_slope,
    withheld_risk_slope,
    second_document_share,
):
    """Whether a person would keep a document back when told to hand it in."""
    mean_aversion = risk_aversion_tail / (risk_aversion_tail + 1.0)
    leaning = (
        withheld_base
        + withheld_wish_slope * (wish - 0.3333333)
        - withheld_risk_slope * (risk_aversion - mean_aversion)
    )
    return u_conceal < second_document_share + (1.0 - second_document_share) * logistic(leaning)


@rule(writes=("document", "in_hand", "found_out", "issued"))
def document(
    document,
    service,
    journey,
    custody,
    invalidate,
    custody_days,
    reporting_days,
    policy_force,
    u_document,
    wish,
    leave_wish,
    conceals,
    renewed,
    first_document_rate,
    document_lapse,
    audit_rate,
    release_lag_weeks,
    default_reporting_days,
    issuing_share,
    document_on,
    dt,
):
    """Next state; the share of the step with a usable document in hand; whether an audit found one."""
    none, valid, surrendered = document == NONE, document == VALID, document == SURRENDERED
    withheld, lent, invalid = document == WITHHELD, document == LENT, document == INVALID
    at_home = (journey != ABROAD) & (journey != CAUGHT) & (service != VACANT)
    step_days = dt * 365.25
    days = real(integer(reporting_days)) if reporting_days > 0 else default_reporting_days
    # what moves each state, as an exposure (rate times time); masks, not a chain of choices
    issue = (first_document_rate * wish + leave_wish) * issuing_share * dt
    hand_in = policy_force * 3.0 * step_days / real(integer(custody_days)) if custody_days > 0 else 0.0
    take_away = hand_in + (policy_force * 0.1 * step_days if invalidate else 0.0)
    release = dt * 52.18 / release_lag_weeks
    give_back = step_days / days
    exposure = real(none) * issue
    exposure = exposure + real(valid & (custody | invalidate)) * take_away
    exposure = exposure + real(surrendered & (not custody)) * release
    exposure = exposure + real(withheld) * (audit_rate * dt if custody else 20.0)
    exposure = exposure + real(lent) * (give_back if custody else 20.0)
    exposure = exposure + real(invalid & (not invalidate)) * release
    ageing = document_lapse * dt if valid | surrendered | withheld else 0.0
    total = exposure + ageing
    either = probability(document_on * total, 1.0) if at_home else 0.0
    # competing rates by one draw: split in proportion
    moves = either * exposure / larger(total, 0.0000001)
    moved = u_document < moves
    lapsed = (u_document >= moves) & (u_document < either)
    kept_back = moved & valid & conceals & (not invalidate)
    to_state = moved & (
        (none & custody) | (valid & (not invalidate) & (not conceals)) | ((withheld | lent) & custody)
    )
    to_valid = moved & ((none & (not custody)) | surrendered | ((withheld | lent) & (not custody)))
    found_out = moved & withheld & custody
    held_before = valid | withheld | lent
    # the moment of a move inside the step, uniform given that it happens
    moment = u_document / moves if moved else 1.0
    result = SURRENDERED if to_state else document
    result = VALID if to_valid else result
    result = WITHHELD if kept_back else result
    result = INVALID if moved & valid & invalidate else result
    result = NONE if (moved & invalid) | lapsed | (service == VACANT) | renewed else result
    held_after = (result == VALID) | (result == WITHHELD) | (result == LENT)
    in_hand = (moment if held_before else 0.0) + (1.0 - moment if held_after else 0.0)
    return result, in_hand, found_out, moved & none
