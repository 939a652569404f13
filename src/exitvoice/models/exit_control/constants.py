"""What stays the same for a whole run: parameters and tables as the compiled rules want them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from exitvoice.models.exit_control.columns import OFFICES, RANKS
from exitvoice.models.exit_control.institutions.inspection import InspectionRules, investigation_rate
from exitvoice.models.exit_control.institutions.smoothing import chosen
from exitvoice.models.exit_control.people import People
from exitvoice.scenario import Office, PolicyBook, Scenario
from exitvoice.units import WEEKS_PER_YEAR

FOREVER = 1e6  # steps: a threshold of years since office that nobody passes
CHAINS = 8  # lengths of a chain that a policy word can name

Floats = NDArray[np.float64]

#: Switches of person mechanisms, as the rules call them.
SWITCHES = (
    "career",
    "document",
    "watchlist",
    "journey",
    "opposition",
    "confidence",
    "discipline",
    "expression",
    "information",
)


@dataclass(frozen=True)
class Chain:
    """The office that decides at each stage of a chain of a given length; None where there is none."""

    offices: tuple[Office | None, ...]


def parameter_values(scenario: Scenario, book: PolicyBook, dt: float) -> dict[str, float]:
    """Every scalar that a rule may read, by name; durations in steps where the rules count steps."""
    values = dict(scenario.values)
    steps_per_week = 1.0 / (WEEKS_PER_YEAR * dt)
    thresholds = [years / dt for years in book.thresholds]
    thresholds += [FOREVER] * (2 - len(thresholds))
    values |= {f"{name}_on": getattr(scenario.mechanisms, name) for name in SWITCHES}
    values |= {
        "dt": dt,
        "office_first": thresholds[0],
        "office_second": thresholds[1],
        "opposition_period": (period := opposition_period(dt)),
        "opposition_dt": period * dt,
        "permit_valid_steps": max(1.0, values["permit_valid_weeks"] * steps_per_week),
        "caught_custody_steps": max(1.0, values["caught_custody_weeks"] * steps_per_week),
        "sanction_custody_steps": max(1.0, values["sanction_custody_weeks"] * steps_per_week),
        "mean_retired_steps": 0.5 / (values["death_rate_retired"] * dt),
        "leavers_wish": leavers_wish(values["leaver_ceiling"], values["wish_shape"]),
        "visit_offices": float(visit_offices(scenario)),
    }
    return values


def leavers_wish(ceiling: float, shape: float) -> float:
    """Mean over everybody of w for those who would ever leave, 0 for the rest (rank 0, no ties abroad)."""
    above = (np.arange(100) + 0.5) / 100 * ceiling  # one less the draw of w
    return float(ceiling * np.sqrt(1.0 - above ** (1.0 / shape)).mean())


def visit_offices(scenario: Scenario) -> int:
    """How many offices of the chain a visit needs: up to the first whose word is final for visits."""
    longest = max(
        (rule.approval.chain for rule in scenario.rules if rule.approval is not None), key=len, default=()
    )
    final = {office.name for office in scenario.offices if office.final_for_visits}
    return next((place + 1 for place, name in enumerate(longest) if name in final), CHAINS)


def opposition_period(dt: float) -> int:
    """Steps between two turns of a unit's opposition: 4, 2 or 1, so that it is at most four weeks."""
    return next((period for period in (4, 2) if period * dt * WEEKS_PER_YEAR < 4.01), 1)


def stratum_values(scenario: Scenario, people: People) -> dict[str, Floats]:
    """Scalars by stratum that never change."""
    values = scenario.values
    rows = [sector for sector in scenario.sectors for _ in scenario.regions]
    shares = np.array([_four(sector.rank_shares) for sector in rows])
    edges = np.cumsum(shares, axis=1)
    retired = np.array([min(sector.retired_share, 0.95) for sector in rows])
    logit = np.array([np.log(s.opposition / (1.0 - s.opposition)) for s in rows])
    # the mean of a logit-normal lies nearer to one half than its median: undo it (MacKay's approximation)
    promotions = promotion_rates(scenario)
    spread = values["opposition_spread_person"] ** 2 + values["opposition_spread_unit"] ** 2
    return {
        "retirement_base": values["death_rate_retired"] * retired / (1.0 - retired),
        "rank_edge_1": edges[:, 0],
        "rank_edge_2": edges[:, 1],
        "rank_edge_3": edges[:, 2],
        "retired_share": np.maximum(retired, 1e-6),
        "document_share": np.array([s.document_share for s in rows]),
        "sector_logit": logit * np.sqrt(1.0 + np.pi * spread / 8.0),
        **{f"promotion_{k}": promotions[:, k] for k in range(RANKS - 1)},
        "promotion_most": promotions[:, : RANKS - 1].max(axis=1),
        "enforcer": np.array([float(s.enforcer) for s in rows]),
        "travel": np.array([s.travel for s in rows]),
        "simulated": people.simulated,
    }


def unit_leanings(scenario: Scenario, people: People) -> NDArray[np.float32]:
    """Political leaning of each unit on the logit scale, normal with the scenario's spread."""
    spread = scenario.values["opposition_spread_unit"]
    return np.asarray(spread * ndtri(people.leaning.astype(np.float64)), np.float32)


def promotion_rates(scenario: Scenario, inspection: float = 1.0) -> Floats:
    """Rates of promotion by stratum and rank that keep the shares of the ranks steady.

    What leaves ranks k and above (death, retirement, removal) and what is demoted from k must come up
    from k - 1.
    """
    values = scenario.values
    rules = chosen(InspectionRules, values)
    inspected = investigation_rate(inspection, np.ones((RANKS, 2)), rules).mean(axis=1)
    rates = []
    for sector in scenario.sectors:
        shares = _four(sector.rank_shares)
        retired = min(sector.retired_share, 0.95)
        leaving = values["death_rate_serving"] + values["death_rate_retired"] * retired / (1.0 - retired)
        leaving = leaving + inspected * (values["sanction_removal"] + values["sanction_custody"])
        flow = [
            (shares[k:] * leaving[k:]).sum() + shares[k] * inspected[k] * values["sanction_demotion"]
            for k in range(1, RANKS)
        ]
        row = [flow[k] / shares[k] if shares[k] > 0 and shares[k + 1] > 0 else 0.0 for k in range(RANKS - 1)]
        rates += [[*row, 0.0]] * len(scenario.regions)
    return np.array(rates)


def chains_of(scenario: Scenario) -> tuple[Chain, ...]:
    """Chains by their length, 0 to 7; a length that no rule uses has no office."""
    by_name = {office.name: office for office in scenario.offices}
    chains = [Chain((None,) * OFFICES)] * CHAINS
    for rule in scenario.rules:
        if rule.approval is None or not rule.approval.chain:
            continue
        offices = [by_name[name] for name in rule.approval.chain]
        chains[len(offices)] = Chain(tuple((*offices, None, None, None, None))[:OFFICES])
    return tuple(chains)


def _four(shares: tuple[float, ...]) -> Floats:
    return np.array([*shares, 0.0, 0.0, 0.0])[:RANKS]
