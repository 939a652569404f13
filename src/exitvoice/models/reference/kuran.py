"""Private truths, public lies: a person opposes in public once enough do, however much opposed in private.

    i opposes in public  iff  S >= T_i,   S the share that does, T_i the person's revolutionary threshold

The ten-person sequences are recalled from Kuran (1991), 20-21, and were not checked against it: the stored copies of
the 1989 and 1991 papers give no more than their abstracts. The equilibria follow from the sequences by arithmetic. The
abstracts are seen: a government that looks unshakeable may fall after a slight surge of the opposition, because
people hide their wish for change (1989); and the surprise is inherent, since thresholds are private (AJS 100:1528).

That claim is put to a test here: many societies are drawn from one distribution of thresholds, the same for all; what
tells those that will fall, the mean threshold or what nobody sees?
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference import cascade
from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Progress,
    ReferenceModel,
    Setting,
    Target,
)

SEQUENCES = {
    "A": (0, 20, 20, 30, 40, 50, 60, 70, 80, 100),
    "A'": (0, 10, 20, 30, 40, 50, 60, 70, 80, 100),
    "B": (0, 20, 30, 30, 40, 50, 60, 70, 80, 100),
    "B'": (0, 10, 30, 30, 40, 50, 60, 70, 80, 100),
}  # thresholds in percent of ten persons
EQUILIBRIA = {"A": 10, "A'": 90, "B": 10, "B'": 20}
MEAN, DEVIATION = 0.25, 0.122  # Granovetter's distribution, at the brink of its fold


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let the four sequences come to rest, and draw societies of one kind."""
    thresholds = np.array(list(SEQUENCES.values()), np.float64) / 10.0  # in persons
    history = cascade.settle(cascade.given(thresholds)) * 10
    progress(1, 2)
    societies, persons = setting.whole("societies"), setting.whole("persons")
    crowds = cascade.drawn(
        crowds=societies, persons=persons, mean=MEAN, deviation=DEVIATION, seed=setting.seed
    )
    drawn = crowds.column("threshold").astype(np.float64) / persons
    final = cascade.settle(crowds)[-1] / persons
    progress(2, 2)
    falls = final > 0.5
    by_mean = separates(-drawn.mean(axis=1), falls)
    low = (drawn <= 0.10).mean(axis=1)
    obtained = {
        **{f"equilibrium-{name}": float(value) for name, value in zip(SEQUENCES, history[-1], strict=True)},
        "share-that-falls": float(falls.mean()),
        "told-by-mean": by_mean,
        "told-by-tail": separates(low, falls),
    }
    charts = (_sequences(history), _societies(drawn.mean(axis=1), low, final))
    cost = Cost(None, "people hurt", "The model counts who opposes in public; reprisals are not in it.")
    return Outcome(obtained, charts, cost)


def separates(score: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Chance that a society that falls has a higher score than one that does not; a tie counts half.

    Examples
    --------
    >>> separates(np.array([1.0, 2.0, 2.0]), np.array([False, True, False]))
    0.75
    """
    if truth.all() or not truth.any():
        return float("nan")
    above, below = np.sort(score[truth]), np.sort(score[~truth])
    less = np.searchsorted(below, above, "left").sum()
    tied = np.searchsorted(below, above, "right").sum() - less
    return float((less + 0.5 * tied) / (len(above) * len(below)))


def _sequences(history: NDArray[np.int64]) -> Chart:
    steps = np.arange(len(history), dtype=np.float64)
    return Chart(
        key="sequences",
        title="Four societies of ten, each a hair from another",
        reading="One threshold falls from 20 to 10: from A to A' that is a revolution, from B to B' nothing much. A "
        "and B' have the same mean threshold.",
        across="step",
        upward="percent who oppose in public",
        curves=tuple(
            Curve(
                f"{name} (mean {np.mean(SEQUENCES[name]):.0f})",
                steps,
                history[:, place].astype(np.float64),
                "strong" if name == "A'" else "obtained",
            )
            for place, name in enumerate(SEQUENCES)
        ),
    )


def _societies(means: NDArray[np.float64], low: NDArray[np.float64], final: NDArray[np.float64]) -> Chart:
    shown = slice(0, 600)
    return Chart(
        key="societies",
        title="Societies drawn from one distribution",
        reading=f"{(final > 0.5).mean():.0%} of {len(final):,} end in open opposition, the others look calm. Each dot "
        "is a society; thresholds come from one distribution, but nobody sees them.",
        across="mean threshold",
        upward="share that opposes in public in the end",
        curves=(Curve("a society", means[shown], final[shown], "points"),),
    )


TARGETS = (
    *(
        Target(
            f"equilibrium-{name}",
            f"percent in open opposition, sequence {name}",
            f"{value}",
            value,
            value,
            "Kuran 1991, 20-21 (the sequences; the equilibria follow by arithmetic)",
            "recalled",
        )
        for name, value in EQUILIBRIA.items()
    ),
    Target(
        "share-that-falls",
        "share of societies of one kind that fall",
        "some fall, some do not, and nothing seen tells them apart",
        0.05,
        0.95,
        "Kuran 1989, abstract",
        "seen",
    ),
    Target(
        "told-by-mean",
        "chance that the mean threshold tells which of two societies falls (.5: no better than a coin)",
        "the mean does not tell",
        0.5,
        0.75,
        "Kuran 1991 (recalled: A and B' have one mean)",
        "recalled",
        if_missed=(
            "in a hundred persons the mean moves with the low thresholds that begin a cascade, so it tells something, "
            "though an observer without the thresholds could not know it either"
        ),
    ),
)

MODEL = ReferenceModel(
    name="kuran",
    title="Preference falsification and surprise",
    source="T. Kuran, Public Choice 61 (1989) 41-74; 'Now out of never', World Politics 44 (1991) 7-48",
    claim=(
        "People hide what they want while few show it. So a small private change may bring down a regime, or nothing "
        "may follow from it; and since thresholds are private, revolutions surprise."
    ),
    options=(
        Option(
            "societies", 1000, "societies drawn from one distribution of thresholds", low=10, high=100_000
        ),
        Option("persons", 100, "persons in each of them", low=10, high=1_000_000),
    ),
    targets=TARGETS,
    run=run,
    notes=(
        "The societies' thresholds are normal with mean 25 % and deviation 12.2 %, at the fold (assumed).",
    ),
)
