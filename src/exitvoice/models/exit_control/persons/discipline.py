"""Discipline: investigations, informants' reports, sanctions.

    investigated  rate by rank and faction (inspection) x (1 + c_v v)
    reported      rate d1 h exp(-omega iota m M) x (1 - (1 - iota M)^m): people silence themselves, so
                  reports have an interior maximum in the number of informants
    sanction      warning | demotion | removal | custody in the observed mix

A report is followed by a warning with probability `report_followed`. The sanctioned are listed; peers
remember (opposition). Source: notes on the voice half, sections 5 and 6; mix: CCDI, January to September
2021, 'four forms'.
"""

from exitvoice.engine.mathematics import by_class, larger, probability
from exitvoice.engine.primitives import integer
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import ABROAD, CAUGHT, HOME, SERVING, VACANT


@rule(
    writes=(
        "rank",
        "service",
        "journey",
        "timer",
        "document",
        "stage",
        "listed_sanctioned",
        "vacates",
        "investigated",
        "investigated_faction",
        "reported",
        "sanctioned",
        "removed",
    )
)
def discipline(
    rank,
    service,
    journey,
    timer,
    document,
    stage,
    listed_sanctioned,
    vacates,
    opposition,
    exposure,
    found_out,
    u_discipline,
    inspected_0_0,
    inspected_0_1,
    inspected_0_2,
    inspected_0_3,
    inspected_1_0,
    inspected_1_1,
    inspected_1_2,
    inspected_1_3,
    faction,
    report_rate,
    inspection_exposure,
    report_followed,
    sanction_warning,
    sanction_demotion,
    sanction_removal,
    sanction_custody_steps,
    discipline_on,
    dt,
):
    """One draw: investigated, or reported, or neither; then the kind of sanction from the same draw."""
    within_reach = (service != VACANT) & (not vacates) & (journey != ABROAD) & (journey != CAUGHT)
    first = by_class(rank, inspected_0_0, inspected_0_1, inspected_0_2, inspected_0_3)
    second = by_class(rank, inspected_1_0, inspected_1_1, inspected_1_2, inspected_1_3)
    investigation_rate = second if faction else first
    rate = investigation_rate * (1.0 + inspection_exposure * exposure)
    rate = rate if within_reach else 0.0
    telling = report_rate * opposition if within_reach else 0.0
    # competing rates by one draw: the chance of either, split in proportion
    either = probability(discipline_on * (rate + telling), dt)
    looked_into = either * rate / larger(rate + telling, 0.0000001)
    told_on = either - looked_into
    investigated = u_discipline < looked_into
    reported = (u_discipline >= looked_into) & (u_discipline < looked_into + told_on)
    followed = reported & (u_discipline < looked_into + told_on * report_followed)
    found = found_out & within_reach & (not investigated) & (discipline_on > 0.0)
    # given an investigation the draw is again uniform: it chooses the sanction
    mark = u_discipline / looked_into if investigated else 0.0
    demoted = investigated & (mark >= sanction_warning) & (mark < sanction_warning + sanction_demotion)
    harsh = investigated & (mark >= sanction_warning + sanction_demotion)
    removed = harsh & (mark < sanction_warning + sanction_demotion + sanction_removal)
    jailed = harsh & (not removed)
    sanctioned = investigated | followed | found
    dismissed = removed & (service == SERVING)
    listed = ((listed_sanctioned == 1) | sanctioned) & (not dismissed)
    return (
        rank - 1 if demoted & (rank > 0) else rank,
        VACANT if dismissed | vacates else service,
        CAUGHT if jailed else (HOME if dismissed else journey),
        integer(sanction_custody_steps) if jailed else (0 if dismissed else timer),
        0 if dismissed else document,
        0 if jailed | dismissed else stage,
        listed,
        vacates | dismissed,
        investigated,
        investigated & faction,
        reported,
        sanctioned,
        dismissed,
    )
