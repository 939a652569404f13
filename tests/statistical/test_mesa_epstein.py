"""Mesa's own Epstein example and ours: one model, two programs, the same distributions. Skipped where Mesa is absent.

Mesa lives in an environment of its own (`make bench-peers` makes it). Its example is run as shipped, with NetLogo's
parameters; for each of its worlds `REPLICATES` of ours have the same numbers of citizens and cops, the same rounding
(a half to the even neighbour), neighbourhood (von Neumann) and order (act, then move; terms in turns).

For each statistic of a world the rank of Mesa's value among ours is uniform if the two are one model, whatever the
distribution. Twelve ranks are turned into normal scores; their mean (location) and mean square (spread) are held
against 200,000 draws of uniform ranks. Level: one in a thousand for each of four statistics and two questions, so
that a false alarm comes less than once in 125 settings of the seeds. Negative controls: with the ratio rounded down,
or with a half rounded up, the two must disagree.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import rankdata

from exitvoice.models.reference.epstein import Epstein, EpsteinSetting
from exitvoice.models.reference.epstein.outbursts import find_outbursts

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
WORLDS, STEPS, REPLICATES = 12, 300, 15
LEVEL = 1e-3
STATISTICS = ("mean active share", "its 90th percentile", "outbursts", "mean wait")


def has_mesa() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import mesa"], capture_output=True, check=False).returncode == 0


def statistics(active, citizens):
    found = find_outbursts(np.asarray(active), 50 * citizens / 1120)
    wait = found.waits.mean() if len(found.waits) else STEPS
    return active.mean() / citizens, np.quantile(active, 0.9) / citizens, len(found.begins), wait


def ours(world, seed, **more):
    cells = 1600
    setting = EpsteinSetting(
        agent_density=world["citizens"] / cells,
        cop_density=world["cops"] / cells,
        legitimacy=0.82,
        longest_term=30,
        seed=seed,
        **more,
    )
    lived = Epstein(setting)
    active = np.zeros(STEPS, int)
    for step in range(STEPS):
        lived.step()
        active[step] = lived.counts()[1]
    return statistics(active, world["citizens"])


def scores(ranks):
    return ndtri((ranks - 0.5) / (REPLICATES + 1))


def chances(peer, **more):
    """Chance of a mean score and of a mean square as far out as these, by statistic."""
    ranks = np.zeros((WORLDS, len(STATISTICS)))
    for number, world in enumerate(peer):
        mine = [ours(world, 1000 * number + seed, **more) for seed in range(REPLICATES)]
        every = np.array([statistics(np.array(world["active"]), world["citizens"]), *mine])
        ranks[number] = rankdata(every, axis=0)[0]
    null = scores(np.random.default_rng(0).integers(1, REPLICATES + 2, (200_000, WORLDS)).astype(float))
    found = {}
    for place, name in enumerate(STATISTICS):
        mine = scores(ranks[:, place])
        location = (abs(null.mean(axis=1)) >= abs(mine.mean())).mean()
        squares = (null**2).mean(axis=1)
        spread = 2 * min((squares >= (mine**2).mean()).mean(), (squares <= (mine**2).mean()).mean())
        found[name] = (float(location), float(spread))
    return found


@pytest.fixture(scope="module")
def peer():
    if not has_mesa():
        pytest.skip("Mesa is not there; `make bench-peers` makes its environment")
    finished = subprocess.run(
        [PYTHON, "-m", "benchmarks.peers.mesa_series", str(WORLDS), str(STEPS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=3000,
    )
    return json.loads(finished.stdout)


@pytest.mark.long
def test_mesa_and_we_have_the_same_distributions(peer):
    found = chances(peer)
    assert all(min(pair) > LEVEL for pair in found.values()), found


@pytest.mark.long
@pytest.mark.parametrize("more", [{"ratio": "floor"}, {"ratio": "round_half_up"}], ids=str)
def test_another_rounding_disagrees(peer, more):
    found = chances(peer, **more)
    assert found["mean active share"][0] < LEVEL, found
