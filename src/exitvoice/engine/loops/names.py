"""What a stage's loops are handed, by name and in the order of their kernel's arguments."""

from exitvoice.engine.program import Program, Stage
from exitvoice.engine.schedule import column_of, stage_scopes

MARKED = 64  # members whose marks share a word
CHUNK = 240  # members a tally counts before it is emptied: four counts of 8 bits share one word
UNITS = 512  # units whose own work is done at once


def lookup_tables(program: Program, stage: Stage) -> tuple[str, ...]:
    """Names of the tables that a stage reads, in the order of its kernel's arguments."""
    wanted = []
    for scope in stage_scopes(program, stage):
        for item in scope.operations:
            table = getattr(item, "table", None)
            if table is not None and table not in wanted:
                wanted.append(table)
    return tuple(sorted(wanted))


def stage_columns(program: Program, stage: Stage) -> tuple[str, ...]:
    """Names of the columns that a stage touches, in the order of its kernel's arguments."""
    names = [name for scope in stage_scopes(program, stage) for name in (*scope.reads, *scope.writes)]
    names += class_names(program, stage)
    touched = {column_of(program, name) for name in names}
    return tuple(c.name for c in program.layout.columns if c.name in touched)


def stage_marks(program: Program, stage: Stage, round: int = 0) -> tuple[str, ...]:
    """Names of the marks that a stage writes or, in this round, selects by, as its kernel is handed them."""
    if stage.select:
        return (stage.select[min(round, len(stage.select) - 1)],)
    written = {name for item in (*stage.rules, *stage.team_rules) for name in item.writes}
    return tuple(name for name in program.layout.marks if name in written)


def class_names(program: Program, stage: Stage) -> list[str]:
    """The field by which a stage's tallies are kept apart, if it has any."""
    tallied = bool(stage.counted or stage.totals)
    return [program.tally_class] if tallied and program.tally_class else []
