"""What an observation model is: a pure function from truth and random words to data, and its likelihood.

A model draws nothing itself. It says how many 32-bit words one observation takes and turns them into data by
inverse distribution functions, so that the same words give the same data on every machine and twin worlds can share
their measurement errors as they share everything else.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]


class Observation(Protocol):
    """A model of how truth becomes data.

    Attributes
    ----------
    words : int
        Random words that one observation takes.
    """

    @property
    def words(self) -> int:
        """Random words that one observation takes."""

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return data for each truth, shape (figures of an observation, *truth.shape).

        `words` has the shape (self.words, *truth.shape).
        """

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log of the density (or chance) of the data for each truth.

        `observed` has the shape that `simulate` returns; the answer has that of the broadcast truth.
        """


def uniforms(words: Words) -> Floats:
    """Return uniforms in (0, 1), never 0 or 1, from 32-bit words.

    Examples
    --------
    >>> uniforms(np.array([0, 2**31, 2**32 - 1], dtype=np.uint32)).round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    return (np.asarray(words, dtype=np.float64) + 0.5) / 2.0**32


def random_words(model: Observation, shape: tuple[int, ...], *, seed: int) -> Words:
    """Return words for observations of this shape: Philox, keyed by the seed."""
    generator = np.random.Generator(np.random.Philox(key=seed))
    return generator.integers(0, 2**32, size=(model.words, *shape), dtype=np.uint32)
