"""Journey: wishes, applications, departures with and without permission, flight, trips and their ends.

Wishes a year (model notes, exit half, sections 1 to 4):

    trip  = nu w openness_trips season travel
    leave = mu w (1 + c_h h) ((1-b)/(1-b0))^c_b openness_leave N      for those who would ever leave
    N     = 1 + A S/(S + S0), S the decayed share gone of one's region and sector (saturating)
    both  x (1 + chi exp(-(t - announced)/tau)) while an announced rule does not yet bind

At home one draw decides between competing rates:

    free        go = wish x share of the step with a document in hand
    restricted  apply = wish x max(H, H0)^psi per purpose, with a document (in hand or held by the
                state); none under a ban; a limit of trips binds visits, not leaving
                disobey = wish x xi (1 - R) x document in hand
                flee = phi h w access (1 - detection)^zeta, caught with probability `detection`

H = chance of being out within a year (offices). Applying: withdraw at `withdraw_rate`, served with the
office's probability, refused or passed to the next office; when no rule binds any more, leavers pending
go at `queue_release_rate` and travellers go home. At the end of a trip one draw: stays with probability
min(1, s w h (1-b) openness_leave); those who try abroad settle at `settle_rate` or return at
`try_return_rate`. Those who leave for good vacate their post and are counted outside.
"""

from exitvoice.engine.mathematics import larger, power, probability, smaller
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    CAUGHT,
    HOME,
    INVALID,
    LEAVE,
    LENT,
    NO_LIMIT,
    NONE,
    PERMITTED,
    TRY,
    VACANT,
    VISIT,
)


@rule(writes=("trip_wish", "leave_wish"))
def wishes(
    wish,
    u_wish,
    opposition,
    doubt,
    policy_timing,
    trip_pull,
    leave_pull,
    leave_opposition_gain,
    leaver_ceiling,
    run_gain,
):
    """Wishes of one person, a year; the pulls are what region and sector multiply them by."""
    run = 1.0 + run_gain * real(integer(policy_timing >> 16)) * 1.5259022e-05
    leave = leave_pull * wish * (1.0 + leave_opposition_gain * opposition) * doubt
    leave = leave if u_wish >= 1.0 - leaver_ceiling else 0.0
    return trip_pull * wish * run, leave * run


@rule(writes=("out_visit", "out_try", "out_leave", "seeks", "sought", "slips", "flees"))
def choice_at_home(
    journey,
    service,
    restricted,
    ban,
    trips,
    trips_allowed,
    document,
    policy_force,
    in_hand,
    trip_wish,
    leave_wish,
    wish,
    opposition,
    risk_aversion,
    purpose,
    u_journey,
    hope_visit,
    hope_leave,
    hope_exponent,
    hope_floor,
    try_share,
    disobedience,
    flight_rate,
    flight_rate_pending,
    flight_pull,
    journey_on,
    dt,
):
    """What a person sets out to do this step: depart, apply, slip out without permission, or flee.

    `sought` is the purpose; `seeks` an application; `slips` a departure without permission.
    """
    idle = (journey == HOME) & (service != VACANT)
    waiting = (journey == APPLYING) & (service != VACANT)
    has_paper = (document != NONE) & (document != INVALID)
    may_apply = idle & restricted & (not ban) & has_paper
    trip_left = (trips < trips_allowed) | (trips_allowed == 3)
    hopeful_visit = power(larger(hope_visit, hope_floor), hope_exponent)
    hopeful_leave = power(larger(hope_leave, hope_floor), hope_exponent)
    courage = 1.0 - policy_force + policy_force * disobedience * (1.0 - risk_aversion)
    nerve = (courage if restricted else 1.0) * in_hand
    nerve = nerve if idle else 0.0
    apply = policy_force if may_apply else 0.0
    visit = trip_wish * nerve
    leave = leave_wish * nerve
    ask_visit = trip_wish * hopeful_visit * (apply if trip_left else 0.0)
    ask_leave = leave_wish * hopeful_leave * apply
    drive = flight_rate_pending if waiting & (purpose != VISIT) else flight_rate
    flight = drive * flight_pull * opposition * wish if (idle | waiting) & restricted else 0.0
    total = visit + leave + ask_visit + ask_leave + flight
    happens = probability(journey_on * total, dt)
    # given that something happens, the draw is again uniform: it chooses in proportion to the rates
    mark = u_journey / larger(happens, 0.0000001) * total
    active = u_journey < happens
    goes = active & (mark < visit + leave)
    long_stay = mark >= visit
    tries = mark < visit + leave * try_share
    asks = active & (mark >= visit + leave) & (mark < visit + leave + ask_visit + ask_leave)
    ask_long = mark >= visit + leave + ask_visit
    ask_tries = mark < visit + leave + ask_visit + ask_leave * try_share
    flees = active & (mark >= visit + leave + ask_visit + ask_leave)
    sought = (TRY if ask_tries else LEAVE) if ask_long else VISIT
    free = goes & (not restricted)
    return (
        goes & (not long_stay),
        goes & long_stay & tries,
        goes & long_stay & (not tries),
        asks,
        sought,
        goes & (not free),
        flees,
    )


