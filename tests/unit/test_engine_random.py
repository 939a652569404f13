"""Philox4x32-10 gives the answers that Random123 publishes; words become reals inside (0, 1)."""

import numpy as np
import pytest

from exitvoice.engine.random import (
    lower_level,
    lower_uniform,
    philox,
    seed_halves,
    seed_words,
    uniform,
    upper_level,
    upper_uniform,
)

# Random123, tests/kat_vectors, philox4x32 10: counter (4 words), key (2 words), answer (4 words)
KNOWN = {
    "zero": ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": (
        (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    "digits of pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN.values(), ids=KNOWN)
def test_philox_gives_the_known_answers(counter, key, answer):
    assert philox(*counter, *key) == answer


def test_every_word_of_counter_and_key_matters():
    base = (1, 2, 3, 4, 5, 6)
    answers = {philox(*base)}
    for place in range(6):
        changed = list(base)
        changed[place] ^= 0x80000000
        answers.add(philox(*changed))
    assert len(answers) == 7


@pytest.mark.parametrize(
    ("seed", "halves"),
    [(0, (0, 0)), (2**32 - 1, (2**32 - 1, 0)), (0x123456789ABCDEF0, (0x9ABCDEF0, 0x12345678))],
)
def test_both_halves_of_a_seed_are_kept_the_lower_one_first(seed, halves):
    assert seed_halves(seed) == halves
    assert seed_words(seed) == halves
    assert all(isinstance(word, np.uint32) for word in seed_words(seed))


@pytest.mark.parametrize("word", [0, 1, 2, 3, 0x7FFFFFFF, 0x80000000, 0xFFFFFF7F, 0xFFFFFFFE, 0xFFFFFFFF])
def test_a_uniform_lies_strictly_inside_zero_and_one(word):
    u = uniform(word)
    assert isinstance(u, np.float32)
    assert 0.0 < u < 1.0


def test_uniforms_near_zero_are_fine_grained():
    first, second = uniform(0), uniform(2)
    assert first == np.float32(2.0**-32)
    assert second - first == pytest.approx(2.0**-31, rel=1e-6)


def test_uniforms_rise_with_their_word():
    words = np.linspace(0, 2**32 - 1, 5000).astype(np.uint64)
    drawn = [uniform(int(word)) for word in words]
    assert drawn == sorted(drawn)
    np.testing.assert_allclose(drawn, words / 2.0**32, atol=1e-7)


def test_the_halves_of_a_word_head_two_uniforms_and_share_their_tail():
    word, shared = 0xABCD1234, 0x9999BEEF
    assert upper_uniform(word, shared) == uniform(0xABCDBEEF)
    assert lower_uniform(word, shared) == uniform(0x1234BEEF)


def test_a_uniform_is_never_below_its_level_and_at_most_one_above():
    random = np.random.default_rng(20261126)
    words = [0, 1, 0xFFFF, 0x10000, 0xFFFF0000, 0xFFFFFFFF, *random.integers(0, 2**32, 2000).tolist()]
    for word, shared in zip(words, reversed(words), strict=True):
        for draw, level in ((upper_uniform, upper_level), (lower_uniform, lower_level)):
            u, told = float(draw(word, shared)), level(word)
            assert told / 65536 <= u <= (told + 1) / 65536
