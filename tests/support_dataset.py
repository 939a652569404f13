"""A run made up for tests: the labels of a real one, and dynamics that look like China 2003-2026."""

from datetime import date

import numpy as np
import xarray as xr

from exitvoice.scenario import Scenario
from exitvoice.scenario.rules import Rule

SECTORS = (
    ("civil_servants", 7.2e6, 0.30),
    ("state_enterprises", 4.2e7, 0.22),
    ("state_banks", 2.6e6, 0.28),
    ("teachers", 1.9e7, 0.33),
    ("hospitals", 8.5e6, 0.27),
    ("state_media", 4.0e5, 0.42),
    ("village_cadres", 2.5e6, 0.20),
    ("contractors", 5.0e6, 0.36),
    ("private_owners", 6.0e5, 0.40),
    ("security", 2.4e6, 0.18),
)
RANKS = ("staff", "section", "division", "bureau")
RANK_SHARES = (0.86, 0.11, 0.025, 0.005)
REGIONS = ("east", "centre", "west", "north_east")
RULES = (
    ("leaders-1999", 2003.0, 2030.0, 0.9),
    ("registration-2003", 2003.1, 2030.0, 0.5),
    ("custody-2014", 2014.6, 2030.0, 0.7),
    ("pandemic-closure-2020", 2020.1, 2023.03, 1.0),
    ("teachers-2023", 2023.5, 2030.0, 0.45),
    ("banks-2023", 2023.2, 2030.0, 0.8),
)


def make_dataset(*, weeks: int = 1208, scale: float = 0.01, seed: int = 1) -> xr.Dataset:
    """Return a run in the form that a simulation gives, with every variable of the contract."""
    random = np.random.default_rng(seed)
    time = np.datetime64("2003-01-01", "ns") + np.arange(weeks) * np.timedelta64(7, "D")
    year = 2003 + np.arange(weeks) / 52.18
    persons = np.array([[count * part for part in RANK_SHARES] for _, count, _ in SECTORS])
    variables = _strata(year, persons, random) | _nation(year, random) | _regions(year, random)
    variables["rule_coverage"] = (("time", "rule"), _coverage(year))
    data = xr.Dataset(
        {name: (dims, np.asarray(values, np.float32)) for name, (dims, values) in variables.items()},
        coords={
            "time": time,
            "sector": np.array([name for name, *_ in SECTORS]),
            "rank": np.array(RANKS),
            "region": np.array(REGIONS),
            "rule": np.array([name for name, *_ in RULES]),
        },
        attrs={
            "scenario": "china-test",
            "title": "A made-up China for tests",
            "scenario_hash": "0" * 16,
            "seed": str(seed),
            "scale": scale,
            "theory": "kuran",
            "leadership": "naive",
            "control": "scripted",
            "simulated_persons": int(persons.sum() * scale),
            "version": "0.1.0",
        },
    )
    data = data.assign_coords(too_few=(("sector", "rank"), persons * scale < 30))
    for name, variable in data.data_vars.items():
        variable.attrs = {
            "units": "1",
            "long_name": str(name).replace("_", " "),
            "source": "made up for tests",
        }
    return data


def _rise(year: np.ndarray, at: float, width: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(year - at) / width))


def _coverage(year: np.ndarray) -> np.ndarray:
    columns = []
    for _, start, end, highest in RULES:
        inside = (year >= start) & (year < end)
        columns.append(np.where(inside, highest * np.clip(0.25 + 0.12 * (year - start), 0, 1), 0.0))
    return np.stack(columns, axis=1)


def _strata(year: np.ndarray, persons: np.ndarray, random: np.random.Generator) -> dict[str, tuple]:
    shape = (year.size, *persons.shape)
    everybody = np.broadcast_to(persons, shape)
    closed = _rise(year, 2020.1, 0.05) - _rise(year, 2023.02, 0.05)
    depth = np.array([0.25, 0.5, 0.85, 1.0])
    tight = 0.05 + 0.35 * _rise(year, 2014.7, 0.6) + 0.35 * _rise(year, 2023.4, 0.6)
    share = np.clip(tight[:, None, None] * depth * (1 + 0.2 * np.arange(len(SECTORS))[:, None] / 10), 0, 1)
    hidden = np.array([opposition for *_, opposition in SECTORS])[:, None] * np.array([1.0, 0.95, 0.8, 0.7])
    opposed = np.clip(hidden + 0.10 * tight[:, None, None] + 0.05 * closed[:, None, None], 0, 1)
    shown = np.clip(0.32 * opposed * (1 - 0.6 * tight[:, None, None]), 0, 1)
    season = 1 + 0.35 * np.sin(2 * np.pi * year)[:, None, None]
    noise = 1 + 0.08 * random.standard_normal(shape)
    trips = (
        everybody
        * 0.0016
        * season
        * (0.35 + 0.05 * (year - 2003)[:, None, None])
        * (1 - 0.98 * closed[:, None, None])
    )
    covered = everybody * share
    parts = {
        "persons": everybody, "serving": everybody * 0.75, "retired": everybody * 0.25, "vacant": everybody * 0.004,
        "covered": covered, "documents_held": covered * 0.4, "with_document": everybody * 0.3,
        "applying": covered * 0.002, "permitted": covered * 0.001, "abroad": trips * 1.7,
        "in_custody": everybody * 2e-5,
        "listed": covered * 0.7, "loyal": everybody * (1 - shown), "withdrawn": everybody * shown * 0.96,
        "dissent": everybody * shown * 0.04, "falsifiers": everybody * (opposed - 0.8 * shown),
        "opposed": everybody * opposed,
        "mean_opposition": 0.2 + 0.6 * opposed,
        "applications": trips * share * 0.9 * noise, "grants": trips * share * 0.6 * noise,
        "refusals": trips * share * 0.22 * noise, "withdrawals": trips * share * 0.08 * noise,
        "departures_permitted": trips * share * 0.6 * noise, "departures_free": trips * (1 - share) * noise,
        "departures_disobedient": trips * share * 0.02 * noise, "overstayed": trips * 0.0009 * noise,
        "left_for_good": trips * 0.0006 * noise, "fled": trips * 0.00001, "caught": trips * 0.00002,
        "stopped": trips * share * 0.004 * noise, "wrongly_stopped": trips * share * 0.0007 * noise,
        "investigated": everybody * 2e-4 * (0.4 + _rise(year, 2013.5, 0.5))[:, None, None] * noise,
        "reported": everybody * 5e-6 * noise,
        "sanctioned": everybody * 1.6e-4 * (0.4 + _rise(year, 2013.5, 0.5))[:, None, None] * noise,
        "returned": trips * 0.998 * noise, "unfree_person_years": covered * 7 / 365.25,
    }  # fmt: skip
    cells = {
        name: (("time", "sector", "rank"), np.broadcast_to(values, shape)) for name, values in parts.items()
    }
    return cells | {"mean_confidence": (("time", "sector"), 0.7 - 0.2 * opposed.mean(axis=2))}


