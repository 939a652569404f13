"""What a study of some protests would conclude: the sign and the significance of repression's coefficient."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.networks.draws import below, draw_words

SAMPLE_STREAM = 512
SHUFFLE_STREAM = 700
SHUFFLES = 20
SIGNIFICANT = 1.96  # of a t statistic: 2.5 % on either side where there is no effect


@dataclass(frozen=True)
class Signs:
    """Shares of studies that find repression to lessen protest, to do nothing, to add to it."""

    negative: float
    none: float
    positive: float


def study(
    rates: NDArray[np.float64], sizes: NDArray[np.float64], *, count: int, size: int, seed: int
) -> Signs:
    """Draw `count` samples of `size` protests, with replacement as the authors do, and regress size on rate in each."""
    words = draw_words(count * size, SAMPLE_STREAM, seed)[:, 0]
    picked = below(words, len(rates)).reshape(count, size)
    found = statistics(rates[picked], sizes[picked])
    negative, positive = float((found < -SIGNIFICANT).mean()), float((found > SIGNIFICANT).mean())
    return Signs(negative, 1.0 - negative - positive, positive)


def by_chance(
    rates: NDArray[np.float64], sizes: NDArray[np.float64], *, count: int, size: int, seed: int
) -> Signs:
    """Return what the same studies would find if the rates were dealt out to the protests at random.

    Sizes are so skewed that it need not be 2.5 % on either side.
    """
    found = []
    for shuffle in range(SHUFFLES):
        order = np.argsort(draw_words(len(rates), SHUFFLE_STREAM + shuffle, seed)[:, 0], kind="stable")
        found.append(study(rates[order], sizes, count=count // SHUFFLES, size=size, seed=seed + shuffle))
    means = np.mean([[signs.negative, signs.none, signs.positive] for signs in found], axis=0)
    return Signs(*(float(mean) for mean in means))


def statistics(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope over its standard error (t), of y on x in each row; 0 where a row has no spread.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0, 2.0, 3.0]])
    >>> bool(statistics(x, 2 * x + np.array([[0.1, -0.1, 0.1, -0.1]]))[0] > 20)
    True
    """
    x = x - x.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=1, keepdims=True)
    squares, products = (x * x).sum(axis=1), (x * y).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = products / squares
        rest = np.maximum((y * y).sum(axis=1) - slope * products, 0.0)
        found = slope / np.sqrt(rest / (x.shape[1] - 2) / squares)
    return np.where(np.isfinite(found), found, 0.0)
