"""The loops of a generated module: one file a shape, the body from the stage's schedule."""

from exitvoice.engine.loops.dense import DenseWriter
from exitvoice.engine.loops.names import MARKED, lookup_tables, stage_columns, stage_marks
from exitvoice.engine.loops.selected import SelectedWriter
from exitvoice.engine.loops.teams import TeamWriter
from exitvoice.engine.program import Program, Stage


def write_stage(program: Program, stage: Stage) -> str:
    """Text of the kernel functions of one stage; the last is the one to call."""
    if not stage.select:
        return DenseWriter(program, stage).write()
    shape = TeamWriter if program.team_marks.issuperset(stage.select) else SelectedWriter
    return shape(program, stage).write()


__all__ = ["MARKED", "lookup_tables", "stage_columns", "stage_marks", "write_stage"]
