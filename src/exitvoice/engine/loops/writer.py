"""What the loops of all shapes share: how a member is read, worked on, counted and written back."""

from collections.abc import Iterable

from exitvoice.engine.loops.names import MARKED, lookup_tables, stage_columns, stage_marks
from exitvoice.engine.program import (
    LANES,
    TEAM,
    TEAM_STREAM,
    TOTAL_UNITS,
    TRAIT_STREAM,
    Lookup,
    Program,
    Stage,
)
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import (
    Block,
    Level,
    Operation,
    Scope,
    Shared,
    Uniform,
    column_of,
    outside_names,
    team_scope,
    unit_scope,
)
from exitvoice.engine.source import rule_statements

CASTS = {"float32": "real", "uint16": "u16", "uint32": "u32"}


class LoopWriter:
    """Collects the lines of one kernel."""

    def __init__(self, program: Program, stage: Stage) -> None:
        self.program, self.stage = program, stage
        self.lines: list[str] = []
        self.depth = 1
        self.outside = outside_names(program)
        self.columns = stage_columns(program, stage)
        self.tables = lookup_tables(program, stage)
        self.marks = stage_marks(program, stage)
        self.team = team_scope(program, stage)
        self.flags = [name for name in self.marks if name not in self.team.writes]
        self.flags += [stage.among] if stage.among and stage.among not in self.flags else []
        self.unit = unit_scope(program, stage)
        self.unit_values = [name for item in stage.unit_rules for name in item.writes]

    def put(self, line: str) -> None:
        """Add a line."""
        self.lines.append("    " * self.depth + line)

    # -- what stays the same for a whole call ------------------------------------------------------

    def constants(self, scopes: Iterable[Scope]) -> list[str]:
        """Parameters and signals of the nation that some scopes read."""
        wanted = {name for scope in scopes for name in scope.reads}
        return sorted(n for n in wanted if self.outside.get(n, ("",))[0] in ("parameters", "nation"))

    # -- one member -------------------------------------------------------------------------------

    def operations(self, scope: Scope) -> None:
        """The work of a scope, in order."""
        for operation in scope.operations:
            self._operation(operation)

    def _operation(self, operation: Operation) -> None:
        if isinstance(operation, Block):
            first = ("u32(0)" if operation.fixed else "u32(step)") + " << 16"
            stream = (TRAIT_STREAM if operation.fixed else 0) + self.program.first_stream + operation.index
            last = (
                f"(u32({self.program.generation}) << 16)"
                if operation.fixed and self.program.generation
                else ""
            )
            if not operation.fixed:
                last = "(u32(round) << 8)"
            words = ", ".join(f"{operation.name}_{i}" for i in range(4))
            self.put(
                f"{words} = philox(number, key, u32(u32(member) | ({first})), "
                f"u32({stream}{' | ' + last if last else ''}), seed_low, seed_high)"
            )
        elif isinstance(operation, Uniform):
            half = "lower" if operation.place % 2 else "upper"
            name = operation.block.name
            self.put(f"{operation.name} = {half}_uniform({name}_{operation.place // 2}, {name}_3)")
        elif isinstance(operation, Level):
            half = "lower" if operation.place % 2 else "upper"
            self.put(f"{operation.name} = {half}_level({operation.block.name}_{operation.place // 2})")
        elif isinstance(operation, Rule):
            for line in rule_statements(operation):
                self.put(line)
            for name in self.program.layout.shares.intersection(operation.writes):
                self.put(f"{name} = level_share(share_level({name}))")
        elif isinstance(operation, Lookup):
            start = "" if operation.start is None else f"{operation.start} + "
            self.put(f"{operation.name} = {operation.table}_table[u32({start}{operation.index})]")

    def shared_words(self, item: Shared, number: str, key: str, word: str) -> None:
        """Draw what four teams take their uniforms from."""
        stream = TEAM_STREAM + self.program.first_stream + item.index
        words = ", ".join(f"{item.name}_{team}" for team in range(MARKED // TEAM))
        self.put(
            f"{words} = philox({number}, {key}, u32(u32({word}) | (u32(step) << 16)), "
            f"u32({stream} | (u32(round) << 8)), seed_low, seed_high)"
        )

    def read_state(self, names: Iterable[str], suffix: str, index: str) -> None:
        """Unpack a member's state."""
        words = []
        for name in names:
            column = column_of(self.program, name)
            if column is None:
                continue
            if name in self.program.layout.plain:
                value, kind = f"{column}{suffix}[{index}]", self.program.layout.plain[name]
                value = value if kind.dtype == "float32" else f"integer({value})"
                self.put(f"{name} = level_share({value})" if kind.share else f"{name} = {value}")
                continue
            if column not in words:
                words.append(column)
                self.put(f"{column}_word = u32({column}{suffix}[{index}])")
            field = self.program.layout.by_name[name]
            shift = self.program.layout.shifts[name]
            self.put(f"{name} = integer(({column}_word >> {shift}) & {(1 << field.bits) - 1})")

    def write_state(self, names: Iterable[str], suffix: str, index: str) -> None:
        """Pack a member's state."""
        packed: dict[str, list[str]] = {}
        for name in names:
            column = column_of(self.program, name)
            if column is None:
                continue
            if name in self.program.layout.plain:
                kind = self.program.layout.plain[name]
                value = f"share_level({name})" if kind.share else name
                self.put(f"{column}{suffix}[{index}] = {CASTS[kind.dtype]}({value})")
            else:
                packed.setdefault(column, []).append(name)
        for column, fields in packed.items():
            keep = 0xFFFFFFFF
            parts = []
            for name in fields:
                mask, shift = (
                    (1 << self.program.layout.by_name[name].bits) - 1,
                    self.program.layout.shifts[name],
                )
                keep &= ~(mask << shift)
                parts.append(f"((u32({name}) & {mask}) << {shift})")
            parts.insert(0, f"({column}_word & {keep})")
            width = next(c.dtype for c in self.program.layout.columns if c.name == column)
            self.put(f"{column}{suffix}[{index}] = {CASTS[width]}(u32({' | '.join(parts)}))")

    def state_names(self, scope: Scope) -> list[str]:
        """State that a scope reads or writes."""
        return [n for n in dict.fromkeys((*scope.reads, *scope.writes)) if column_of(self.program, n)]

    def columns_of(self, names: Iterable[str]) -> list[str]:
        """Columns that names of the state are stored in."""
        wanted = {column_of(self.program, name) for name in names}
        return [c for c in self.columns if c in wanted]

    def slices(self, begin: str, members: str, columns: Iterable[str]) -> None:
        """Slices of columns, so that a loop over them goes from zero."""
        for column in columns:
            self.put(f"{column}_ = {column}_all[{begin} : {begin} + {members}]")

    # -- what a member counts for ------------------------------------------------------------------

    @property
    def tallied(self) -> list[str]:
        """What is counted over all members of a unit, in the kernel's order: before the rules, then after them."""
        names = [count.name for count in self.stage.counts]
        return [*(f"before_{name}" for name in names if self.stage.changes), *names]

    def _tally_start(self) -> None:
        for name in self.tallied:
            self.put(f"count_{name} = u32(0)")
        for total in self.stage.totals:
            for lane in range(LANES):
                self.put(f"total_{total.name}_{lane} = integer(0)")

    def total_units(self, name: str) -> str:
        """A real in the whole numbers that totals are summed in."""
        return f"integer({name} * real({TOTAL_UNITS}) + real(0.5))"

    def _tally_member(self, when: str, sign: str) -> None:
        lane = self.program.tally_class
        if self.stage.counts:
            self.put(f"lane_ = u32(u32(1) << u32({lane} << 3))" if lane else "lane_ = u32(1)")
        for count in self.stage.counts:
            name = f"count_{when}{count.name}"
            self.put(f"{name} = u32({name} + lane_ * u32({count.name}))")
        for total in self.stage.totals:
            self.put(f"fixed_ = {self.total_units(total.name)}")
            for place in range(LANES if lane else 1):
                name = f"total_{total.name}_{place}"
                value = f"fixed_ * integer({lane} == {place})" if lane else "fixed_"
                self.put(f"{name} = integer({name} {sign} {value})")
