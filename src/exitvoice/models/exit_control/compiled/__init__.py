"""What a step does outside the loops of persons, as functions of numbers, arrays and named tuples that are compiled.

A world has a handful of regions and some dozens of strata, so an operation of NumPy costs a hundred times its work.
The formulas stand with their mechanism (`institutions`, `bounds`); here they are laid over regions and strata. See
docs/design-notes/institutions-compiled.md.
"""

from functools import cache
from types import ModuleType

from exitvoice.engine.host import compile_host
from exitvoice.models.exit_control.compiled import acting, after, offices, policy, rounds, telling
from exitvoice.scenario import levels

ENTRIES = (
    offices.open_offices,
    offices.refusals,
    telling.tell,
    rounds.after_round,
    acting.act,
    after.after_step,
)
FIXED = ("grounds", "stages", "kept")  # arguments that stay the same from step to step
OF_RULES = (levels.lay_words, levels.lay_timings, policy.places_with)


@cache
def host() -> ModuleType:
    """Module that holds the compiled form of every entry; what is `FIXED` it takes as handles, made by its `fixed`."""
    return compile_host("exit_control_host", ENTRIES, fixed=FIXED)


@cache
def tables() -> ModuleType:
    """Module that holds the compiled form of what lays out the rules in force, which seldom change."""
    return compile_host("exit_control_tables", OF_RULES)
