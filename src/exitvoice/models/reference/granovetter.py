"""Threshold models of collective behaviour: whether a crowd riots hangs on single persons.

    r(t + 1) = F(r(t)),   F the distribution of thresholds; at rest where F crosses the diagonal from above

The example of a hundred thresholds 0, 1, ..., 99 and of the normal distribution with mean 25 are Granovetter's, here
relayed by github.com/TimRichter/CartesianSeminar, jalt.online/granovetter.html and empiresandmangers.blogspot.com
(2018); the stored copy of the paper gives only its title page. The deviation 12.2 stands also in the code of
Steinert-Threlkeld and Steinert-Threlkeld (2021). That the jump lies 'around 0.10', as the first of these says, is
not so for this distribution: the fold of r = F(r) is at .1222208687.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

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

MEAN = 0.25
FOLD, FOLD_SHARE = 0.1222208687, 0.0620032515  # where the lower equilibrium ends, and its share there
DEVIATIONS = (0.05, 0.10, 0.11, 0.12, 0.122, 0.1225, 0.125, 0.13, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 2.0)
BLUR = (0.120, 0.122, 0.1225, 0.125)
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
PLACES = {
    "lower": 0.0,
    "middle": 0.5,
    "upper": 1.0,
}  # which quantile the i-th of N persons has: (i - 1 + it) / N
MOST_CROWDS = 1000


def run(setting: Setting, progress: Progress) -> Outcome:
    """Make the paper's two crowds, its curve over the deviation, and the same for ever larger crowds."""
    largest = setting.whole("persons")
    sizes = [size for size in SIZES if size <= largest] or [largest]
    work = 3 + len(DEVIATIONS) + len(sizes) * len(BLUR)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, work)

    two = cascade.settle(cascade.given(np.array([range(100), [0, 2, *range(2, 100)]], np.float64)))
    step()
    jumps = {name: jump(place) for name, place in PLACES.items()}
    step()
    trap = max(_final(100_000, deviation, setting.seed, truncated=True) for deviation in (0.1, 0.3, 0.5))
    step()
    curve = []
    for deviation in DEVIATIONS:
        curve.append(_final(largest, deviation, setting.seed))
        step()
    chances = np.zeros((len(sizes), len(BLUR)))
    for row, size in enumerate(sizes):
        for column, deviation in enumerate(BLUR):
            chances[row, column] = _chance(size, deviation, setting.seed)
            step()
    obtained = {
        "domino": float(two[-1, 0]),
        "domino-steps": float(len(two) - 1),
        "broken": float(two[-1, 1]),
        "jump-largest": jump_of_draws(largest, setting.seed),
        "trap": trap,
        **{f"jump-{name}": found[0] for name, found in jumps.items()},
        **{f"before-{name}": float(found[1]) for name, found in jumps.items()},
        **{f"at-{deviation:g}": value for deviation, value in zip(DEVIATIONS, curve, strict=True)},
        "falls": float(all(np.diff([v for d, v in zip(DEVIATIONS, curve, strict=True) if d >= 0.2]) < 0)),
        "blur-small": float(chances[0, 1]),
        "sharp-large": float(chances[-1, -1] - chances[-1, 0]),
    }
    charts = (_dominoes(two), _curve(curve, largest), _blur(sizes, chances))
    return Outcome(obtained, charts, NOBODY_HURT)


NOBODY_HURT = Cost(
    None, "people hurt", "The model counts who joins; what becomes of those who do is not in it."
)


def fixed_point(deviation: float) -> float:
    """Smallest share that is at rest, in an infinite crowd."""
    share = 0.0
    for _ in range(100_000):
        after = float(ndtr((share - MEAN) / deviation))
        if after - share < 1e-12:
            break
        share = after
    return share


def quantile_thresholds(deviation: float, place: float, persons: int = 100) -> NDArray[np.float64]:
    """Thresholds in persons that follow the normal distribution without chance."""
    with np.errstate(divide="ignore"):
        shares = MEAN + deviation * ndtri((np.arange(persons) + place) / persons)
    bounded = np.where(np.isfinite(shares), shares, np.sign(shares) * 9.0)
    return np.asarray(np.maximum(bounded, 0.0) * persons, np.float64)


def jump(place: float) -> tuple[float, int]:
    """Deviation in percent, in steps of .05, from which a hundred persons riot, and who riots just below it."""
    deviations = np.arange(10.0, 15.0, 0.05)
    thresholds = np.array([quantile_thresholds(value / 100.0, place) for value in deviations])
    final = cascade.settle(cascade.given(thresholds))[-1]
    first = int(np.flatnonzero(final > 50)[0])
    return float(deviations[first]), int(final[first - 1])


def jump_of_draws(persons: int, seed: int) -> float:
    """Deviation from which one crowd with drawn thresholds riots, halved down to 1e-5."""
    low, high = 0.11, 0.14
    while high - low > 1e-5:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _final(persons, middle, seed) > 0.5 else (middle, high)
    return high


def _final(persons: int, deviation: float, seed: int, *, truncated: bool = False) -> float:
    quantiles = (
        (float(ndtr(-MEAN / deviation)), float(ndtr((1 - MEAN) / deviation))) if truncated else (0.0, 1.0)
    )
    crowds = cascade.drawn(
        crowds=1, persons=persons, mean=MEAN, deviation=deviation, seed=seed, quantiles=quantiles
    )
    return float(cascade.settle(crowds)[-1, 0] / persons)


