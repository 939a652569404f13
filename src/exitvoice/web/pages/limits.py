"""What one order may cost: asked before anything is put into the queue."""

from __future__ import annotations

from exitvoice.scenario import Scenario
from exitvoice.web.settings import Bounds

STEP = 10_000.0


def persons_of(scenario: Scenario, scale: float) -> float:
    """Return how many persons a run would simulate, about."""
    return scale * sum(sector.persons.value for sector in scenario.sectors)


def largest_scale(scenario: Scenario, bounds: Bounds, *, runs: int = 1) -> float:
    """Return the largest scale that the bounds allow."""
    persons = min(float(bounds.persons), bounds.person_steps / (scenario.grid.steps * runs))
    return min(1.0, persons / sum(sector.persons.value for sector in scenario.sectors))


def too_much(scenario: Scenario, scale: float, bounds: Bounds, *, runs: int = 1) -> str:
    """Say why an order is too large; empty where it is not."""
    if not 0.0 < scale <= 1.0:
        return "The scale lies above 0 and is at most 1."
    if runs > bounds.runs:
        return f"At most {bounds.runs:,} runs can be ordered at once; ask for fewer."
    persons = persons_of(scenario, scale)
    if persons < 1.0:
        return "At this scale nobody is left to simulate; choose a larger one."
    if persons > bounds.persons or persons * scenario.grid.steps * runs > bounds.person_steps:
        most = largest_scale(scenario, bounds, runs=runs)
        return (
            f"{persons:,.0f} persons, {scenario.grid.steps:,} steps and {runs:,} runs are more than one order may take "
            f"here; for this world choose a scale of at most {most:.3g}, or use the command line, which has no bound."
        )
    return ""


def usual_scale(scenario: Scenario, bounds: Bounds, *, persons: float = 1e5, runs: int = 1) -> float:
    """Return a scale of about so many persons, in two digits."""
    whole = sum(sector.persons.value for sector in scenario.sectors)
    scale = min(1.0, persons / whole, largest_scale(scenario, bounds, runs=runs))
    return float(f"{scale:.1g}") if scale < 1.0 else 1.0
