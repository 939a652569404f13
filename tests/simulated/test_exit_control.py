"""The exit-control model in device kernels, a few people for a few steps, beside the processor."""

import pytest

from exitvoice.models.exit_control import model as steps_of_model
from exitvoice.run import simulate
from support_cuda import move, tallies_of
from support_kernels import differing, same_tallies
from support_lively import lively

SCALE = 0.001
STEPS = 3


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(steps_of_model, "SETTLING_YEARS", 0.05)


OTHERS = [pytest.param(theory, marks=pytest.mark.long) for theory in ("epstein", "self_censorship")]


@pytest.mark.parametrize("theory", ["kuran", *OTHERS])
def test_the_model_gives_the_same_bits(theory):
    here, there = (move(lively(theory), device, scale=SCALE, steps=STEPS) for device in ("cpu", "cuda"))
    assert not differing(here, there)
    assert same_tallies(tallies_of(here.records), tallies_of(there.records))
    assert sum(int(tally.counts.sum()) for tally in tallies_of(there.records)) > 0


def test_a_run_says_where_it_was_made_and_gives_the_same_numbers():
    def first(done, steps, persons):
        return done < 1

    here, there = (simulate(lively("kuran"), scale=SCALE, device=d, progress=first) for d in ("cpu", "cuda"))
    assert here.data.attrs.pop("device") == "cpu"
    assert there.data.attrs.pop("device") == "cuda: CUDA simulator"
    assert here.data.identical(there.data)
