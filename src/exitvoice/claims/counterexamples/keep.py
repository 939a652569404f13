"""Write a counter-example down, with the command that shows it again."""

from __future__ import annotations

import shlex

from exitvoice.claims.counterexamples.case import Case, write_case
from exitvoice.claims.counterexamples.replay import effects_of
from exitvoice.claims.counterexamples.search import Turned
from exitvoice.claims.design import short_name
from exitvoice.claims.findings import Counterexample, Move
from exitvoice.claims.pool import default_values
from exitvoice.claims.runner import Runner
from exitvoice.claims.schema import Hypothesis


def keep(hypothesis: Hypothesis, found: Turned, runner: Runner) -> Counterexample:
    """Write a counter-example into the folder of its board, and return what the board says of it."""
    setting, folder = runner.setting, runner.options.folder
    case = Case(
        hypothesis=hypothesis,
        worlds={name: dict(setting.worlds[name]) for name in hypothesis.worlds},
        values=dict(found.values),
        scale=setting.scale,
        seed=setting.seed,
        holds_at_defaults=found.holds_at_defaults,
        at_defaults=effects_of(found.at_defaults),
        turned=effects_of(found.answers),
    )
    write_case(folder, case, setting.scenario)
    defaults = default_values(tuple(found.values), setting)
    titles = {factor.path: factor.title for factor in setting.factors}
    return Counterexample(
        holds_at_defaults=found.holds_at_defaults,
        moves=tuple(
            Move(short_name(path), titles.get(path, ""), defaults[path], value)
            for path, value in found.values.items()
        ),
        is_minimal=found.is_minimal,
        replay=shlex.join(["exitvoice", "replay", str(folder), hypothesis.claim]),
    )
