"""A cascade of Lohmann's type: turnout reveals, is haphazard, and dies; extremists are discounted.

One target is missed: belief moves with surprise hardly more than with numbers. It is pinned as missed, so that a
change of it is seen.
"""

import numpy as np
import pytest

from exitvoice.models.reference.base import MISSED
from exitvoice.models.reference.lohmann import MODEL, WEEKS, cascade, expected_share, is_malign
from support_reference import held


@pytest.mark.long
def test_what_is_met_and_what_is_missed():
    assert [name for name, one in held(MODEL).items() if one.verdict == MISSED] == ["surprise-over-numbers"]


def test_where_knowledge_does_not_differ_turnout_reveals_nothing():
    # the negative control: with no distance between the kinds both hypotheses expect the same turnout
    _, public, _ = cascade(40, 200, 0.02, 0.0, 1)
    assert np.allclose(public, public[0])


def test_extremists_move_turnout_and_not_belief():
    few, many = (cascade(60, 2_000, share, 1.0, 2) for share in (0.02, 0.10))
    assert many[0][0].mean() - few[0][0].mean() > 0.05
    malign = is_malign(60)
    final = [1 / (1 + np.exp(-run[1][-1])) for run in (few, many)]
    # belief after 42 weeks moves by less than a twentieth where turnout rose by a twelfth
    assert abs(final[0][malign].mean() - final[1][malign].mean()) < 0.05


def test_people_march_in_the_mean_as_the_quadrature_expects():
    turnout, public, _ = cascade(400, 2_000, 0.02, 1.0, 4)
    malign = is_malign(400)
    expected = expected_share(public[0], 0.5, 0.02)[malign].mean()
    # weather .02 over 200 societies: four standard errors are .0057, false alarm 6e-5
    assert abs(turnout[0][malign].mean() - expected) < 0.006


def test_the_compiled_society_marches_as_the_uncompiled():
    one, other = (cascade(2, 30, 0.1, 1.0, 6, plain=plain) for plain in (False, True))
    assert one[0].shape == (WEEKS, 2)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
