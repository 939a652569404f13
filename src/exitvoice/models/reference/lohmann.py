"""Informational cascades: turnout tells what people know about a regime, and dies when it has told it.

    joins   iff  b m_i (1 - P) > c_i, or the person is an extremist
    m_i     = logistic(L + s_i),   s_i ~ N(+-d/2, 1)      what a person knows privately, by the regime's kind
    P       = logistic(L)                                 what is known publicly
    L(t+1)  = L(t) + log p(turnout | malign) / p(turnout | benign)

Seen, in the abstracts of Lohmann 1994 (World Politics 47:42-101) and of her working paper 1213 (Stanford, 1994):
turnout reveals hidden information on a malign regime; its impact lies in the difference between actual and expected
turnout, not in sheer numbers; moderates count and extremists are discounted; dynamics are haphazard; demonstrations
die as their informational role declines. Her equations could not be read: the form above is assumed. So are its
numbers: b, d, the share of extremists, and the spread of turnout with the weather.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Column, Layout
from exitvoice.engine.mathematics import logistic, normal_quantile
from exitvoice.engine.program import Count, Program, Signals, Stage
from exitvoice.engine.random import philox, seed_halves, uniform
from exitvoice.engine.rule import rule
from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Progress,
    ReferenceModel,
    Setting,
    Target,
)
from exitvoice.models.reference.crowds import Crowds

WEEKS = 42  # as many Monday demonstrations as the paper counts
BENEFIT = 0.6
PRIOR = -2.0  # public logit at the start: few think the regime malign
WEATHER = 0.02  # standard deviation of turnout, as a share, that tells nothing
CONVINCED = 0.9  # public belief from which the regime has lost its standing
WEATHER_STREAM = 7
NODES = np.polynomial.hermite_e.hermegauss(40)
SIZES = (100, 1_000, 10_000, 100_000)


@rule(writes=("known",))
def know(u_known: float, lean: float) -> float:
    """What a person knows privately."""
    return lean + normal_quantile(u_known)


@rule(writes=("marches",))
def march(
    known: float, u_cost: float, u_kind: float, public: float, extremists: float, benefit: float
) -> bool:
    """Whether a person demonstrates."""
    worth = benefit * logistic(public + known) * (1.0 - logistic(public))
    return (u_kind < extremists) | (worth > u_cost)


PROGRAM = Program(
    name="informational_cascade",
    layout=Layout((Column("known", "float32"),), (), marks=("marches",)),
    stages=(
        Stage("know", rules=(know,)),
        Stage("march", rules=(march,), counts=(Count("marches", keep="marching"),)),
    ),
    signals=Signals(parameters=("extremists", "benefit"), region=("lean", "public"), unit=("marching",)),
    fixed=("u_known", "u_cost", "u_kind"),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let many societies march, half of them under a malign regime, and the same with more extremists."""
    societies, persons = setting.whole("societies"), setting.whole("persons")
    extremists, distance = setting.number("extremists"), setting.number("distance")
    work = 2 + len(SIZES)
    plain = cascade(societies, persons, extremists, distance, setting.seed)
    progress(1, work)
    more = cascade(societies, persons, extremists + 0.08, distance, setting.seed)
    progress(2, work)
    seen_through = []
    for place, size in enumerate(SIZES):
        count = max(4, min(societies, 400_000 // size)) // 2 * 2
        _, beliefs, _ = cascade(count, size, extremists, distance, setting.seed)
        seen_through.append(float(_seen_through(beliefs)[is_malign(count)].mean()))
        progress(3 + place, work)
    turnout, public, expected = plain
    malign = is_malign(societies)
    convinced = _seen_through(public)
    change = np.diff(public, axis=0)
    surprise = turnout - expected
    obtained = {
        "surprise-over-numbers": _correlation(change, surprise) / max(_correlation(change, turnout), 0.01),
        "revealed": float(convinced[malign].mean() - convinced[~malign].mean()),
        "haphazard": float(min(convinced[malign].mean(), 1 - convinced[malign].mean())),
        "extremists": float(abs(convinced[malign].mean() - _seen_through(more[1])[malign].mean())),
        "dies": _remainder(turnout[:, malign & convinced], extremists),
    }
    charts = (_turnouts(turnout, public, malign), _sizes(seen_through))
    cost = Cost(
        None, "people hurt", "Demonstrating has a cost in the model, and nobody is struck or jailed in it."
    )
    return Outcome(obtained, charts, cost)


def is_malign(societies: int) -> NDArray[np.bool_]:
    """Say which societies live under a malign regime: every second one."""
    return np.asarray(np.arange(societies) % 2 == 0, np.bool_)


def cascade(
    societies: int, persons: int, extremists: float, distance: float, seed: int, *, plain: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Let societies march for all weeks.

    Returns
    -------
    turnout, public, expected : arrays
        Shares that marched, shape (weeks, societies); public logits, shape (weeks + 1, societies); shares expected.
    """
    crowds = Crowds.build(
        PROGRAM,
        crowds=societies,
        persons=persons,
        parameters={"extremists": extremists, "benefit": BENEFIT},
        seed=seed,
        plain=plain,
    )
    crowds.tell("lean", np.where(is_malign(societies), 0.5, -0.5) * distance)
    crowds.run("know")
    public = [np.full(societies, PRIOR)]
    turnout, expected = [], []
    for week in range(WEEKS):
        crowds.tell("public", public[-1])
        weather = WEATHER * np.array([_weather(number, week, seed) for number in range(societies)])
        share = crowds.run("march")["marching"] / persons + weather
        bad, good = (expected_share(public[-1], side * distance, extremists) for side in (0.5, -0.5))
        belief = 1 / (1 + np.exp(-public[-1]))
        turnout.append(share)
        expected.append(belief * bad + (1 - belief) * good)
        public.append(public[-1] + _log_ratio(share, bad, good, persons))
    crowds.close()
    return np.array(turnout), np.array(public), np.array(expected)


def expected_share(public: NDArray[np.float64], lean: float, extremists: float) -> NDArray[np.float64]:
    """Share that marches in the mean under a regime of one kind, by Gauss-Hermite quadrature, shape (societies,)."""
    points, weights = NODES
    belief = 1 / (1 + np.exp(-public))
    opinion = 1 / (1 + np.exp(-(public[:, None] + lean + points[None, :])))
    worth = np.clip(BENEFIT * opinion * (1 - belief[:, None]), 0, 1)
    moderates = (worth * weights).sum(axis=1) / weights.sum()
    return np.asarray(extremists + (1 - extremists) * moderates)


def _log_ratio(
    share: NDArray[np.float64], bad: NDArray[np.float64], good: NDArray[np.float64], persons: int
) -> NDArray[np.float64]:
    densities = []
    for mean in (bad, good):
        variance = WEATHER**2 + mean * (1 - mean) / persons
        densities.append(-0.5 * np.log(variance) - 0.5 * (share - mean) ** 2 / variance)
    return np.asarray(densities[0] - densities[1])


def _weather(number: int, week: int, seed: int) -> float:
    word = philox(number, week, 0, WEATHER_STREAM, *seed_halves(seed))[0]
    return float(normal_quantile(uniform(word)))


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def _remainder(turnout: NDArray[np.float64], extremists: float) -> float:
    """Moderates in the last four weeks over those of the best week, in the mean."""
    moderates = turnout - extremists
    return float(moderates[-4:].mean() / moderates.max(axis=0).mean()) if moderates.size else float("nan")


def _seen_through(public: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Societies in which the public was ever convinced, shape (societies,)."""
    return np.asarray((public > _logit(CONVINCED)).any(axis=0), np.bool_)


def _turnouts(turnout: NDArray[np.float64], public: NDArray[np.float64], malign: NDArray[np.bool_]) -> Chart:
    weeks = np.arange(1, WEEKS + 1, dtype=np.float64)
    belief = 1 / (1 + np.exp(-public[1:]))
    return Chart(
        key="turnout",
        title="Turnout, and what it tells",
        reading="Means over the societies of a kind. Under a malign regime turnout is highest in week "
        f"{int(turnout[:, malign].mean(axis=1).argmax()) + 1}, and dies when all is told.",
        across="week",
        upward="share",
        curves=(
            Curve("turnout, malign regime", weeks, turnout[:, malign].mean(axis=1), "strong"),
            Curve("turnout, benign regime", weeks, turnout[:, ~malign].mean(axis=1)),
            Curve("believed malign, and is", weeks, belief[:, malign].mean(axis=1)),
            Curve("believed malign, and is not", weeks, belief[:, ~malign].mean(axis=1)),
        ),
    )


def _sizes(shares: list[float]) -> Chart:
    return Chart(
        key="sizes",
        title="What size changes: malign regimes that are seen through",
        reading="In small societies chance who marches hides what turnout tells.",
        across="people in a society",
        upward="share of malign regimes publicly seen through within 42 weeks",
        curves=(Curve("seen through", np.array(SIZES, np.float64), np.array(shares)),),
        is_logarithmic=True,
    )


ABSTRACT = "Lohmann 1994, World Politics 47:42-101, and Stanford working paper 1213, abstracts"
TARGETS = (
    Target(
        "surprise-over-numbers",
        "correlation of the change of belief with turnout less expectation, over that with turnout",
        "actual less expected turnout, rather than sheer numbers",
        2,
        float("inf"),
        ABSTRACT,
        "seen",
        if_missed=(
            "turnout and its surprise go together here (r about .75), and the same surprise moves belief more or "
            "less by how much turnout tells that week, so that a plain correlation hardly tells them apart"
        ),
    ),
    Target(
        "revealed",
        "share seen through of malign regimes, less that of benign ones",
        "turnout publicly reveals hidden information",
        0.5,
        1,
        ABSTRACT,
        "seen",
    ),
    Target(
        "haphazard",
        "of malign regimes, the smaller of the shares that fall and that last",
        "the dynamics are haphazard",
        0.02,
        0.5,
        ABSTRACT,
        "seen",
    ),
    Target(
        "extremists",
        "change of the share seen through when extremists go from 2 to 10 percent",
        "extremist turnout is discounted",
        0,
        0.05,
        ABSTRACT,
        "seen",
    ),
    Target(
        "dies",
        "moderates in the last four weeks over those in the best, where the regime is seen through",
        "demonstrations die as their informational role declines",
        0,
        0.5,
        ABSTRACT,
        "seen",
    ),
)

MODEL = ReferenceModel(
    name="lohmann",
    title="Informational cascades of demonstrations",
    source="S. Lohmann, 'The dynamics of informational cascades', World Politics 47 (1994) 42-101",
    claim=(
        "Who marches shows what people know. A turnout above what was expected makes others doubt the regime, and "
        "they march the next week; when all is known, the marches die."
    ),
    options=(
        Option("societies", 400, "societies, every second one under a malign regime", low=4, high=10_000),
        Option("persons", 1_000, "people in each", low=50, high=1_000_000),
        Option("extremists", 0.02, "share that always marches", low=0.0, high=0.5),
        Option(
            "distance",
            1.0,
            "how far private knowledge differs by the regime's kind, in its deviation",
            high=5.0,
        ),
    ),
    targets=TARGETS,
    run=run,
    notes=(
        "A model of the paper's type: its own equations could not be read, so form and numbers are assumed. Its five "
        "cycles of 1989 to 1991 are not reproduced; nothing here is fitted to them.",
    ),
)
