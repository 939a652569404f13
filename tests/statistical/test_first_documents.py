"""First documents rise with the wish to leave: a town without papers, its destinations shut or open.

By arithmetic: .05 a year x a mean w of a third = .0167 a head and year where nobody can wish to leave; with the upper
end of the wish (.05), open destinations and the 15 % who would ever leave, .0075 more at an opposition of .35: 1.45
times, and more as those gone draw others (1.67 with this seed). Of 50,000 persons about 880 and 1,460 ask in a year, so
the ratio errs by .07, and limits of 1.3 and 2.1 lie five errors away (false alarm below 1e-6 over reseeding). Negative
control: where the wish is 0, opening changes no bit.
"""

import numpy as np
import pytest

import exitvoice as xv
from exitvoice.analysis.patterns import load_patterns
from exitvoice.analysis.patterns.plan import scenario_of
from exitvoice.evidence import load_ledger
from exitvoice.models.exit_control.constants import leavers_wish


def issued(openness, wish):
    study = next(p for p in load_patterns(load_ledger()) if p.pattern == "P5").studies[0]
    point = {
        "interpolation": "step",
        "points": [{"date": "2001-01-01", "value": openness}],
        "assumed": "a test",
    }
    changes = {
        "sectors.clerks.persons": 50_000,
        "sectors.clerks.document_share": 0.0,
        "clock.end": "2002-01-01",
        "rules": [],
        "events": [],
        "series.openness_leave": point,
        "parameters.leave_wish_rate": wish,
    }
    world = scenario_of(study.model_copy(update={"changes": {}})).with_changes(changes)
    return xv.simulate(world, seed=3).data["documents_issued"]


def test_more_ask_for_a_first_document_where_more_wish_to_leave():
    shut, opened = (float(issued(openness, 0.05).sum()) for openness in (0.0, 1.0))
    assert 1.3 < opened / shut < 2.1


def test_where_nobody_wishes_to_leave_open_destinations_bring_no_documents():
    nothing = {"value": 0.0, "assumed": "a control"}
    assert np.array_equal(issued(0.0, nothing), issued(1.0, nothing))


def test_the_mean_wish_of_those_who_would_leave_is_the_top_of_its_distribution():
    u = (np.arange(200_000) + 0.5) / 200_000
    wish = np.sqrt(1.0 - (1.0 - u) ** (1.0 / 6.3))
    assert leavers_wish(0.15, 6.3) == pytest.approx(np.where(u >= 0.85, wish, 0.0).mean(), rel=1e-3)
    assert leavers_wish(1.0, 6.3) == pytest.approx(wish.mean(), rel=1e-3)
