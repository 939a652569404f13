"""Elementary functions as polynomials: the same bits on every machine and in every lane.

A C library's ``exp`` differs between versions and is a scalar call in a loop; these are branch-free,
so that a compiled loop runs them on all lanes. Relative error is below 3e-7 on the stated range.
Polynomials: exponential and logarithm after Moshier's Cephes library (netlib), fitted form; normal
quantile after M. Giles, "Approximating the erfinv function", GPU Computing Gems (2011).
"""

from exitvoice.engine.primitives import bits_of, from_bits, fused, integer, real, square_root, u32


def exponential(x: float) -> float:
    """exp(x) for x in [-87, 87]; arguments beyond are held at the ends."""
    x = -87.0 if x < -87.0 else x
    x = 87.0 if x > 87.0 else x
    # adding and taking away 1.5 * 2**23 rounds to the nearest whole number in 32-bit reals
    n = fused(x, 1.44269504, 12582912.0) - 12582912.0
    r = fused(n, 2.12194440e-4, fused(n, -0.693359375, x))
    p = fused(1.9875691500e-4, r, 1.3981999507e-3)
    p = fused(p, r, 8.3334519073e-3)
    p = fused(p, r, 4.1665795894e-2)
    p = fused(p, r, 1.6666665459e-1)
    p = fused(p, r, 5.0000001201e-1)
    p = fused(p, r * r, r) + 1.0
    return p * from_bits(u32((integer(n) + 127) << 23))


def logarithm(x: float) -> float:
    """Natural logarithm for normal positive x."""
    pattern = bits_of(x)
    exponent = real(integer(integer(pattern >> 23) - 127))
    mantissa = from_bits(u32((pattern & 0x7FFFFF) | 0x3F800000))
    large = mantissa > 1.41421356
    mantissa = mantissa * 0.5 if large else mantissa
    exponent = exponent + 1.0 if large else exponent
    z = mantissa - 1.0
    p = fused(7.0376836292e-2, z, -1.1514610310e-1)
    p = fused(p, z, 1.1676998740e-1)
    p = fused(p, z, -1.2420140846e-1)
    p = fused(p, z, 1.4249322787e-1)
    p = fused(p, z, -1.6668057665e-1)
    p = fused(p, z, 2.0000714765e-1)
    p = fused(p, z, -2.4999993993e-1)
    p = fused(p, z, 3.3333331174e-1)
    square = z * z
    y = fused(p, z * square, fused(square, -0.5, exponent * -2.12194440e-4))
    return fused(exponent, 0.693359375, z + y)


def power(x: float, exponent: float) -> float:
    """Raise a positive x to `exponent`; the relative error is below 3e-6 while abs(exponent * log(x)) < 20."""
    return exponential(exponent * logarithm(x))


def logistic(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exponential(-x))


def clip(x: float, low: float, high: float) -> float:
    """The nearest value to x in [low, high]."""
    x = low if x < low else x
    return high if x > high else x


def larger(x: float, y: float) -> float:
    """The larger of two values."""
    return x if x > y else y


def smaller(x: float, y: float) -> float:
    """The smaller of two values."""
    return x if x < y else y


def by_class(place: int, first: float, second: float, third: float, fourth: float) -> float:
    """One of four values by a class from 0 to 3: cheaper than reading a table."""
    value = second if place >= 1 else first
    value = third if place >= 2 else value
    return fourth if place >= 3 else value


def probability(rate: float, years: float) -> float:
    """Chance of at least one event: 1 - exp(-rate * years); rate a year, never below 0."""
    exposure = rate * years
    x = exposure if exposure > 0.0 else 0.0
    # 1 - exp(-x) loses its digits where x is small, and rare events live there: a series up to .1
    series = x * (1.0 - x * (0.5 - x * (0.16666667 - x * 0.041666668)))
    return series if x < 0.1 else 1.0 - exponential(-x)


def normal_quantile(u: float) -> float:
    """Standard normal quantile of u in (0, 1); absolute error below 2e-5 for u above 1e-6 and 2e-3 down to 3e-10."""
    x = fused(2.0, u, -1.0)
    w = -logarithm(4.0 * u * (1.0 - u))
    c = w - 2.5
    p = fused(2.81022636e-08, c, 3.43273939e-07)
    p = fused(p, c, -3.5233877e-06)
    p = fused(p, c, -4.39150654e-06)
    p = fused(p, c, 0.00021858087)
    p = fused(p, c, -0.00125372503)
    p = fused(p, c, -0.00417768164)
    p = fused(p, c, 0.246640727)
    p = fused(p, c, 1.50140941)
    t = square_root(w if w > 0.0 else 0.0) - 3.0
    q = fused(-0.000200214257, t, 0.000100950558)
    q = fused(q, t, 0.00134934322)
    q = fused(q, t, -0.00367342844)
    q = fused(q, t, 0.00573950773)
    q = fused(q, t, -0.0076224613)
    q = fused(q, t, 0.00943887047)
    q = fused(q, t, 1.00167406)
    q = fused(q, t, 2.83297682)
    return 1.41421356 * x * (p if w < 5.0 else q)
