"""Collective action in social networks as a published model: options, and what a run of it shows."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.targets.cpu import Threads, default_threads
from exitvoice.errors import InputError, Mistake
from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Picture,
    Progress,
    ReferenceModel,
    Setting,
)
from exitvoice.models.reference.siegel.ensembles import LARGE, Case, Sweep, runs_at, sweep, swept
from exitvoice.models.reference.siegel.shapes import KINDS, order_of_people
from exitvoice.models.reference.siegel.targets import TARGETS
from exitvoice.models.reference.siegel.world import Siegel

AGAINST = ("shape", "ties", "elites", "size", "nothing")
PATHS = 6  # worlds drawn over time
PEOPLE, ROWS = 240, 120  # of the picture
WORDS = {
    "rewired": "share of ties that are rewired",
    "far": "ties a person to other villages",
    "exponent": "exponent of the power law of ties",
    "level": "ties a person to others of the level",
    "radius": "nearest on either side that one knows",
    "village": "people in a village",
    "fewest": "fewest ties of a person",
    "branches": "people below each",
    "elites": "motivation of the top 1 % above the others'",
    "size": "people",
}
OPTIONS = (
    Option("network", "small-world", "who knows whom", words=KINDS),
    Option(
        "against",
        "shape",
        "what is varied",
        words=AGAINST,
    ),
    Option(
        "size", 1000, "people (the paper: 1,000; at most 3,000 in a complete network)", low=20, high=2_000_000
    ),
    Option("runs", 40, "worlds drawn (fewer where they are large)", low=1, high=1000),
    Option("mean", 0.6, "mean of net internal motivation b", low=-1.0, high=2.0),
    Option("spread", 0.25, "standard deviation of b", low=0.0, high=2.0),
    Option("memory", 0.95, "share of c that is kept from step to step", low=0.0, high=0.999),
    Option("radius", 5, "small world: neighbours known on either side", low=1, high=500),
    Option("rewired", 0.1, "small world: share of ties that are rewired"),
    Option("village", 25, "villages: people in each", low=1, high=1000),
    Option("far", 1.0, "villages: mean ties a person to other villages", low=0.0, high=100.0),
    Option("exponent", 2.5, "opinion leaders: exponent of the power law of ties", low=1.5, high=6.0),
    Option("fewest", 1, "opinion leaders: fewest ties of a person", low=1, high=100),
    Option("branches", 5, "hierarchy: people below each", low=2, high=1000),
    Option("level", 4.0, "hierarchy: mean ties a person to others of the level", low=0.0, high=100.0),
    Option("elites", 0.0, "motivation of the top 1 % above that of the others", low=-2.0, high=2.0),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Draw worlds, let each come to rest, and vary one parameter."""
    case = Case(setting.word("network"), {o.name: setting.number(o.name) for o in OPTIONS if not o.words})
    runs = runs_at(case, setting.whole("runs"))
    planned = runs + len(swept(case, setting.word("against"))[1])
    done = 0
    _check(case, setting.seed)

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done, planned)

    threads = Threads(default_threads() if case.values["size"] >= LARGE else 1)
    paths: list[NDArray[np.float64]] = []
    picture: Picture | None = None
    for number in range(runs):
        world = case.world(setting.seed + number, setting.number("memory") if number < PATHS else 0.0)
        if number == 0:
            path, picture = _watched(world, case.kind, threads)
        else:
            path = world.run(threads)
        paths.append(path)
        tick()
    threads.close()
    varied = sweep(case, setting.word("against"), runs=setting.whole("runs"), seed=setting.seed, tick=tick)
    return _outcome(paths, varied, picture)


def _check(case: Case, seed: int) -> None:
    """Refuse parameters that no network has, before anything is run."""
    try:
        case.network(seed)
    except ValueError as error:
        raise InputError(
            [
                Mistake(
                    file="--network",
                    line=None,
                    column=None,
                    path="",
                    what=f"no {case.kind} network with these parameters: {error}",
                    why="its size and its ties have to fit together",
                    mend="make --size larger, or the ties fewer; see `exitvoice reference siegel --options`",
                )
            ]
        ) from None


