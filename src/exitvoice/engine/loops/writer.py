"""What the loops of all shapes share: how a member is read, worked on, tallied and written back."""

from collections.abc import Iterable

from exitvoice.engine.program import LANES, TRAIT_STREAM, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import (
    Block,
    Operation,
    Scope,
    Uniform,
    column_of,
    outside_names,
    stage_scopes,
    turn_scope,
    unit_scope,
)
from exitvoice.engine.source import rule_statements

MARKED = 64  # members whose marks share a word
CHUNK = 240  # members a tally counts before it is emptied: four counts of 8 bits share one word

ARGUMENTS = (
    "first_unit, last_unit, place, round, step, seed_low, seed_high, offsets, blocks, numbers, keys, strata, "
    "regions, parameters, nation, region, stratum, unit, unit_rows"
)


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
    written = {name for item in stage.rules for name in item.writes}
    return tuple(name for name in program.layout.marks if name in written)


def class_names(program: Program, stage: Stage) -> list[str]:
    """The field by which a stage's tallies are kept apart, if it has any."""
    tallied = bool(stage.counted or stage.totals)
    return [program.tally_class] if tallied and program.tally_class else []


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
        self.unit = unit_scope(program, stage)
        self.unit_values = [name for item in stage.unit_rules for name in item.writes]

    def put(self, line: str) -> None:
        """Add a line."""
        self.lines.append("    " * self.depth + line)

    def kernel(self) -> list[str]:
        """Head of the stage's kernel."""
        arguments = [ARGUMENTS, *(f"{name}_all" for name in self.columns)]
        arguments += ["marks"] if self.stage.select else [f"{name}_marks" for name in self.marks]
        arguments += [*(f"{name}_table" for name in self.tables), "counts", "totals"]
        return [
            f"@kernel\ndef {self.stage.name}(\n    {', '.join(arguments)}\n):",
            f'    """Stage {self.stage.name!r} of {self.program.name}: units first_unit to last_unit."""',
        ]

    # -- what stays the same for a whole call ------------------------------------------------------

    def constants(self, scopes: Iterable[Scope]) -> list[str]:
        """Parameters and signals of the nation that some scopes read."""
        wanted = {name for scope in scopes for name in scope.reads}
        return sorted(n for n in wanted if self.outside.get(n, ("",))[0] in ("parameters", "nation"))

    def read_constants(self) -> None:
        """Put what is the same for all units in local variables, and empty the tallies."""
        for name in self.constants(stage_scopes(self.program, self.stage)):
            kind, place = self.outside[name]
            self.put(f"{name} = {kind}[{place}]")
        if self.stage.counts:
            self.put(f"packed = np.zeros({len(self.stage.counts)}, np.uint32)")
            self.put("pending = 0")
            self.put("pending_stratum = strata[first_unit] if first_unit < last_unit else 0")

    # -- one unit ---------------------------------------------------------------------------------

    def unit_reads(self, scope: Scope) -> list[str]:
        """Signals that differ between units."""
        kinds = ("region", "stratum", "unit", "unit_rows")
        return [n for n in scope.reads if self.outside.get(n, ("",))[0] in kinds]

    def unit_start(self, scopes: Iterable[Scope], elsewhere: Iterable[str] = ()) -> None:
        """Where a unit stands, what is told to it and its own rules; signals `elsewhere` are only read for these."""
        self.put("s = strata[u]")
        self.put("r = regions[u]")
        self.put("number = numbers[u]")
        self.put("unit_number = integer(number)")
        self.put("key = keys[u]")
        self.put("begin_unit = offsets[u]")
        self.put("size = offsets[u + 1] - begin_unit")
        turn = turn_scope(self.program, self.stage)
        done = self._read_signals(turn, set())
        self.operations(turn)
        if self.stage.turn:
            self.put(f"if not {self.stage.turn.writes[0]}:")
            self.put("    continue")
        done |= self._read_signals(self.unit, done)
        for scope in scopes:
            done |= self._read_signals(scope, done.union(elsewhere))
        self.operations(self.unit)
        self.write_unit()

    def write_unit(self) -> None:
        """Keep what the unit's rules found."""
        for name in self.unit.writes:
            if name in self.outside:
                self.put(f"unit[u, {self.outside[name][1]}] = {name}")

    def _read_signals(self, scope: Scope, done: set[str]) -> set[str]:
        names = [name for name in self.unit_reads(scope) if name not in done]
        for name in names:
            kind, place = self.outside[name]
            row = {"region": "r", "stratum": "s"}.get(kind, "u")
            self.put(f"{name} = {kind}[{row}, {place}]")
        return {*names}

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
        elif isinstance(operation, Rule):
            for line in rule_statements(operation):
                self.put(line)
        else:
            start = "" if operation.start is None else f"{operation.start} + "
            self.put(f"{operation.name} = {operation.table}_table[u32({start}{operation.index})]")

    def read_state(self, names: Iterable[str], suffix: str, index: str) -> None:
        """Unpack a member's state."""
        words = []
        for name in names:
            column = column_of(self.program, name)
            if column is None:
                continue
            if name in self.program.layout.plain:
                value = f"{column}{suffix}[{index}]"
                integer = self.program.layout.plain[name].dtype != "float32"
                self.put(f"{name} = integer({value})" if integer else f"{name} = {value}")
                continue
            if column not in words:
                words.append(column)
                self.put(f"{column}_word = {column}{suffix}[{index}]")
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
                cast = {"float32": "real", "uint16": "u16", "uint32": "u32"}[
                    self.program.layout.plain[name].dtype
                ]
                self.put(f"{column}{suffix}[{index}] = {cast}({name})")
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
            self.put(f"{column}{suffix}[{index}] = u32({' | '.join(parts)})")

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

    # -- tallies ----------------------------------------------------------------------------------

    def unit_members(self, scope: Scope, *, write: bool) -> None:
        """Loop over the members of the unit at hand: work on them and count them."""
        names = list(dict.fromkeys([*self.state_names(scope), *class_names(self.program, self.stage)]))
        self._keep_start()
        marks = self.marks if write else ()
        chunk = MARKED if marks else CHUNK
        self.put(f"for begin in range(0, size, {chunk}):")
        self.depth += 1
        self.put(f"members = min(size - begin, {chunk})")
        for mark in marks:
            self.put(f"low_{mark} = u32(0)")
            self.put(f"high_{mark} = u32(0)")
        self.slices("begin_unit + begin", "members", self.columns_of(names))
        self._tally_start()
        self.put("for i in range(members):")
        self.depth += 1
        self.put("member = integer(begin + i)")
        self.read_state(names, "_", "i")
        self.operations(scope)
        self._tally_member()
        if write:
            self.write_state(scope.writes, "_", "i")
        # in halves of 32 bits: a 64-bit number in the loop would halve the lanes of all its work
        for mark in marks:
            self.put(f"bit_ = u32(u32({mark}) << (u32(i) & u32(31)))")
            self.put(f"low_{mark} = u32(low_{mark} | choose(u32(i) < u32(32), bit_, u32(0)))")
            self.put(f"high_{mark} = u32(high_{mark} | choose(u32(i) < u32(32), u32(0), bit_))")
        self.depth -= 1
        for mark in marks:
            self.put(
                f"{mark}_marks[blocks[u] + begin // {MARKED}] = u64(low_{mark}) | (u64(high_{mark}) << u64(32))"
            )
        self._tally_flush("members")
        self.depth -= 1
        self._keep_end()

    def _tally_start(self) -> None:
        for count in self.stage.counts:
            self.put(f"count_{count.name} = u32(0)")
        for total in self.stage.totals:
            for lane in range(LANES):
                self.put(f"total_{total.name}_{lane} = integer(0)")

    def _tally_member(self) -> None:
        if not (self.stage.counts or self.stage.totals):
            return
        lane = self.program.tally_class
        self.put(f"lane_ = u32(u32(1) << u32({lane} << 3))" if lane else "lane_ = u32(1)")
        for count in self.stage.counts:
            self.put(f"count_{count.name} = u32(count_{count.name} + lane_ * u32({count.name}))")
        for total in self.stage.totals:
            self.put(f"fixed_ = integer({total.name} * real(65536.0) + real(0.5))")
            for place in range(LANES if lane else 1):
                name = f"total_{total.name}_{place}"
                value = f"fixed_ * integer({lane} == {place})" if lane else "fixed_"
                self.put(f"{name} = integer({name} + {value})")

    def _tally_flush(self, members: str) -> None:
        for place, total in enumerate(self.stage.totals):
            for lane in range(LANES):
                self.put(f"totals[place, s, {place}, {lane}] += total_{total.name}_{lane}")
        if not self.stage.counts:
            return
        self.put(f"if pending + {members} > {CHUNK} or s != pending_stratum:")
        self.put("    empty_counts(packed, counts[place, pending_stratum])")
        self.put("    pending = 0")
        self.put("    pending_stratum = s")
        self.put(f"pending += {members}")
        for place, count in enumerate(self.stage.counts):
            self.put(f"packed[{place}] += count_{count.name}")
            if count.keep:
                self.put(f"kept_{count.keep} += lane_sum(count_{count.name})")

    def _keep_start(self) -> None:
        for count in self.stage.counts:
            if count.keep:
                self.put(f"kept_{count.keep} = 0")

    def _keep_end(self) -> None:
        for count in self.stage.counts:
            if count.keep:
                self.put(f"unit[u, {self.outside[count.keep][1]}] = real(kept_{count.keep})")

    def tally_finish(self) -> None:
        """Empty the tallies for the last time."""
        if self.stage.counts:
            self.put("if pending > 0:")
            self.put("    empty_counts(packed, counts[place, pending_stratum])")