def _chance(persons: int, deviation: float, seed: int) -> float:
    crowds = max(1, min(MOST_CROWDS, 1_000_000 // persons))
    final = cascade.settle(
        cascade.drawn(crowds=crowds, persons=persons, mean=MEAN, deviation=deviation, seed=seed)
    )
    return float((final[-1] > persons / 2).mean())


def _dominoes(two: NDArray[np.int64]) -> Chart:
    steps = np.arange(len(two), dtype=np.float64)
    return Chart(
        key="dominoes",
        title="One person's threshold",
        reading=f"Thresholds 0, 1, ..., 99: {two[-1, 0]} riot. The same with 2 in place of 1: {two[-1, 1]}.",
        across="step",
        upward="persons who riot",
        curves=(
            Curve("0, 1, 2, ..., 99", steps, two[:, 0].astype(np.float64), "strong"),
            Curve("0, 2, 2, ..., 99", steps, two[:, 1].astype(np.float64)),
        ),
    )


def _curve(values: list[float], persons: int) -> Chart:
    deviations = np.array(DEVIATIONS)
    fine = np.concatenate([np.linspace(0.05, FOLD - 1e-6, 60), np.linspace(FOLD + 1e-4, 2.0, 200)])
    return Chart(
        key="deviations",
        title="The crowd at rest, by the spread of thresholds",
        reading=f"Mean threshold 25 %. At {100 * FOLD:.2f} % the lower equilibrium ends, at {100 * FOLD_SHARE:.1f} % "
        "of the crowd; beyond it nearly all join, and ever fewer the wider thresholds spread.",
        across="standard deviation of thresholds",
        upward="share that joins",
        curves=(
            Curve("solved", fine, np.array([fixed_point(float(value)) for value in fine]), "limit"),
            Curve(f"{persons:,} persons", deviations, np.array(values), "points"),
        ),
    )


def _blur(sizes: list[int], chances: NDArray[np.float64]) -> Chart:
    return Chart(
        key="sizes",
        title="What size changes: chance that more than half join",
        reading="With a hundred persons chance decides over a wide stretch; with a million the jump is sharp.",
        across="persons in the crowd",
        upward="share of crowds of which more than half join",
        curves=tuple(
            Curve(f"deviation {deviation:g}", np.array(sizes, np.float64), chances[:, column])
            for column, deviation in enumerate(BLUR)
        ),
        is_logarithmic=True,
    )


def _targets() -> tuple[Target, ...]:
    accounts = "Granovetter 1978, 1424; CartesianSeminar, empiresandmangers.blogspot.com"
    solved = "smallest root of r = Phi((r - .25) / s)"
    found = [
        Target("domino", "rioters with thresholds 0, 1, ..., 99", "100", 100, 100, accounts, "relayed"),
        Target("broken", "rioters if the threshold 1 is 2", "1", 1, 1, accounts, "relayed"),
        Target("domino-steps", "steps until all riot", "100", 100, 100, "arithmetic", "derived"),
        Target(
            "jump-lower",
            "deviation (percent) from which 100 persons riot; quantiles (i - 1)/N",
            "12.2",
            12.1,
            12.4,
            "Granovetter 1978; .12 in CartesianSeminar and jalt.online, .122 in shanest/scale-free-protest",
            "relayed",
        ),
        Target("before-lower", "rioters just below it", "6", 6, 6, "CartesianSeminar", "relayed"),
        Target("jump-middle", "the same with quantiles (i - 1/2)/N", "12.55 to 12.6", 12.54, 12.61, solved, "derived"),
        Target("jump-upper", "the same with quantiles i/N", "12.9", 12.84, 12.96, solved, "derived"),
        Target("trap", "largest share, thresholds truncated to [0, 1]", "0: F(0) = 0", 0, 0, "algebra", "derived"),
        Target("falls", "the share falls from .2 on (1: at each step)", "falls to 1/2", 1, 1, solved, "derived"),
        Target(
            "jump-largest",
            "deviation from which a million drawn persons riot",
            f"{FOLD:.4f}",
            FOLD - 0.001,
            FOLD + 0.001,
            solved,
            "derived",
        ),
        Target("blur-small", "chance that most of 100 join at .122", "blurred", 0.1, 0.9, "sampling", "derived"),
        Target("sharp-large", "chance at .125 less chance at .120, a million", "1", 1, 1, "sampling", "derived"),
    ]  # fmt: skip
    for deviation in (0.1, 0.11, 0.3, 0.5, 1.0, 2.0):
        exact = fixed_point(deviation)
        found.append(
            Target(
                f"at-{deviation:g}",
                f"share of a million that joins at deviation {deviation:g}",
                f"{exact:.4f}",
                exact - 0.003,
                exact + 0.003,
                solved,
                "derived",
            )
        )
    return tuple(found)


MODEL = ReferenceModel(
    name="granovetter",
    title="Threshold models of collective behaviour",
    source="M. Granovetter, 'Threshold models of collective behavior', AJS 83 (1978) 1420-1443",
    claim=(
        "Each joins once enough others have. Two crowds that differ in one person, or a little in their spread, end "
        "quite differently: the outcome does not tell what people want."
    ),
    options=(Option("persons", 1_000_000, "persons of the largest crowd", low=100, high=10_000_000),),
    targets=_targets(),
    run=run,
    notes=(
        "Negative thresholds count as 0. Truncating the distribution to [0, 1] instead leaves nobody to begin, and no "
        "crowd riots at any deviation.",
        "Where a hundred persons stand for a distribution, the place of each within its hundredth moves the jump from "
        "12.3 to 12.9 percent.",
    ),
)
