"""What all parts of a scenario share: frozen, no unknown keys, and a word on what they rest on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

EARLIEST, LATEST = date(1900, 1, 1), date(2300, 1, 1)


def _sane_date(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise ValueError(f"the year {value.year} lies outside 1900 to 2300 | write a date of our times")
    return value


def _none_for_all(value: tuple[str, ...] | str) -> tuple[str, ...] | None:
    return None if isinstance(value, str) else value


Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=400)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Date = Annotated[date, AfterValidator(_sane_date)]
if TYPE_CHECKING:
    Names = tuple[str, ...] | None
else:
    Names = Annotated[Literal["all"] | tuple[str, ...], AfterValidator(_none_for_all)]
"""Names; None where a file says 'all'."""


class Part(BaseModel):
    """A frozen block of a scenario; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Supported(Part):
    """A block that says on whose word it stands: statements and claims, or 'assumed' and why."""

    evidence: tuple[str, ...] = Field(default=(), max_length=60)
    assumed: Text | None = None

    @property
    def is_supported(self) -> bool:
        """Whether the block names evidence or gives a reason."""
        return bool(self.evidence) or bool((self.assumed or "").strip())
