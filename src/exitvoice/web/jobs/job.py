"""A job: what was ordered, how far it is, what came of it. Plain data, kept in the store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class State(StrEnum):
    """How a job stands. An interrupted job waits again; a stopped one waits for a person."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless somebody asks."""
        return self in (State.DONE, State.STOPPED, State.FAILED)


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RunOrder(_Order):
    """Simulate one world once."""

    kind: Literal["run"] = "run"
    text: str
    scale: float
    seed: int


class TwinsOrder(_Order):
    """Run two worlds with every draw shared, and follow single lives."""

    kind: Literal["twins"] = "twins"
    texts: tuple[str, str]
    names: tuple[str, str]
    scale: float
    seed: int
    replications: int
    lives: int


class ReplayOrder(_Order):
    """Show a claim's counter-example again."""

    kind: Literal["replay"] = "replay"
    claim: str
    case: str
    text: str


class BoardOrder(_Order):
    """Put claims to the test over many worlds."""

    kind: Literal["board"] = "board"
    world: str
    only: tuple[str, ...]
    budget: int
    scale: float
    seed: int


Order = Annotated[RunOrder | TwinsOrder | ReplayOrder | BoardOrder, Field(discriminator="kind")]


@dataclass(frozen=True)
class Job:
    """One job as it stands in the store.

    Attributes
    ----------
    id : str
        Opaque: drawn at random, looked up, never part of a path that a request could choose.
    title : str
    kind : str
        Of its order.
    state : State
    done, total : int
        Steps or runs.
    note : str
        What is being done, or why it failed, in words.
    created, started, ended : float
        Seconds since 1970; 0 where it has not come to that.
    is_stop_asked : bool
    attempts : int
        How often a worker has taken it up.
    version : int
        Grows with every change, so that a watcher can tell.
    remaining : float
        Seconds that it still takes, about; 0 where that is not known.
    """

    id: str
    title: str
    kind: str
    state: State
    done: int
    total: int
    note: str
    created: float
    started: float
    ended: float
    is_stop_asked: bool
    attempts: int
    version: int
    remaining: float

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0
