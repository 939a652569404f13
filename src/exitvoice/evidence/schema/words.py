"""Words that only statements use."""

from typing import Literal

Flowing = Literal["gross", "net"]
Basis = Literal["text", "practice"]
