"""The sentences of the page that are not figures."""

from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import TOO_FEW, Material, Table, titled
from exitvoice.results import Summary
from exitvoice.scenario import Scenario

THEORIES = {
    "kuran": "Kuran: people weigh what they feel against what it costs to show it",
    "epstein": "Epstein: people act when grievance exceeds the risk by a threshold",
    "self_censorship": "Self-censorship: people choose how far to show what they feel (Daymude, Axelrod, Forrest)",
}
LEADERSHIPS = {
    "naive": "naive: it takes displays of loyalty at face value",
    "sophisticated": "sophisticated: it knows that displays can be false and infers how candid people are",
    "sophisticated_flat": "sophisticated, with no opinion beforehand on how candid people are",
}
CONTROLS = {
    "scripted": "scripted: it follows the dated series of the scenario",
    "endogenous": "endogenous: it answers to the crisis that the leadership perceives",
}


@dataclass(frozen=True)
class Tile:
    """One figure with its name and a few words; `variable` is what it is taken from, where that is one of a run's."""

    name: str
    figure: str
    note: str
    variable: str = ""


@dataclass(frozen=True)
class Cost:
    """The opening of the page."""

    total: str
    meaning: str
    tiles: tuple[Tile, ...]
    synthetic: str


@dataclass(frozen=True)
class About:
    """What the model is, what it is not, and how this run was set."""

    is_so: tuple[str, ...]
    is_not: tuple[str, ...]
    about: str
    facts: tuple[tuple[str, str], ...]


def subtitle(data: xr.Dataset, summary: Summary) -> str:
    """Say which time was simulated, with how many persons."""
    simulated = data.attrs.get("simulated_persons")
    persons = numbers.people(summary.persons)
    crowd = (
        f"{numbers.people(float(simulated))} simulated persons stand for {persons}" if simulated else persons
    )
    draw = f"scale {data.attrs.get('scale', 1)}, seed {data.attrs.get('seed', 0)}"
    return f"{summary.first_day} to {summary.last_day}. {crowd} ({draw})."


def cost(summary: Summary) -> Cost:
    """Open with the human cost."""
    bound = summary.covered / summary.persons if summary.persons else 0.0
    return Cost(
        total=numbers.amount(summary.person_years),
        meaning=(
            "One person who for one year may not decide freely to leave the country is one person-year: because a "
            "rule demands permission, the travel document is held or void, a sanction or a mistake keeps the person on "
            "the border's list, or the person is in custody. "
            f"This is the sum for all persons in the model from {summary.first_day[:4]} to {summary.last_day[:4]}."
        ),
        tiles=(
            Tile(
                f"In {summary.last_year}",
                numbers.amount(summary.person_years_last_year),
                "person-years",
                "unfree_person_years",
            ),
            Tile(
                "Bound in the last 52 weeks",
                numbers.people(summary.covered),
                f"persons, {numbers.share(bound)} of all",
                "covered",
            ),
            Tile(
                "Documents held by the state",
                numbers.people(summary.documents_held),
                "in the last 52 weeks",
                "documents_held",
            ),
            Tile("Refused permission", numbers.people(summary.refusals), "times, whole period", "refusals"),
            Tile(
                "Wrongly stopped at the border",
                numbers.people(summary.wrongly_stopped),
                "times, whole period",
                "wrongly_stopped",
            ),
            Tile(
                "Wait for a decision",
                f"{summary.mean_wait_weeks:.0f} weeks",
                "mean, last 52 weeks",
                "mean_wait_weeks",
            ),
        ),
        synthetic=(
            "Every person in the model is synthetic. No real person is in it, and none can be loaded. The figures are "
            "what follows from the rules and assumptions below, scaled to real head-counts: they are not a count of "
            "anybody."
        ),
    )