@rule(writes=("served", "refused", "granted", "granted_leave", "withdrew", "let_go"))
def decision(
    journey,
    purpose,
    service,
    restricted,
    ban,
    stage,
    chain,
    visit_offices,
    served_chance,
    refusal_word,
    u_journey,
    u_outcome,
    flees,
    withdraw_rate,
    queue_release_rate,
    journey_on,
    dt,
):
    """What becomes of a pending application: withdrawn, served, released by the end of the rule."""
    waiting = (journey == APPLYING) & (service != VACANT) & (not flees)
    gives_up = probability(withdraw_rate, dt)
    # the same draw served flight from below; withdrawal and service are read from above
    draw = 1.0 - u_journey
    free_now = waiting & (not restricted)
    let_go = free_now & (purpose != VISIT) & (draw < probability(queue_release_rate, dt))
    withdrew = waiting & restricted & (draw < gives_up) | (free_now & (purpose == VISIT))
    served = waiting & restricted & (draw >= gives_up) & (draw < gives_up + served_chance * journey_on)
    chance = real(integer(refusal_word & 65535)) * 1.5259022e-05
    refused = served & ((u_outcome < chance) | ban)
    # a visit may need fewer offices than leaving: those up to the one whose word is final for visits
    needed = smaller(real(chain), visit_offices) if purpose == VISIT else real(chain)
    granted = served & (not refused) & (real(stage + 1) >= needed)
    return served, refused, granted, granted & (purpose != VISIT), withdrew, let_go


