"""`fused` is x * y + z rounded once, against exact rational arithmetic.

Magnitudes are such that neither the product nor what is left after a cancellation falls below the normal 32-bit reals:
a product of two reals of 24 bits from 2**-40 upwards is a multiple of 2**-126.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exitvoice.engine.primitives import fused, real

ONE_BELOW, ONE_ABOVE = 1.0 - 2.0**-24, 1.0 + 2.0**-23


def nearest(exact: Fraction) -> np.float32:
    """The 32-bit real nearest to a rational number, the even one of two equally near."""
    if exact == 0:
        return np.float32(0.0)
    exponent = math.frexp(float(abs(exact)))[1] - 24
    exponent -= abs(exact) < Fraction(2) ** (
        exponent + 23
    )  # the float above may have been rounded up to a power of 2
    places = exact / Fraction(2) ** exponent
    assert 2**23 <= abs(places) < 2**24
    return np.float32(math.ldexp(round(places), exponent))  # Python rounds a half to the even whole number


def exactly(x: float, y: float, z: float) -> Fraction:
    return Fraction(float(x)) * Fraction(float(y)) + Fraction(float(z))


def twice_rounded(x: float, y: float, z: float) -> np.float32:
    """What one would write without thinking: the sum in 64 bits, rounded again to 32."""
    return np.float32(float(x) * float(y) + float(z))


def reals(low: int, high: int) -> st.SearchStrategy[np.float32]:
    """32-bit reals of either sign, all magnitudes from 2**low to 2**high alike."""
    parts = st.tuples(st.sampled_from([-1, 1]), st.integers(2**23, 2**24 - 1), st.integers(low, high - 1))
    return parts.map(lambda part: np.float32(part[0] * math.ldexp(part[1], part[2] - 23)))


def check(x, y, z):
    got, wanted = fused(x, y, z), nearest(exactly(x, y, z))
    assert isinstance(got, np.float32)
    assert got == wanted, (x, y, z, got, wanted)


@settings(max_examples=1000, deadline=None)
@given(reals(-40, 40), reals(-40, 40), reals(-80, 80) | st.just(np.float32(0.0)))
def test_it_is_the_nearest_real_over_all_magnitudes(x, y, z):
    check(x, y, z)


@settings(max_examples=500, deadline=None)
@given(reals(-2, 2), reals(-2, 2), reals(-4, 4))
def test_it_is_the_nearest_real_where_both_terms_weigh_alike(x, y, z):
    check(x, y, z)


@settings(max_examples=500, deadline=None)
@given(reals(-40, 40), reals(-40, 40), st.integers(-3, 3))
def test_what_a_cancellation_leaves_is_the_nearest_real_and_exact_if_it_is_what_rounding_took(x, y, away):
    z = -np.float32(float(x) * float(y))
    z = np.float32(float(z) + away * float(np.spacing(z)))
    check(x, y, z)
    if away == 0:  # what rounding took from a product is itself a real of 24 bits
        assert Fraction(float(fused(x, y, z))) == exactly(x, y, z)


@settings(max_examples=1000, deadline=None)
@given(
    z=reals(-20, 20),
    above=st.integers(-4, 4),
    beside=st.integers(-4, 4),
    below=st.integers(22, 60),
    is_minus=st.booleans(),
)
@example(z=np.float32(ONE_ABOVE), above=2, beside=-1, below=24, is_minus=False)
def test_beside_the_middle_between_two_reals_it_is_rounded_once(z, above, beside, below, is_minus):
    """The product is a power of two, from half the last place of z downwards, but for its own last places."""
    _, exponent = math.frexp(float(z))
    x = np.float32(ONE_ABOVE**above)
    y = np.float32(math.ldexp((1.0 + beside * 2.0**-23) * (-1.0 if is_minus else 1.0), exponent - 1 - below))
    check(x, y, z)


@settings(max_examples=300, deadline=None)
@given(reals(-20, 20), reals(-20, 20))
def test_without_a_third_term_it_is_the_product(x, y):
    assert fused(x, y, np.float32(0.0)) == x * y


@settings(max_examples=300, deadline=None)
@given(reals(-20, 20), reals(-20, 20))
def test_with_a_factor_of_one_it_is_the_sum(x, z):
    assert fused(x, np.float32(1.0), z) == x + z


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[st.floats(0.001, 1000.0)] * 3), st.tuples(*[st.booleans()] * 3))
def test_numbers_of_64_bits_are_those_of_32_that_they_become_in_a_kernel(numbers, are_narrow):
    """A literal of a rule is a 64-bit number in plain Python and a 32-bit one in a generated module."""
    given_ = [np.float32(n) if narrow else n for n, narrow in zip(numbers, are_narrow, strict=True)]
    assert fused(*given_) == fused(*(np.float32(n) for n in numbers))


@pytest.mark.parametrize("z", [np.inf, -np.inf])
def test_infinities_stay(z):
    assert fused(np.float32(2.0), np.float32(3.0), np.float32(z)) == z


def test_no_number_stays_no_number():
    assert math.isnan(fused(np.float32(2.0), np.float32(np.nan), np.float32(1.0)))


def test_rounding_twice_would_be_found_out():
    # negative control: half a last place of z less a 2**46th of it, which 64 bits cannot tell from the half
    x, y, z = real(ONE_ABOVE), real((1.0 - 2.0**-23) * 2.0**-24), real(ONE_ABOVE)
    assert nearest(exactly(x, y, z)) == z
    assert fused(x, y, z) == z
    assert twice_rounded(x, y, z) == real(1.0 + 2.0**-22)