def notices(summary: Summary, manifest: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a reader must know before anything else: a run cut short, strata too few to read."""
    found = []
    if manifest.get("is_whole") is False:
        found.append(
            f"This run was stopped after step {manifest.get('steps_done')} of {manifest.get('steps_planned')}: "
            "the page shows what was done until then."
        )
    if summary.strata_too_few:
        found.append(
            f"{summary.strata_too_few} of {summary.strata} strata (a sector at a rank) have fewer than 30 simulated "
            f"persons and are too few to read. They are marked {TOO_FEW}; a larger scale cures it."
        )
    return tuple(found)


def about(scenario: Scenario, data: xr.Dataset) -> About:
    """Say what the model is and is not, in plain words."""
    strengths: dict[str, float] = scenario.mechanisms.model_dump()
    weaker = [
        f"{name.replace('_', ' ')} {strength:g}" for name, strength in strengths.items() if strength < 1
    ]
    return About(
        is_so=(
            "A simulation of persons in units of the state, under dated rules on who may leave the country, with "
            "offices that decide, a border with a watchlist, inspectors, informants, and a leadership that sees only "
            "what people show.",
            "An instrument to ask: if these rules and assumptions held, who would be held, what would be hidden, what "
            "would break?",
            "Sourced: each rule and number names the statement it rests on, or says that it is assumed.",
        ),
        is_not=(
            "A measurement, a census or a forecast. One run is one world that could follow from one set of "
            "assumptions.",
            "About real persons. There is no individual case in it and no way to put one in.",
            "A proof of any claim. Whether a claim holds must be asked over many worlds and several theories.",
        ),
        about=str(scenario.about or ""),
        facts=(
            ("Expression", THEORIES.get(scenario.theory, scenario.theory)),
            ("Leadership", LEADERSHIPS.get(scenario.leadership, scenario.leadership)),
            ("Control", CONTROLS.get(scenario.control, scenario.control)),
            (
                "Mechanisms",
                f"weakened or off: {', '.join(weaker)}"
                if weaker
                else f"all {len(strengths)} at full strength",
            ),
            ("Persons", f"{numbers.amount(float(data['persons'].isel(time=0).sum()))} at the start"),
        ),
    )


def strata(material: Material) -> Table:
    """Return simulated persons by sector and rank, those too few marked."""
    data = material.data
    simulated = data["persons"].mean("time") * float(data.attrs.get("scale", 1.0))
    rows = tuple(
        (
            titled(material.sector_titles, sector),
            *(
                f"{simulated.values[row, column]:,.0f}"
                + (TOO_FEW if bool(data["too_few"].values[row, column]) else "")
                for column in range(data.sizes["rank"])
            ),
        )
        for row, sector in enumerate(data["sector"].values)
    )
    return Table(("sector", *(titled(material.rank_titles, rank) for rank in data["rank"].values)), rows)


def command(data: xr.Dataset, manifest: Mapping[str, object]) -> str:
    """Return the command that makes the run again."""
    stated = manifest.get("command")
    if stated:
        return str(stated)
    name, scale, seed = (data.attrs.get(key, "") for key in ("scenario", "scale", "seed"))
    return f"exitvoice run {name} --scale {scale} --seed {seed}"


def again(data: xr.Dataset, manifest: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return what identifies the run: seed, hash, versions, machine."""
    facts = [
        ("Seed", str(data.attrs.get("seed", ""))),
        ("Scale", str(data.attrs.get("scale", ""))),
        ("Scenario", f"{data.attrs.get('scenario', '')}, hash {data.attrs.get('scenario_hash', '')}"),
        ("Made", str(manifest.get("created", ""))),
        ("Simulated in", f"{float(str(manifest['seconds'])):.1f} seconds" if manifest.get("seconds") else ""),
        ("Versions", _listed(manifest.get("versions"))),
        ("Machine", _listed(manifest.get("machine"))),
    ]
    return tuple((name, text) for name, text in facts if text)


def _listed(value: object) -> str:
    return ", ".join(f"{name} {text}" for name, text in value.items()) if isinstance(value, Mapping) else ""
