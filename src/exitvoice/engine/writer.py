"""Writes the loop of a stage: one template a shape, the body from the stage's schedule.

The `group` shape goes over units and their members. A stage with `select` first gathers the chosen
members of many units into short buffers, so that the costly body still runs on all lanes.
"""

from collections.abc import Iterable

from exitvoice.engine.program import LANES, TRAIT_STREAM, Lookup, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import (
    Block,
    Operation,
    Scope,
    Uniform,
    member_scope,
    outside_names,
    tally_scope,
    unit_scope,
)
from exitvoice.engine.source import rule_statements

CHUNK = 240  # members a tally counts before it is emptied: four counts of 8 bits share one word
BUFFER = 2048  # chosen members worked on at once; stays in the first-level cache

ARGUMENTS = (
    "first_unit, last_unit, place, round, step, seed_low, seed_high, offsets, numbers, keys, strata, regions, "
    "parameters, nation, region, stratum, unit, unit_rows"
)


def lookup_tables(program: Program, stage: Stage) -> tuple[str, ...]:
    """Names of the tables that a stage reads, in the order of its kernel's arguments."""
    wanted = []
    for scope in _scopes(program, stage):
        for item in scope.operations:
            table = getattr(item, "table", None)
            if table is not None and table not in wanted:
                wanted.append(table)
    return tuple(sorted(wanted))


def stage_columns(program: Program, stage: Stage) -> tuple[str, ...]:
    """Names of the columns that a stage touches, in the order of its kernel's arguments."""
    names = [name for scope in _scopes(program, stage) for name in (*scope.reads, *scope.writes)]
    names += _class_names(program, stage)
    touched = {_column_of(program, name) for name in names}
    return tuple(c.name for c in program.layout.columns if c.name in touched)


def write_stage(program: Program, stage: Stage) -> str:
    """Text of the kernel function of one stage."""
    return _StageWriter(program, stage).write()


def _scopes(program: Program, stage: Stage) -> list[Scope]:
    scopes = [
        unit_scope(program, stage),
        member_scope(program, stage, stage.rules),
    ]
    if stage.select:
        scopes.append(member_scope(program, stage, (stage.select,)))
        scopes.append(tally_scope(program, stage))
    else:
        scopes[1] = member_scope(program, stage, (*stage.rules, *stage.tally_rules))
    return scopes


def _class_names(program: Program, stage: Stage) -> list[str]:
    tallied = bool(stage.counted or stage.totals)
    return [program.tally_class] if tallied and program.tally_class else []


def _column_of(program: Program, name: str) -> str | None:
    if name in program.layout.by_name:
        return program.layout.by_name[name].column
    return name if name in program.layout.plain else None


