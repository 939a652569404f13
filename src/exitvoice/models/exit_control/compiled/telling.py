"""Before persons act: what everybody knows, what is told to nation, regions and strata, and bounds for the filter."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.exit_control.bounds import (
    career_bound,
    discipline_bound,
    issue_bound,
    journey_bound,
    leave_bound,
    most_doubt,
    most_run,
)
from exitvoice.models.exit_control.compiled.told_from import Boards, Extremes, Known, TellingGrounds
from exitvoice.models.exit_control.institutions.control import blocked_with_control
from exitvoice.models.exit_control.institutions.incidents import Effects
from exitvoice.models.exit_control.institutions.information import (
    common_knowledge,
    hear_campaign,
    network_factor,
)
from exitvoice.models.exit_control.institutions.inspection import investigation_rate
from exitvoice.models.exit_control.institutions.smoothing import share
from exitvoice.models.exit_control.state import LEAVES, VISITS, Floats, Remembered
from exitvoice.models.exit_control.told import INSPECTED_AT, ToldNation, ToldRegion, ToldStratum, lay

HELD_LOYAL = 0.05  # floor of the displayed share of loyal persons, so that promotion stays finite


def tell(
    boards: Boards,
    before: Known,
    kept: Remembered,
    effects: Effects,
    extremes: Extremes,
    now: int,
    grounds: TellingGrounds,
) -> tuple[Floats, Floats]:
    """Fill the boards of one step, but for what is shown.

    Returns
    -------
    known, heard : arrays, shape (regions,)
        What everybody knows that everybody knows, and what was heard of the campaign.
    """
    known, heard, credibility = news(before, effects, now, grounds)
    loyalty = max(before.shown.loyal, HELD_LOYAL)
    most_leave, leave = tell_strata(boards.stratum, kept.gone, loyalty, extremes, now, grounds)
    tell_regions(
        boards.region,
        kept,
        effects,
        known,
        credibility,
        issuing_share(kept, leave, now, grounds),
        now,
        grounds,
    )
    tell_nation(boards.nation, before, loyalty, most_leave, now, grounds)
    return known, heard


def news(before: Known, effects: Effects, now: int, grounds: TellingGrounds) -> tuple[Floats, Floats, Floats]:
    """What everybody knows, what was heard of the campaign, and how far it is believed, by region."""
    rules = grounds.rules
    regions = len(before.known)
    known, heard, credibility = np.empty(regions), np.empty(regions), np.empty(regions)
    for region in range(regions):
        known[region] = common_knowledge(
            before.known[region],
            effects.known_dissent[region],
            half_life_weeks=rules.known_half_life_weeks,
            dt=grounds.dt,
        )
        heard[region], credibility[region] = hear_campaign(
            before.heard[region],
            grounds.drivers.campaign[now, region],
            censorship=rules.censorship,
            rules=grounds.campaign,
            dt=grounds.dt,
        )
    return known, heard, credibility


def tell_strata(
    board: NDArray[Any], gone: Floats, loyalty: float, extremes: Extremes, now: int, grounds: TellingGrounds
) -> tuple[float, Floats]:
    """Tell the strata; gives the most that anybody wishes to leave, and the pull of leaving by stratum, both a year."""
    rules, drivers, limits = grounds.rules, grounds.drivers, grounds.bounds
    doubt, run = most_doubt(extremes.confidence, limits), most_run(extremes.run, limits)
    leave, most = np.empty(len(gone)), 0.0
    for stratum in range(len(gone)):
        network = network_factor(
            gone[stratum], network_gain=rules.network_gain, network_half=rules.network_half
        )
        leave[stratum] = drivers.leave_pull[now, stratum] * network
        trip = drivers.trip_pull[now, stratum]
        wish = leave_bound(leave[stratum], doubt, run, limits)
        most = max(most, wish)
        told = ToldStratum(
            trip_pull=trip,
            leave_pull=leave[stratum],
            career_bound=career_bound(
                grounds.promotion_most[stratum], grounds.retirement_base[stratum], loyalty, limits
            ),
            journey_bound=journey_bound(trip, wish, drivers.flight_pull[now, stratum], run, limits),
        )
        lay(board[stratum], told)
    return most, leave


def issuing_share(kept: Remembered, leave_pull: Floats, now: int, grounds: TellingGrounds) -> Floats:
    """Share of first documents asked for that the issuing office can make in this step, by region.

    What is asked for is taken at a mean w and a mean opposition of one third, and confidence as it is usually.
    """
    regions = len(grounds.persons)
    pulled, enough = np.zeros(regions), np.empty(regions)
    for stratum in range(len(leave_pull)):
        pulled[stratum % regions] += grounds.simulated[stratum] * leave_pull[stratum]
    for region in range(regions):
        leave = share(pulled[region], grounds.persons[region])
        leave = leave * grounds.rules.leavers_wish * (1.0 + grounds.bounds.leave_opposition_gain / 3.0)
        each = grounds.bounds.first_document_rate / 3.0 + leave
        asked = kept.without_document[region] * each * grounds.dt
        made = grounds.drivers.issuing[now, region]
        enough[region] = made / asked if asked > made else 1.0
    return enough


def tell_regions(
    board: NDArray[Any],
    kept: Remembered,
    effects: Effects,
    known: Floats,
    credibility: Floats,
    issuing: Floats,
    now: int,
    grounds: TellingGrounds,
) -> None:
    """Tell the regions, but for what is shown."""
    drivers, strength = grounds.drivers, grounds.information_strength
    for region in range(len(known)):
        campaign = grounds.rules.opposition_campaign * drivers.campaign[now, region]
        told = ToldRegion(
            hope_visit=kept.hoped[VISITS, region],
            hope_leave=kept.hoped[LEAVES, region],
            flight_pull=drivers.flight_by_region[now, region],
            openness_leave=drivers.openness_leave[now, region],
            detection=drivers.detection[now, region],
            hardship=effects.hardship[region],
            opposition_impulse=effects.opposition_impulse[region],
            persuasion=campaign * credibility[region] * strength,
            known_dissent=known[region],
            goals_met=drivers.goals_met[now, region],
            departures_seen=kept.departures[region] * strength,
            issuing_share=issuing[region],
        )
        lay(board[region], told)


def tell_nation(
    board: NDArray[Any], before: Known, loyalty: float, most_leave: float, now: int, grounds: TellingGrounds
) -> None:
    """Tell the nation; `most_leave` is the most that anybody wishes to leave."""
    fixed, limits = grounds.fixed, grounds.bounds
    inspected = investigation_rate(
        grounds.drivers.inspection[now],
        grounds.ranks,
        grounds.inspection,
        strength=grounds.inspection_strength,
    )
    highest = 0.0
    for rank in range(len(inspected)):
        for faction in range(2):
            highest = max(highest, inspected[rank, faction])
            board[INSPECTED_AT + faction * len(inspected) + rank] = inspected[rank, faction]
    blocked = blocked_with_control(0.0, before.felt, grounds.control) if grounds.is_endogenous else 0.0
    told = ToldNation(
        nation_withdrawn=before.shown.nation_withdrawn,
        nation_dissent=before.shown.nation_dissent,
        displayed_loyalty=loyalty,
        elite_conflict=before.conflict_level,
        control_shown=before.felt - grounds.rules.control_normal,
        blocked_control=blocked,
        report_rate=fixed.report_rate,
        new_year=1.0 if grounds.drivers.is_new_year[now] else 0.0,
        refill_bound=fixed.refill_bound,
        issue_bound=issue_bound(most_leave, limits),
        document_bound=fixed.document_bound,
        list_bound=fixed.list_bound,
        delist_bound=fixed.delist_bound,
        error_bound=fixed.error_bound,
        discipline_bound=discipline_bound(highest, fixed.report_rate, limits),
    )
    lay(board, told)
