"""From counts to the vector that is compared: through the observation model, in logs, in units of each scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Figure, Floats, Part
from exitvoice.calibration.schema import Target
from exitvoice.observation import random_words

PARTS: Mapping[str, tuple[Part, ...]] = {
    "counted": ("value",),
    "detection": ("value",),
    "turnout": ("low", "high"),
}
"""What each observation model gives, in its order."""


@dataclass(frozen=True)
class Entry:
    """One number of the vector: which part of which figure."""

    figure: int
    part: Part
    is_fit: bool


def entries_of(figures: Sequence[Figure]) -> tuple[Entry, ...]:
    """Return the entries of every observed part of every figure."""
    return tuple(
        Entry(at, part, figure.is_fit) for at, figure in enumerate(figures) for part in figure.values
    )


def observed_vector(
    targets: Mapping[str, Target], figures: Sequence[Figure], entries: Sequence[Entry]
) -> Floats:
    """Return what was observed, as the vector that is compared."""
    values = np.array([figures[entry.figure].values[entry.part] for entry in entries])
    return _scaled(values, targets, figures, entries)


def simulated_vector(
    truths: Floats,
    targets: Mapping[str, Target],
    figures: Sequence[Figure],
    entries: Sequence[Entry],
    *,
    seed: int,
) -> Floats:
    """Return what would have been observed of some truths, as the vector that is compared.

    Parameters
    ----------
    truths : array (figures,)
    seed : int
        Of the errors of observation.
    """
    parts = dict(_observe(truths, targets, figures, seed))
    values = np.array([parts[entry.figure, entry.part] for entry in entries])
    return _scaled(values, targets, figures, entries)


def _observe(
    truths: Floats, targets: Mapping[str, Target], figures: Sequence[Figure], seed: int
) -> Iterator[tuple[tuple[int, Part], float]]:
    for number, (name, target) in enumerate(targets.items()):
        own = [at for at, figure in enumerate(figures) if figure.target == name]
        model = target.observation.model
        floored = np.maximum(np.nan_to_num(truths[own]), target.distance.floor)
        words = random_words(model, floored.shape, seed=seed * 64 + number)
        for part, row in zip(PARTS[target.observation.kind], model.simulate(floored, words), strict=True):
            for at, value in zip(own, row, strict=True):
                yield (at, part), float(value)


def _scaled(
    values: Floats, targets: Mapping[str, Target], figures: Sequence[Figure], entries: Sequence[Entry]
) -> Floats:
    scaled = np.empty(len(entries))
    for place, (entry, value) in enumerate(zip(entries, values, strict=True)):
        distance = targets[figures[entry.figure].target].distance
        shown = np.log(max(value, distance.floor)) if distance.form == "log" else value
        scaled[place] = shown / distance.scale
    return scaled


def unscaled(vectors: Floats, targets: Mapping[str, Target], figures: Sequence[Figure],
             entries: Sequence[Entry]) -> Floats:  # fmt: skip
    """Return vectors (n, entries) as counts again."""
    counts = np.empty_like(np.atleast_2d(vectors))
    for place, entry in enumerate(entries):
        distance = targets[figures[entry.figure].target].distance
        column = np.atleast_2d(vectors)[:, place] * distance.scale
        counts[:, place] = np.exp(column) if distance.form == "log" else column
    return counts