@rule(
    writes=(
        "journey",
        "purpose",
        "stage",
        "trips",
        "timer",
        "document",
        "listed_applied",
        "vacates",
        "departed_permitted",
        "departed_free",
        "departed_disobedient",
        "overstayed",
        "left",
        "fled",
        "caught_now",
        "stopped",
        "wrongly_stopped",
        "came_back",
        "dismissed",
        "slipped_for_good",
    )
)
def journey(
    journey,
    purpose,
    stage,
    trips,
    timer,
    document,
    service,
    restricted,
    ban,
    longest_trip,
    listed_covered,
    listed_applied,
    listed_sanctioned,
    listed_error,
    out_visit,
    out_try,
    out_leave,
    seeks,
    sought,
    slips,
    flees,
    served,
    refused,
    granted,
    withdrew,
    let_go,
    wish,
    opposition,
    confidence,
    renewed,
    u_journey,
    u_outcome,
    openness_leave,
    detection,
    stop_probability,
    watchlist_on,
    signal_probability,
    overstay_chance,
    settle_rate,
    try_return_rate,
    short_trip_years,
    permit_start_weeks,
    permit_valid_steps,
    caught_custody_steps,
    new_year,
    document_on,
    journey_on,
    dt,
):
    """Carry the step out: the border, permits, trips and their ends."""
    at_border = out_visit | out_try | out_leave
    listed = (listed_covered + listed_applied + listed_sanctioned + listed_error) > 0
    held_up = at_border & listed & (u_outcome < watchlist_on * stop_probability)
    wrongly_stopped = held_up & (not slips) & (listed_sanctioned == 0)
    passes = at_border & (not held_up)
    # permits: revoked by a ban, run out, or used
    holds_permit = (journey == PERMITTED) & (service != VACANT)
    starts = (
        holds_permit
        & (not ban)
        & (u_journey < probability(journey_on * 52.18 / larger(permit_start_weeks, 0.5), dt))
    )
    void = holds_permit & (not starts) & ((timer <= 1) | ban)
    leaves_now = (passes & out_leave) | (starts & (purpose == LEAVE)) | (let_go & (purpose == LEAVE))
    travels = (passes | starts | let_go) & (not leaves_now)
    trip = TRY if out_try | ((starts | let_go) & (purpose == TRY)) else VISIT
    # abroad
    away = (journey == ABROAD) & (service != VACANT)
    weeks = short_trip_years * 52.18
    limit = smaller(weeks, real(integer(longest_trip)))
    weeks = limit if restricted & (longest_trip < NO_LIMIT) else weeks
    visit_ends = probability(52.18 / larger(weeks, 0.5), dt)
    stay_ends = probability(settle_rate + try_return_rate, dt)
    ends = away & (u_journey < (visit_ends if purpose == VISIT else stay_ends))
    stays_visit = smaller(1.0, overstay_chance * wish * opposition * (1.0 - confidence) * openness_leave)
    stays = stays_visit if purpose == VISIT else settle_rate / (settle_rate + try_return_rate)
    overstayed = ends & (u_outcome < stays)
    came_back = ends & (not overstayed)
    # flight
    caught_now = flees & (u_outcome < detection)
    fled = flees & (not caught_now)
    # custody
    held = (journey == CAUGHT) & (service != VACANT)
    dismissed = held & (timer <= 1)
    vacates = leaves_now | overstayed | fled | dismissed
    empty = vacates | (service == VACANT) | renewed
    passed_on = served & (not refused) & (not granted)
    state = ABROAD if travels else journey
    state = APPLYING if seeks else state
    state = PERMITTED if granted else state
    state = HOME if void | came_back | refused | withdrew | empty else state
    state = CAUGHT if caught_now else state
    aim = trip if travels else purpose
    aim = sought if seeks else aim
    aim = VISIT if empty else aim
    step_on = stage + 1 if passed_on else stage
    step_on = 0 if seeks | granted | refused | withdrew | empty else step_on
    count = 0 if new_year > 0.5 else trips
    count = count + 1 if starts & (count < 3) else count
    count = 0 if empty else count
    ticks = timer - 1 if (timer > 0) & (holds_permit | held) else timer
    ticks = integer(permit_valid_steps) if granted else ticks
    ticks = integer(caught_custody_steps) if caught_now else ticks
    ticks = 0 if empty else ticks
    paper = LENT if starts & travels & (document_on > 0.0) else document
    paper = 0 if empty else paper
    noted = seeks & (1.0 - u_outcome < signal_probability)
    return (
        state,
        aim,
        step_on,
        count,
        ticks,
        paper,
        (noted | (listed_applied == 1)) & (not empty),
        vacates,
        travels & starts | (leaves_now & starts),
        passes & (not slips) | let_go,
        passes & slips,
        overstayed,
        leaves_now,
        fled,
        caught_now,
        held_up,
        wrongly_stopped,
        came_back,
        dismissed,
        leaves_now & slips,
    )
