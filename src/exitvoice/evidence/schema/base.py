"""What every record of a ledger is made of: frozen, plain, and an unknown field is a mistake."""

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from exitvoice.evidence.periods import parse_period


def _as_text(value: object) -> object:
    """YAML reads 2024 as a number and 2024-06-06 as a date; the ledger keeps both as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _is_period(text: str) -> str:
    if parse_period(text) is None:
        raise ValueError(
            f"'{text}' is not a period | write 2024, 2024-06, 2024-06-30, or two with a slash: 2016/2022"
        )
    return text


KebabId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ClaimId = Annotated[str, Field(pattern=r"^C[1-9][0-9]{0,2}$")]
RecordId = Annotated[str, Field(pattern=r"^(C[1-9][0-9]{0,2}|[a-z0-9]+(-[a-z0-9]+)*)$", max_length=80)]
DateText = Annotated[str, BeforeValidator(_as_text), Field(min_length=4, max_length=60)]
PeriodText = Annotated[DateText, AfterValidator(_is_period)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]

Kind = Literal["stock", "flow", "rate", "rule", "opinion", "prediction"]
Counting = Literal["persons", "crossings", "cases"]
Quality = Literal["seen", "relayed", "recalled", "derived"]
Confidence = Literal["high", "medium", "low"]
Scope = Literal["one", "several", "most", "all"]


class Record(BaseModel):
    """Base of every record: frozen, and an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
