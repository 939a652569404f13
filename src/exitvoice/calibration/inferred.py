"""What a method gives: weighted draws, and how it came to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exitvoice.calibration.bank import Bank
from exitvoice.calibration.figures import Floats


@dataclass(frozen=True)
class Inferred:
    """Draws of the unknowns, (draws, factors), their weights (sum 1), and settings and course of the method.

    `predicted` holds what those draws gave, where the method knows it without simulating them again.
    """

    values: Floats
    weights: Floats
    made: Mapping[str, Any]
    predicted: Bank | None = None