def _watched(world: Siegel, kind: str, threads: Threads) -> tuple[NDArray[np.float64], Picture]:
    """Let a world come to rest and keep, step by step, who of some people takes part."""
    order = order_of_people(kind, world.network)
    if kind == "opinion-leader":
        order = order[np.linspace(0, len(order) - 1, min(PEOPLE, len(order))).astype(int)]
    shown = order[:PEOPLE]
    rows = [world.state["acts"][shown].copy()]

    def keep(_: float) -> None:
        rows.append(world.state["acts"][shown].copy())

    shares = world.run(threads, watch=keep)
    last = int(np.flatnonzero(shares < shares[-1])[-1]) + 2 if (shares < shares[-1]).any() else len(rows)
    at = np.unique(np.linspace(0, min(last, len(rows)) - 1, ROWS).round().astype(int))
    side = {
        "small-world": "along the ring",
        "village": "village by village",
        "opinion-leader": "from the most known to the least",
        "hierarchy": "level by level, the top at the left",
        "complete": "in no order",
    }[kind]
    picture = Picture(
        "spread",
        "How taking part spreads, in the first world",
        f"Each column is a person, {side} ({len(shown)} of {world.network.nodes:,}); time runs upward to step "
        f"{at[-1]:,}. In the end {shares[-1]:.0%} of all take part.",
        np.array(rows, np.uint8)[at],
        ("does not", "takes part"),
        what="a person a column, a step a row",
        is_square=False,
    )
    return shares, picture


def _outcome(paths: list[NDArray[np.float64]], varied: Sweep, picture: Picture | None) -> Outcome:
    ends = np.array([path[-1] for path in paths])
    drop, drop_errors = varied.fall()
    by_kind = {"share": float(ends.mean()), "fall": drop_errors}
    obtained = {target.name: by_kind[target.name.partition("-")[0]] for target in TARGETS}
    charts = [_paths_chart(paths, ends)]
    if varied.grid:
        charts.append(_sweep_chart(varied, drop, drop_errors))
    cost = Cost(None, "people hurt", "the model has participants and bystanders, and nobody who is hurt.")
    return Outcome(obtained, tuple(charts), cost, (picture,) if picture else ())


def _paths_chart(paths: list[NDArray[np.float64]], ends: NDArray[np.float64]) -> Chart:
    longest = max(len(path) for path in paths[:PATHS])
    steps = np.arange(longest, dtype=np.float64)
    curves = tuple(
        Curve(f"world {number + 1}", steps, 100.0 * np.pad(path, (0, longest - len(path)), mode="edge"))
        for number, path in enumerate(paths[:PATHS])
    )
    said = f"{len(ends)} worlds end at {ends.mean():.1%} on average, between {ends.min():.1%} and {ends.max():.1%}."
    if len(ends) == 1:
        said = f"It ends at {ends[0]:.1%}."
    return Chart(
        "paths",
        "Taking part over time",
        said,
        "step",
        "taking part, %",
        curves,
    )


def _sweep_chart(varied: Sweep, drop: float, drop_errors: float) -> Chart:
    across = np.array(varied.grid)
    every = np.concatenate([np.full(len(e), x) for x, e in zip(varied.grid, varied.ends, strict=True)])
    is_logarithmic = bool((across > 0).all()) and across.max() >= 20 * across.min()
    fall = f"The largest fall of the mean as it grows: {100 * drop:.1f} points ({drop_errors:.1f} standard errors)."
    return Chart(
        "sweep",
        f"Taking part in the end, by {WORDS[varied.name]}",
        fall if drop >= 0.001 else "The mean never falls as it grows.",
        WORDS[varied.name],
        "taking part in the end, %",
        (
            Curve("mean", across, 100.0 * varied.means),
            Curve("each world", every, 100.0 * np.concatenate(varied.ends), "points"),
        ),
        is_logarithmic=is_logarithmic,
    )


MODEL = ReferenceModel(
    name="siegel",
    title="Collective action in social networks",
    source="D. A. Siegel, 'Social networks and collective action', Am. Journal of Political Science 53 (2009) 122-138",
    claim=(
        "People take part when enough of those they know do. What more ties, weak ties and elites do to taking part "
        "depends on the structure of the network and on how motivated people are; more ties can mean less of it."
    ),
    options=OPTIONS,
    targets=TARGETS,
    run=run,
    notes=(
        "The abstract was read; equations, the four kinds of network and the names of their parameters are recalled, "
        "and so are the default values. No figure of the paper's is compared, because none could be read.",
        "Figures marked 'derived' were worked out apart from this code, from the same recalled equations.",
        "All look at once and then change at once: another implementation reports that the paper says so.",
        "Once begun, taking part only grows, so that the share at rest does not depend on the memory. The worlds drawn "
        "over time have it; the others have none, to save time.",
        "Far and level ties are means a person here; the paper, as recalled, has probabilities, whose number of ties "
        "grows with the square of the population.",
    ),
)
