"""The exit half as a system-dynamics model: ordinary differential equations for cohorts, solved by scipy.

Written anew from the equations of the model's README (7.7, 7.8, 7.9, 7.12, 7.13); it shares no code with the model and
knows no persons, steps or draws. A cohort is everybody with the same value of leaving w and baseline opposition h0; its
members are at home, waiting, or hold a permit, and share one opposition h. Cohorts meet through the office (a
capacity), hope H = 1 - exp(-G/Q), the share gone S (network), departures seen X, and confidence b:

    home'    = -a home + om pending              a = leave(w, h) max(H, H0)^psi
    pending' =  a home - (om + serve) pending    serve = min(1 / handling, (capacity + saved a week) / sum pending)
    permit'  =  serve pending - go permit        go permit: gone for good, the post stays empty
    h'       = -delta (h - h0) + (1 - h) (a_T w (1 - H) + a_E hardship)
    saved'   = capacity - decided, at most four weeks of capacity
    G' = (grants - G) / tau    Q' = (pending - Q) / tau    X' = (gone / persons - X) / m
    S' = gone / persons - S / memory    b' = eta (logistic(k0 - k_X X) - b)
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

NODES = 12
HALVES = 12
WEEK, CARRY = 1 / 52.18, 4 / 52.18


@dataclass(frozen=True)
class Cohorts:
    """Weights (sum 1), w and h0 of every cohort, and whether its members would ever leave."""

    weight: np.ndarray
    wish: np.ndarray
    baseline: np.ndarray
    may_leave: np.ndarray


def cohorts(opposition, v):
    """Quadrature over the draws of w (Gauss-Legendre on both sides of the ceiling) and of h0 (midpoints)."""
    node, part = np.polynomial.legendre.leggauss(NODES)
    ceiling = v["leaver_ceiling"]
    below, above = (1 - ceiling) * (node + 1) / 2, 1 - ceiling * (node + 1) / 2
    u = np.concatenate([below, above])
    share = np.concatenate([(1 - ceiling) * part, ceiling * part]) / 2
    wish = np.sqrt(1 - (1 - u) ** (1 / v["wish_shape"]))
    halves = (np.arange(HALVES) + 0.5) / HALVES
    spread = v["opposition_spread_person"]
    centre = np.log(opposition / (1 - opposition)) * np.sqrt(1 + np.pi * spread**2 / 8)
    logit = centre + spread * np.sqrt(3) / np.pi * np.log(halves / (1 - halves))
    ones = np.ones(HALVES)
    return Cohorts(
        weight=np.outer(share, ones / HALVES).ravel(),
        wish=np.outer(wish, ones).ravel(),
        baseline=np.outer(np.ones(2 * NODES), 1 / (1 + np.exp(-logit))).ravel(),
        may_leave=np.outer(np.arange(2 * NODES) >= NODES, ones).ravel().astype(float),
    )


def hope_of(granted, pending, v, persons):
    """The chance of being out within a year; the pool counts persons, here as a share of all."""
    pool = v["hope_pooling"] / persons
    nation = (granted + pool * v["hope_start"]) / (pending + pool)
    return max(1 - np.exp(-(granted + pool * nation) / (pending + pool)), v["hope_floor"])


@dataclass(frozen=True)
class World:
    """What the scenario says: mean opposition, the office (decisions a year a person, years), what drives it."""

    opposition: float
    capacity: float
    handling: float
    openness: float
    persons: float
    hardship_from: float = np.inf
    hardship: float = 0.0


def solve(world, v, years):
    """Return the course at some times (years): cumulative applications and leavers, pending, mean h, b, H.

    All as shares of the persons at the start. `v` holds the parameters by name.
    """
    c = cohorts(world.opposition, v)
    n = len(c.weight)
    first_hope = hope_of(0.0, 0.0, v, world.persons)
    push = v["opposition_blocked"] * c.wish * (1 - first_hope)
    rest = (v["opposition_return"] * c.baseline + push) / (v["opposition_return"] + push)
    start = np.concatenate([c.weight, np.zeros(2 * n), rest, np.zeros(7)])
    start[-4] = v["start_confidence"]

    def change(now, state):
        home, pending, permit, h = state[: 4 * n].reshape(4, n)
        granted, queue, seen, b, gone, saved, _ = state[4 * n :]
        persons = home.sum() + pending.sum() + permit.sum()
        hope = hope_of(granted, queue, v, world.persons)
        doubt = (
            np.clip((1 - b) / (1 - v["reference_confidence"]), 0.01, 100) ** v["leave_confidence_exponent"]
        )
        network = 1 + v["network_gain"] * gone / (gone + v["network_half"])
        leave = v["leave_wish_rate"] * world.openness * network * doubt * c.may_leave
        asks = leave * c.wish * (1 + v["leave_opposition_gain"] * h) * hope ** v["hope_exponent"] * home
        most = world.capacity * CARRY
        available = world.capacity + np.clip(saved, 0, most) / WEEK
        serve = min(1 / world.handling, available / max(pending.sum(), 1e-12))
        served, gives_up = serve * pending, v["withdraw_rate"] * pending
        spare = world.capacity - served.sum()
        goes = 52.18 / v["permit_start_weeks"] * permit
        hard = v["opposition_hardship"] * world.hardship * (now >= world.hardship_from)
        grievance = v["opposition_blocked"] * c.wish * (1 - hope) + hard
        target = 1 / (1 + np.exp(-(v["confidence_base"] - v["confidence_departures"] * seen)))
        return np.concatenate([
            gives_up - asks, asks - served - gives_up, served - goes,
            v["opposition_return"] * (c.baseline - h) + (1 - h) * grievance,
            [
                (served.sum() - granted) / v["hope_memory_years"],
                (pending.sum() - queue) / v["hope_memory_years"],
                (goes.sum() / persons - seen) / v["departures_memory_years"],
                v["confidence_adjustment"] * (target - b),
                goes.sum() / persons - gone / v["gone_memory_years"],
                max(spare, -saved / WEEK) if saved < most else min(0, spare),
                asks.sum(),
            ],
        ])  # fmt: skip

    years = np.asarray(years, float)
    found = solve_ivp(change, (0, years.max()), start, t_eval=years, method="RK45", rtol=1e-5, atol=1e-9)
    assert found.success, found.message
    home, pending, permit, h = found.y[: 4 * n].reshape(4, n, -1)
    there = home + pending + permit
    return {
        "applications": found.y[-1],
        "left": 1 - there.sum(axis=0),
        "pending": pending.sum(axis=0),
        "opposition": (there * h).sum(axis=0) / there.sum(axis=0),
        "confidence": found.y[-4],
    }