def _nation(year: np.ndarray, random: np.random.Generator) -> dict[str, tuple]:
    true = 0.27 + 0.08 * _rise(year, 2015, 1) + 0.04 * _rise(year, 2022.5, 0.6)
    control = (
        0.35 + 0.2 * _rise(year, 2014, 1) + 0.3 * _rise(year, 2020.2, 0.3) - 0.1 * _rise(year, 2023.1, 0.3)
    )
    wander = np.cumsum(random.standard_normal(year.size)) * 0.0008
    waits = (
        9
        + 6 * _rise(year, 2014.8, 0.5)
        + 8 * _rise(year, 2020.2, 0.2)
        - 4 * _rise(year, 2023.2, 0.2)
        + wander * 30
    )
    values = {
        "believed_opposition": 0.09 + 0.02 * _rise(year, 2015, 1) + wander, "believed_sd": 0.018 + 0 * year,
        "true_opposition": true, "reported_opposition": 0.05 + wander / 2,
        "perceived_crisis": 0.2 + 0.3 * control + wander,
        "control": control, "elite_conflict": 0.1 + 0.25 * np.exp(-((year - 2014.5) ** 2) / 4),
        "seen_dissent": 0.003 + 0 * year,
        "mean_wait_weeks": waits, "hope_visit": 0.8 - 0.3 * control, "hope_leave": 0.3 - 0.1 * control,
    }  # fmt: skip
    return {name: (("time",), part) for name, part in values.items()}


def _regions(year: np.ndarray, random: np.random.Generator) -> dict[str, tuple]:
    shape = (year.size, len(REGIONS))
    incident = np.zeros(shape)
    incident[(year > 2022.85) & (year < 2022.95), 0] = 0.6
    incident[(year > 2011.2) & (year < 2011.3), 2] = 0.3
    lost = np.zeros(shape)
    lost[(year > 2022.88) & (year < 2022.93), 0] = 1
    dissent = 0.004 * (1 + 0.3 * random.random(shape)) + 0.03 * incident
    exits = 1e5 * (1 + 0.6 * (year - 2003))[:, None] * np.array([0.5, 0.2, 0.15, 0.15])
    values = {
        "enforcement": 0.9 - 0.2 * incident, "dissent_share": dissent, "incident": incident, "loss_of_control": lost,
        "background_exits": np.broadcast_to(exits, shape), "background_passports": np.broadcast_to(exits * 0.2, shape),
    }  # fmt: skip
    return {name: (("time", "region"), part) for name, part in values.items()}


def make_dataset_for(scenario: Scenario, *, seed: int = 1) -> xr.Dataset:
    """Return a made-up run with the sectors, ranks, regions and rules of a scenario."""
    made = make_dataset(seed=seed)
    data = made.drop_vars(["rule_coverage", "rule"]).isel(
        sector=np.arange(len(scenario.sectors)) % made.sizes["sector"],
        rank=np.arange(len(scenario.ranks)),
        region=np.arange(len(scenario.regions)) % made.sizes["region"],
    )
    days = data["time"].values.astype("datetime64[D]").astype(object)
    shares = [[_in_force(rule, day) for rule in scenario.rules] for day in days]
    data = data.assign_coords(
        sector=list(scenario.sector_names),
        rank=list(scenario.rank_names),
        region=list(scenario.region_names),
        rule=[rule.id for rule in scenario.rules],
    )
    labels = {"units": "share", "long_name": "rule coverage", "source": "made up for tests"}
    data["rule_coverage"] = (("time", "rule"), np.array(shares, np.float32).reshape(len(days), -1), labels)
    data.attrs |= {"scenario": scenario.name, "title": scenario.title, "scenario_hash": scenario.hash}
    return data


def _in_force(rule: Rule, day: date) -> float:
    if rule.start is None or day < rule.start or (rule.until is not None and day >= rule.until):
        return 0.0
    return rule.coverage_at(day)
