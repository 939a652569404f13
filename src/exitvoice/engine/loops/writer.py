"""What the loops of all shapes share: how a member is read, worked on, tallied and written back."""

from collections.abc import Iterable

from exitvoice.engine.program import LANES, TEAM, TEAM_STREAM, TRAIT_STREAM, Lookup, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import (
    Block,
    Operation,
    Scope,
    Shared,
    Uniform,
    column_of,
    outside_names,
    stage_scopes,
    team_scope,
    turn_scope,
    unit_scope,
)
from exitvoice.engine.source import rule_statements

MARKED = 64  # members whose marks share a word
CHUNK = 240  # members a tally counts before it is emptied: four counts of 8 bits share one word
CASTS = {"float32": "real", "uint16": "u16", "uint32": "u32"}
UNITS = 512  # units whose own work is done at once

ARGUMENTS = (
    "first_unit, last_unit, place, round, step, seed_low, seed_high, offsets, blocks, numbers, keys, strata, "
    "regions, parameters, nation, region, stratum, unit, unit_rows, scratch"
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
    written = {name for item in (*stage.rules, *stage.team_rules) for name in item.writes}
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
        self.team = team_scope(program, stage)
        self.flags = [name for name in self.marks if name not in self.team.writes]
        self.flags += [stage.among] if stage.among and stage.among not in self.flags else []
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
        for name in self.constants([*stage_scopes(self.program, self.stage), self.team]):
            kind, place = self.outside[name]
            self.put(f"{name} = {kind}[{place}]")
        if self.stage.counts and not self.stage.select:
            self.put(f"packed = np.zeros({len(self.tallied)}, np.uint32)")
            self.put("pending = 0")
            self.put("pending_stratum = strata[first_unit] if first_unit < last_unit else 0")
        if self.marks and not self.stage.select:
            self.put("scratch_ = scratch[place]")

    # -- one unit ---------------------------------------------------------------------------------

    def unit_reads(self, scope: Scope) -> list[str]:
        """Signals that differ between units."""
        kinds = ("region", "stratum", "unit", "unit_rows")
        return [n for n in scope.reads if self.outside.get(n, ("",))[0] in kinds]

    def unit_start(self, scopes: Iterable[Scope], elsewhere: Iterable[str] = ()) -> None:
        """Where a unit stands and what is told to its members, but for signals `elsewhere`; `batch` is its batch."""
        self.put("s = strata[u]")
        self.put("r = regions[u]")
        self.put("number = numbers[u]")
        self.put("unit_number = integer(number)")
        self.put("key = keys[u]")
        self.put("begin_unit = offsets[u]")
        self.put("size = offsets[u + 1] - begin_unit")
        turn = turn_scope(self.program, self.stage)
        done = self.read_signals(turn, set(elsewhere))
        self.operations(turn)
        if self.stage.turn:
            self.put(f"if not {self.stage.turn.writes[0]}:")
            self.put("    continue")
        done |= self.unit_work(done)
        for scope in scopes:
            done |= self.read_signals(scope, done.union(elsewhere))

    def unit_work(self, done: set[str]) -> set[str]:
        """What the unit's rules worked out beforehand, many units at once; returns the names that are there."""
        for name in self.worked_out:
            self.put(f"{name} = {name}_u[u - batch]")
        return set(self.worked_out)

    def read_signals(self, scope: Scope, done: set[str]) -> set[str]:
        """Signals of a scope that are not `done` yet; returns their names."""
        names = [name for name in self.unit_reads(scope) if name not in done]
        for name in names:
            kind, place = self.outside[name]
            at = {"region": f"r, {place}", "stratum": f"s, {place}"}.get(kind, f"{place}, u")
            self.put(f"{name} = {kind}[{at}]")
        return {*names}

    # -- the work of units, many at once -------------------------------------------------------------

    @property
    def worked_out(self) -> list[str]:
        """Values of a unit that its rules work out for its members, but for those that it remembers."""
        wanted = {name for scope in stage_scopes(self.program, self.stage)[2:] for name in scope.reads}
        return [name for name in self.unit_values if name in wanted and name not in self.outside]

    def unit_buffers(self) -> None:
        """Room for what the units of a batch work out."""
        for name in self.worked_out:
            self.put(f"{name}_u = np.zeros({UNITS}, np.float32)")

    def call_units(self) -> None:
        """Do the work of the units of a batch."""
        if self.stage.unit_rules:
            self.put(f"{self.stage.name}_units({', '.join(self._unit_arguments('[batch:end]'))})")

    def units_kernel(self) -> list[str]:
        """Function of the units' rules: a loop over units, so that all lanes have work here as well."""
        if not self.stage.unit_rules:
            return []
        kept, self.lines, self.depth = (self.lines, self.depth), [], 1
        self.put(f'"""Rules of units in stage {self.stage.name!r}, many units at once."""')
        self.put("for j in range(many):")
        self.depth += 1
        self.put("s = u32(strata[j])")
        self.put("r = u32(regions[j])")
        self.put("number = numbers[j]")
        self.put("unit_number = integer(number)")
        turn = turn_scope(self.program, self.stage)
        for name in dict.fromkeys((*self.unit_reads(turn), *self.unit_reads(self.unit))):
            kind, place = self.outside[name]
            row = {"region": "r", "stratum": "s"}.get(kind)
            self.put(f"{name} = {kind}[{row}, {place}]" if row else f"{name} = {name}_u[j]")
        self.operations(turn)
        self.operations(self.unit)
        for name in dict.fromkeys((*self.unit.writes, *self.worked_out)):
            if self.stage.turn and name in self.outside:
                self.put(f"{name}_u[j] = choose({self.stage.turn.writes[0]}, {name}, {name}_u[j])")
            else:
                self.put(f"{name}_u[j] = {name}")
        head = f"@kernel\ndef {self.stage.name}_units(\n    {', '.join(self._unit_arguments())}\n):"
        text = [head, *self.lines, "", ""]
        self.lines, self.depth = kept
        return text

    def _unit_arguments(self, part: str = "") -> list[str]:
        """Arguments of the units' function; `part` cuts a batch out of what is kept of all units."""

        def row(name: str) -> str:
            kind, place = self.outside[name]
            return f"{kind}[{place}, {part[1:-1]}]" if part else f"{name}_u"

        scopes = (turn_scope(self.program, self.stage), self.unit)
        reads = [n for s in scopes for n in self.unit_reads(s) if self.outside[n][0] in ("unit", "unit_rows")]
        remembered = dict.fromkeys((*reads, *(n for n in self.unit.writes if n in self.outside)))
        return [
            "end - batch" if part else "many",
            *("round", "step", f"numbers{part}", f"strata{part}", f"regions{part}", "region", "stratum"),
            *(row(name) for name in remembered),
            *(f"{name}_u" for name in self.worked_out),
            *self.constants(scopes),
        ]

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

    # -- tallies ----------------------------------------------------------------------------------

    @property
    def tallied(self) -> list[str]:
        """What is counted over all members of a unit, in the kernel's order: before the rules, then after them."""
        names = [count.name for count in self.stage.counts]
        return [*(f"before_{name}" for name in names if self.stage.changes), *names]

    def unit_members(self) -> None:
        """Loop over the members of the unit at hand: work on them and count them."""
        scopes = stage_scopes(self.program, self.stage)[2:]
        state = [name for scope in scopes for name in self.state_names(scope)]
        names = list(dict.fromkeys([*state, *class_names(self.program, self.stage)]))
        self._keep_start()
        chunk = MARKED if self.marks else CHUNK
        self.put(f"for begin in range(0, size, {chunk}):")
        self.depth += 1
        self.put(f"members = min(size - begin, {chunk})")
        self.slices("begin_unit + begin", "members", self.columns_of(names))
        self._tally_start()
        self.put("for i in range(members):")
        self.depth += 1
        self.put("member = integer(begin + i)")
        self.read_state(names, "_", "i")
        if self.stage.changes:
            self.operations(scopes[1])
            self._tally_member("before_", "-")
        for scope in scopes:
            self.operations(scope)
        self._tally_member("", "+")
        self.write_state(scopes[0].writes, "_", "i")
        if self.marks:
            flags = " | ".join(f"(u32({name}) << {place})" for place, name in enumerate(self.flags))
            self.put(f"scratch_[i] = u32({flags})")
        self.depth -= 1
        self._gather_marks()
        self._tally_flush("members")
        self.depth -= 1
        self._keep_end()

    def _gather_marks(self) -> None:
        """A byte a member first, then a bit each: bits gathered in the loop itself would cost a tenth of it."""
        for place, name in enumerate(self.flags):
            self.put(f"{name}_word = gather_bits(scratch_, u32({1 << place}), u64(members))")
        for mark in self.marks:
            if mark in self.flags:
                self.put(f"{mark}_marks[blocks[u] + begin // {MARKED}] = {mark}_word")
            else:
                here = f"(u64({(1 << MARKED) - 1}) >> u64({MARKED} - members))"
                bearers = f"{self.stage.among}_word" if self.stage.among else here
                self.put(f"{mark}_marks[blocks[u] + begin // {MARKED}] &= {bearers}")

    def _tally_start(self) -> None:
        for name in self.tallied:
            self.put(f"count_{name} = u32(0)")
        for total in self.stage.totals:
            for lane in range(LANES):
                self.put(f"total_{total.name}_{lane} = integer(0)")

    def _tally_member(self, when: str, sign: str) -> None:
        lane = self.program.tally_class
        if self.stage.counts:
            self.put(f"lane_ = u32(u32(1) << u32({lane} << 3))" if lane else "lane_ = u32(1)")
        for count in self.stage.counts:
            name = f"count_{when}{count.name}"
            self.put(f"{name} = u32({name} + lane_ * u32({count.name}))")
        for total in self.stage.totals:
            self.put(f"fixed_ = integer({total.name} * real(65536.0) + real(0.5))")
            for place in range(LANES if lane else 1):
                name = f"total_{total.name}_{place}"
                value = f"fixed_ * integer({lane} == {place})" if lane else "fixed_"
                self.put(f"{name} = integer({name} {sign} {value})")

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
        for place, name in enumerate(self.tallied):
            self.put(f"packed[{place}] += count_{name}")
        for count in self.stage.counts:
            if count.keep:
                less = f" - lane_sum(count_before_{count.name})" if self.stage.changes else ""
                self.put(f"kept_{count.keep} += lane_sum(count_{count.name}){less}")

    def _keep_start(self) -> None:
        for count in self.stage.counts:
            if count.keep:
                self.put(f"kept_{count.keep} = integer(0)")

    def _keep_end(self) -> None:
        for count in self.stage.counts:
            if count.keep:
                row = self.outside[count.keep][1]
                self.put(f"unit[{row}, u] {'+' if self.stage.changes else ''}= real(kept_{count.keep})")

    def tally_finish(self) -> None:
        """Empty the tallies for the last time."""
        if self.stage.counts:
            self.put("if pending > 0:")
            self.put("    empty_counts(packed, counts[place, pending_stratum])")
