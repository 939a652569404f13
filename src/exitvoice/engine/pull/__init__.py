"""The pull shape: nodes of a network look at where their ties come from, and all change at once.

Every node reads what its neighbours were before the step and writes only its own columns, so there are no
atomics, and any number of threads over any ranges of nodes gives the same bits. A column that neighbours look
at is kept twice, before and after; every other column belongs to one node alone and is written in place.
"""

from exitvoice.engine.pull.compiled import CompiledPull, State, compile_pull
from exitvoice.engine.pull.oracle import plain_step
from exitvoice.engine.pull.program import Pull, PullProgram

__all__ = ["CompiledPull", "Pull", "PullProgram", "State", "compile_pull", "plain_step"]
