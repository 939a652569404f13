"""Who is measured, on what, and where it is installed."""

from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = Path(".venv-peers")  # relative to the root of the repository
PACKAGE = "benchmarks.peers"


@dataclass(frozen=True)
class Environment:
    """A virtual environment and the pins that fill it."""

    folder: Path
    requirements: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"


# mesa-frames asks for NumPy 1.26 and Starsim for NumPy 2 or newer: they cannot share an environment.
COMMON = Environment(ENVIRONMENT, "requirements.txt")
FRAMES = Environment(ENVIRONMENT / "mesa-frames", "requirements-mesa-frames.txt")
ENVIRONMENTS = (COMMON, FRAMES)


@dataclass(frozen=True)
class Task:
    """Work that is timed at several sizes; seconds before a measurement is ended, by size where it differs."""

    name: str
    title: str
    sizes: tuple[int, ...]
    seconds: float = 20.0
    more_seconds: tuple[tuple[int, float], ...] = ()

    def limit(self, size: int) -> float:
        """Seconds a measurement of a size may take, start and building included."""
        return dict(self.more_seconds).get(size, self.seconds)


# One step of Mesa's example on 400 x 400 takes as long as a whole measurement elsewhere: it gets more time.
EPSTEIN = Task("epstein", "Epstein (2002), model I, as shipped", (40, 400), more_seconds=((400, 120.0),))
THRESHOLD = Task("threshold", "Group threshold model", (10_000, 100_000, 1_000_000, 10_000_000))
TASKS = (EPSTEIN, THRESHOLD)


@dataclass(frozen=True)
class Peer:
    """One implementation of one task: a module, its builder, and the distribution that must be installed."""

    name: str
    style: str
    task: Task
    module: str
    distribution: str
    builder: str = "build"
    environment: Environment = COMMON


PEERS = (
    Peer("mesa", "shipped example, unchanged", EPSTEIN, "mesa_epstein", "mesa"),
    Peer("numpy plain", "whole arrays", THRESHOLD, "numpy_plain", "numpy"),
    Peer("numpy tuned", "in place, float32, blocks", THRESHOLD, "numpy_tuned", "numpy"),
    Peer("starsim", "states, common random numbers", THRESHOLD, "starsim_threshold", "starsim"),
    Peer(
        "starsim, crn off",
        "states, plain draws",
        THRESHOLD,
        "starsim_threshold",
        "starsim",
        "build_plain_draws",
    ),
    Peer("ambr", "tensor lane", THRESHOLD, "ambr_threshold", "ambr"),
    Peer(
        "mesa-frames",
        "Polars expressions",
        THRESHOLD,
        "mesa_frames_threshold",
        "mesa_frames",
        environment=FRAMES,
    ),
    Peer("agentpy", "AgentList method", THRESHOLD, "agentpy_threshold", "agentpy"),
    Peer(
        "agentpy, gathered",
        "AttrIter from NumPy",
        THRESHOLD,
        "agentpy_threshold",
        "agentpy",
        "build_gathered",
    ),
    Peer("mesa", "AgentSet.do", THRESHOLD, "mesa_threshold", "mesa"),
    Peer("mesa, gathered", "NumPy, then handed out", THRESHOLD, "mesa_threshold", "mesa", "build_gathered"),
)

# Looked for in the installed packages, and for mesa-frames and AMBER in the examples of their repositories.
SHIPS_NO_EPSTEIN = {
    "mesa-frames": "the package has no examples, its repository Boltzmann wealth and Sugarscape",
    "agentpy": "the package has wealth transfer and segregation",
    "starsim": "the package has models of diseases, pregnancy and networks",
    "ambr": "the package has no examples, its repository segregation, flocking, virus spread, fire and buttons",
}