class _StageWriter:
    """Collects the lines of one kernel."""

    def __init__(self, program: Program, stage: Stage) -> None:
        self.program, self.stage = program, stage
        self.lines: list[str] = []
        self.depth = 1
        self.outside = outside_names(program)
        self.columns = stage_columns(program, stage)
        self.tables = lookup_tables(program, stage)
        self.unit = unit_scope(program, stage)
        self.unit_values = [name for item in stage.unit_rules for name in item.writes]

    def put(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def write(self) -> str:
        arguments = [ARGUMENTS, *(f"{name}_all" for name in self.columns)]
        arguments += [*(f"{name}_table" for name in self.tables), "counts", "totals"]
        head = f"@kernel\ndef {self.stage.name}(\n    {', '.join(arguments)}\n):"
        document = (
            f'    """Stage {self.stage.name!r} of {self.program.name}: units first_unit to last_unit."""'
        )
        self._constants()
        if self.stage.select is None:
            self._dense()
            return "\n".join([head, document, *self.lines])
        self._selected()
        return "\n".join([self._body(), "", "", head, document, *self.lines])

    # -- what stays the same for a whole call ------------------------------------------------------

    def _constants(self) -> None:
        wanted = {name for scope in _scopes(self.program, self.stage) for name in scope.reads}
        for name in sorted(wanted):
            kind, place = self.outside.get(name, ("", 0))
            if kind in ("parameters", "nation"):
                self.put(f"{name} = {kind}[{place}]")
        if self.stage.counts:
            self.put(f"packed = np.zeros({len(self.stage.counts)}, np.uint32)")
            self.put("pending = 0")
            self.put("pending_stratum = strata[first_unit] if first_unit < last_unit else 0")

    def _unit_reads(self, scope: Scope) -> list[str]:
        return [
            n
            for n in scope.reads
            if self.outside.get(n, ("",))[0] in ("region", "stratum", "unit", "unit_rows")
        ]

    def _unit_start(self, scopes: Iterable[Scope]) -> None:
        self.put("s = strata[u]")
        self.put("r = regions[u]")
        self.put("number = numbers[u]")
        self.put("key = keys[u]")
        done = set()
        for scope in (self.unit, *scopes):
            for name in self._unit_reads(scope):
                if name not in done:
                    done.add(name)
                    kind, place = self.outside[name]
                    row = {"region": "r", "stratum": "s"}.get(kind, "u")
                    self.put(f"{name} = {kind}[{row}, {place}]")
        for operation in self.unit.operations:
            self._operation(operation)
        for name in self.unit.writes:
            if name in self.outside:
                self.put(f"unit[u, {self.outside[name][1]}] = {name}")
        self.put("begin_unit = offsets[u]")
        self.put("size = offsets[u + 1] - begin_unit")

    # -- one member -------------------------------------------------------------------------------

    def _operation(self, operation: Operation, number: str = "number", key: str = "key") -> None:
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
                f"{words} = philox({number}, {key}, u32(u32(member) | ({first})), "
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

    def _read_state(self, names: Iterable[str], suffix: str, index: str) -> list[str]:
        words = []
        for name in names:
            column = _column_of(self.program, name)
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
        return words

    def _write_state(self, names: Iterable[str], suffix: str, index: str) -> None:
        packed: dict[str, list[str]] = {}
        for name in names:
            column = _column_of(self.program, name)
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

    def _state_names(self, scope: Scope) -> list[str]:
        return [n for n in dict.fromkeys((*scope.reads, *scope.writes)) if _column_of(self.program, n)]

    # -- tallies ----------------------------------------------------------------------------------

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

    def _tally_finish(self) -> None:
        if self.stage.counts:
            self.put("if pending > 0:")
            self.put("    empty_counts(packed, counts[place, pending_stratum])")

    # -- shapes -----------------------------------------------------------------------------------

    def _dense(self) -> None:
        scope = member_scope(self.program, self.stage, (*self.stage.rules, *self.stage.tally_rules))
        self.put("for u in range(first_unit, last_unit):")
        self.depth += 1
        self._unit_start([scope])
        self._keep_start()
        self.put(f"for begin in range(0, size, {CHUNK}):")
        self.depth += 1
        self.put(f"members = min(size - begin, {CHUNK})")
        self._slices("begin_unit + begin", "members", self.columns)
        self._tally_start()
        self.put("for i in range(members):")
        self.depth += 1
        self.put("member = integer(begin + i)")
        names = dict.fromkeys([*self._state_names(scope), *_class_names(self.program, self.stage)])
        self._read_state(names, "_", "i")
        for operation in scope.operations:
            self._operation(operation)
        self._tally_member()
        self._write_state(scope.writes, "_", "i")
        self.depth -= 1
        self._tally_flush("members")
        self.depth -= 1
        self._keep_end()
        self.depth -= 1
        self._tally_finish()

    def _slices(self, begin: str, members: str, columns: Iterable[str]) -> None:
        for column in columns:
            self.put(f"{column}_ = {column}_all[{begin} : {begin} + {members}]")

    def _selected(self) -> None:
        assert self.stage.select is not None
        choose = member_scope(self.program, self.stage, (self.stage.select,))
        body = member_scope(self.program, self.stage, self.stage.rules)
        carried = self._carried(body)
        self.put(f"capacity = {BUFFER}")
        self.put("for u in range(first_unit, last_unit):")
        self.put("    capacity = max(capacity, offsets[u + 1] - offsets[u])")
        self.put("order = np.zeros(capacity + 1, np.int32)")
        self.put("chosen_before = np.zeros(capacity + 2, np.int32)")
        for column in self._body_columns(body):
            self.put(f"{column}_b = np.zeros(capacity, {column}_all.dtype)")
        for name in carried:
            self.put(f"{name}_u = np.zeros(capacity + 1, np.float32)")
            self.put(f"{name}_b = np.zeros(capacity, np.float32)")
        for name in ("number_of", "key_of", "events_of"):
            self.put(f"{name} = np.zeros(capacity, np.uint32)")
        self.put("chosen = 0")
        self.put("batch = first_unit")
        self.put("for u in range(first_unit, last_unit):")
        self.depth += 1
        self._unit_start([choose, body])
        for name in carried:
            self.put(f"{name}_u[u - batch] = {name}")
        for event in self.stage.events:
            if event.keep:
                self.put(f"unit[u, {self.outside[event.keep][1]}] = 0")
        self._choose(choose)
        self.put("following = offsets[u + 2] - offsets[u + 1] if u + 1 < last_unit else capacity + 1")
        self.put("if chosen + following > capacity or u + 1 - batch == capacity:")
        self.depth += 1
        self._work(body, carried)
        self._tally_batch()
        self.put("chosen = 0")
        self.put("batch = u + 1")
        self.depth -= 2
        self._tally_finish()

    def _carried(self, body: Scope) -> list[str]:
        """Values of the unit's scope that the body reads, so that they must be carried to each member."""
        operands = [n for o in body.operations if isinstance(o, Rule) for n in o.reads]
        starts = [o.start for o in body.operations if isinstance(o, Lookup) and o.start]
        names = dict.fromkeys((*body.reads, *operands, *starts))
        return [n for n in names if n in self.unit_values or n in self._unit_reads(body)]

    def _body_arguments(self, body: Scope) -> list[str]:
        constants = [n for n in body.reads if self.outside.get(n, ("",))[0] in ("parameters", "nation")]
        return [
            *(
                "chosen",
                "round",
                "step",
                "seed_low",
                "seed_high",
                "order",
                "number_of",
                "key_of",
                "events_of",
            ),
            *(f"{column}_b" for column in self._body_columns(body)),
            *(f"{name}_b" for name in self._carried(body)),
            *sorted(constants),
            *(f"{name}_table" for name in self._body_tables(body)),
        ]

    def _body_tables(self, body: Scope) -> list[str]:
        return sorted({o.table for o in body.operations if isinstance(o, Lookup)})

    def _body(self) -> str:
        """Function of its own for the selected: arrays handed to a function are known not to overlap."""
        body = member_scope(self.program, self.stage, self.stage.rules)
        head = f"@kernel\ndef {self.stage.name}_selected(\n    {', '.join(self._body_arguments(body))}\n):"
        document = f'    """Rules of stage {self.stage.name!r} on members gathered from many units."""'
        outer, self.lines, self.depth = self.lines, [], 1
        self.put("for j in range(chosen):")
        self.depth += 1
        self.put("member = order[j]")
        self.put("number = number_of[j]")
        self.put("key = key_of[j]")
        for name in self._carried(body):
            is_row = self.outside.get(name, ("",))[0] == "unit_rows"
            self.put(f"{name} = integer({name}_b[j])" if is_row else f"{name} = {name}_b[j]")
        self._read_state(self._state_names(body), "_b", "j")
        for operation in body.operations:
            self._operation(operation)
        self._write_state(body.writes, "_b", "j")
        if self.stage.events:
            flags = " | ".join(
                f"(u32({event.name}) << {place})" for place, event in enumerate(self.stage.events)
            )
            self.put(f"events_of[j] = u32({flags})")
        written, self.lines, self.depth = self.lines, outer, 1
        return "\n".join([head, document, *written])

    def _body_columns(self, scope: Scope) -> list[str]:
        names = [*self._state_names(scope), *_class_names(self.program, self.stage)]
        wanted = {_column_of(self.program, name) for name in names}
        return [c for c in self.columns if c in wanted]

    def _choose(self, scope: Scope) -> None:
        assert self.stage.select is not None
        self._slices("begin_unit", "size", self._body_columns(scope))
        self.put("for i in range(size):")
        self.depth += 1
        self.put("member = integer(i)")
        self._read_state(self._state_names(scope), "_", "i")
        for operation in scope.operations:
            self._operation(operation)
        self.put("order[chosen] = i")
        self.put(f"chosen += choose({self.stage.select.writes[0]}, 1, 0)")
        self.depth -= 1
        self.put("chosen_before[u - batch + 1] = chosen")

    def _work(self, body: Scope, carried: list[str]) -> None:
        columns = self._body_columns(body)
        self.put("for owner in range(u + 1 - batch):")
        self.depth += 1
        self.put("begin_unit = offsets[batch + owner]")
        self.put("for j in range(chosen_before[owner], chosen_before[owner + 1]):")
        self.depth += 1
        self.put("at = begin_unit + order[j]")
        for column in columns:
            self.put(f"{column}_b[j] = {column}_all[at]")
        for name in carried:
            self.put(f"{name}_b[j] = {name}_u[owner]")
        self.put("number_of[j] = numbers[batch + owner]")
        self.put("key_of[j] = keys[batch + owner]")
        self.depth -= 2
        self.put(f"{self.stage.name}_selected({', '.join(self._body_arguments(body))})")
        touched = {_column_of(self.program, name) for name in body.writes}
        written = [column for column in columns if column in touched]
        if written:
            self.put("for owner in range(u + 1 - batch):")
            self.depth += 1
            self.put("begin_unit = offsets[batch + owner]")
            self.put("for j in range(chosen_before[owner], chosen_before[owner + 1]):")
            for column in written:
                self.put(f"    {column}_all[begin_unit + order[j]] = {column}_b[j]")
            self.depth -= 1
        self._count_events()

    def _count_events(self) -> None:
        """Events are rare, so the flags of a member are looked at one by one, and only if one is set."""
        if not self.stage.events:
            return
        lane = self.program.tally_class
        self.put("for owner in range(u + 1 - batch):")
        self.depth += 1
        self.put("s = strata[batch + owner]")
        self.put("for j in range(chosen_before[owner], chosen_before[owner + 1]):")
        self.depth += 1
        self.put("if events_of[j] != 0:")
        self.depth += 1
        if lane:
            column, shift = _column_of(self.program, lane), self.program.layout.shifts[lane]
            self.put(
                f"lane = ({column}_b[j] >> {shift}) & {(1 << self.program.layout.by_name[lane].bits) - 1}"
            )
        else:
            self.put("lane = 0")
        for place, event in enumerate(self.stage.events):
            at = len(self.stage.counts) + place
            self.put(f"counts[place, s, {at}, lane] += (events_of[j] >> {place}) & 1")
            if event.keep:
                self.put(
                    f"unit[batch + owner, {self.outside[event.keep][1]}] += real((events_of[j] >> {place}) & 1)"
                )
        self.depth -= 3

    def _tally_batch(self) -> None:
        if not (self.stage.counts or self.stage.totals):
            return
        scope = tally_scope(self.program, self.stage)
        names = list(dict.fromkeys([*self._state_names(scope), *_class_names(self.program, self.stage)]))
        columns = [c for c in self.columns if c in {_column_of(self.program, n) for n in names}]
        self.put("last_of_batch = u")
        self.put("for u in range(batch, last_of_batch + 1):")
        self.depth += 1
        self.put("s = strata[u]")
        self.put("begin_unit = offsets[u]")
        self.put("size = offsets[u + 1] - begin_unit")
        self._keep_start()
        self.put(f"for begin in range(0, size, {CHUNK}):")
        self.depth += 1
        self.put(f"members = min(size - begin, {CHUNK})")
        self._slices("begin_unit + begin", "members", columns)
        self._tally_start()
        self.put("for i in range(members):")
        self.depth += 1
        self._read_state(names, "_", "i")
        for operation in scope.operations:
            self._operation(operation)
        self._tally_member()
        self.depth -= 1
        self._tally_flush("members")
        self.depth -= 1
        self._keep_end()
        self.depth -= 1
        self.put("u = last_of_batch")
