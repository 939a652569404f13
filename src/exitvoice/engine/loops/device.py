"""Loops for a graphics device: a block of threads takes units in turn, and its lanes share a unit's members.

Every lane works out the unit's rules for itself, which costs less than handing them round. What is counted of all
members is kept in each lane's registers, four classes to a word, and now and then added up: in the block's shared
memory, then in the tallies of all. What happens to the picked is rare and goes to shared memory at once. Whole numbers
only, so that any order of adding gives the same.
"""

from exitvoice.engine.loops.names import CHUNK, MARKED, class_names
from exitvoice.engine.loops.units import UnitWriter
from exitvoice.engine.program import LANES, TEAM, Program, Stage
from exitvoice.engine.schedule import Scope, Shared, stage_scopes

ARGUMENTS = (
    "span, round, step, seed_low, seed_high, constants, offsets, blocks, numbers, keys, strata, regions, "
    "region, stratum, unit, unit_rows"
)


def stage_constants(program: Program, stage: Stage) -> tuple[str, ...]:
    """Parameters and signals of the nation that a stage reads, in the order in which its kernel is handed them."""
    writer = UnitWriter(program, stage)
    return tuple(writer.constants([*stage_scopes(program, stage), writer.team]))


def write_device_stage(program: Program, stage: Stage) -> str:
    """Text of the kernel of one stage."""
    return DeviceWriter(program, stage).write()


class DeviceWriter(UnitWriter):
    """A kernel for all members of a stage's units or, with `select`, for those who bear its mark."""

    def __init__(self, program: Program, stage: Stage) -> None:
        super().__init__(program, stage)
        self.body, *self.changes = self.scopes = stage_scopes(program, stage)[2:]
        self.kept = [count for count in stage.counted if count.keep]
        self.written_marks = () if stage.select else self.marks
        self.words = LANES * (len(stage.counted) + len(stage.totals))

    def write(self) -> str:
        """Text of the kernel."""
        self._begin()
        self.put("for u in range(first_unit, last_unit):")
        self.depth += 1
        self.unit_start(self.scopes)
        self._members()
        self._keep()
        self.depth -= 1
        if self.words:
            self._add_up()
        return "\n".join([*self._head(), *self.lines])

    def _head(self) -> list[str]:
        arguments = [ARGUMENTS, *(f"{name}_all" for name in self.columns)]
        arguments += ["marks"] if self.stage.select else [f"{name}_marks" for name in self.marks]
        arguments += [*(f"{name}_table" for name in self.tables), "tallies"]
        return [
            f"@kernel\ndef {self.stage.name}(\n    {', '.join(arguments)}\n):",
            f'    """Stage {self.stage.name!r} of {self.program.name}: each block takes `span` units."""',
        ]

    # -- a block ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Which units are the block's, what is the same for all of them, and nothing counted yet."""
        self.put("lane = cuda.threadIdx.x")
        self.put("lanes = cuda.blockDim.x")
        self.put("first_unit = cuda.blockIdx.x * span")
        self.put("last_unit = min(first_unit + span, strata.shape[0])")
        for place, name in enumerate(stage_constants(self.program, self.stage)):
            self.put(f"{name} = constants[{place}]")
        for name, size, kind in self._shared():
            self.put(f"{name} = cuda.shared.array({size}, {kind})")
            self.put(f"for i in range(lane, {size}, lanes):")
            self.put(f"    {name}[i] = 0")
        if self._shared():
            self.put("cuda.syncthreads()")
        if self.stage.select:
            kinds = {column.name: column.dtype for column in self.program.layout.columns}
            for column in self.columns:
                self.put(f"{column}_b = cuda.local.array(1, np.{kinds[column]})")
        if self.words:
            self.put("pending = 0")
            self.put("pending_stratum = strata[first_unit]")
            self._start()

    def _shared(self) -> list[tuple[str, int, str]]:
        tallied = [("tallied", self.words, "np.uint64")] if self.words else []
        return tallied + ([("kept", len(self.kept), "np.int32")] if self.kept else [])

    # -- a unit -----------------------------------------------------------------------------------

    def unit_work(self, done: set[str]) -> set[str]:
        """The unit's rules; what they found is kept once every lane has read what was there before."""
        read = self.read_signals(self.unit, done)
        self.operations(self.unit)
        self._write_unit()
        return read.union(self.unit.writes)

    def _write_unit(self) -> None:
        writes = [name for name in self.unit.writes if name in self.outside]
        for mark in self.written_marks:
            self.put("for block in range(blocks[u] + lane, blocks[u + 1], lanes):")
            self.put(f"    {mark}_marks[block] = u64(0)")
        if writes or self.kept or self.written_marks:
            self.put("cuda.syncthreads()")
        if writes:
            self.put("if lane == 0:")
            for name in writes:
                self.put(f"    unit[{self.outside[name][1]}, u] = {name}")
        for count in self.kept:
            self.put(f"kept_{count.keep} = integer(0)")

    def _keep(self) -> None:
        """Counts that the unit keeps: lanes add theirs, one lane writes the sum."""
        if not self.kept:
            return
        for place, count in enumerate(self.kept):
            self.put(f"cuda.atomic.add(kept, {place}, kept_{count.keep})")
        self.put("cuda.syncthreads()")
        self.put("if lane == 0:")
        for place, count in enumerate(self.kept):
            sign = "+" if self.stage.changes and count in self.stage.counts else ""
            self.put(f"    unit[{self.outside[str(count.keep)][1]}, u] {sign}= real(kept[{place}])")
            self.put(f"    kept[{place}] = 0")

    # -- members ----------------------------------------------------------------------------------

    def _members(self) -> None:
        self.put("for begin in range(0, size, lanes):")
        self.depth += 1
        if self.words:
            # the same for all lanes of a block, so that they meet at the barriers inside
            self.put(f"if s != pending_stratum or pending == {CHUNK}:")
            self.depth += 1
            self._add_up()
            self.put("pending = 0")
            self.put("pending_stratum = s")
            self._start()
            self.depth -= 1
            self.put("pending += 1")
        self.put("member = integer(begin + lane)")
        self.put("if member < size:")
        self.depth += 1
        self.put("at = u64(begin_unit + member)")
        if self.stage.select:
            self._picked()
        else:
            self._everybody()
        self.depth -= 2

    def _everybody(self) -> None:
        names = [name for scope in self.scopes for name in self.state_names(scope)]
        self.read_state(dict.fromkeys([*names, *class_names(self.program, self.stage)]), "_all", "at")
        for scope in self.changes:
            self.operations(scope)
            self._tally_member("before_", "-")
            self._keep_member("-")
        for scope in self.scopes:
            self.operations(scope)
        self._tally_member("", "+")
        self._keep_member("+")
        self.write_state(self.body.writes, "_all", "at")
        self._mark()

    def _mark(self) -> None:
        self._team()
        for mark in self.written_marks:
            among = f" and {self.stage.among}" if self.stage.among and mark in self.team.writes else ""
            self.put(f"if {mark}{among}:")
            place = "blocks[u] + (member >> 6)"
            self.put(f"    cuda.atomic.or_({mark}_marks, {place}, u64(1) << u64(member & 63))")

    def _team(self) -> None:
        """What a member's team has in common; each lane works it out, for waiting for another would cost more."""
        for item in self.team.operations:
            if not isinstance(item, Shared):
                self.operations(Scope([item]))
                continue
            self.shared_words(item, "number", "key", f"member // {MARKED}")
            self.put(f"place = (member % {MARKED}) // {TEAM}")
            word = f"{item.name}_{MARKED // TEAM - 1}"
            for team in reversed(range(MARKED // TEAM - 1)):
                word = f"choose(place == {team}, {item.name}_{team}, {word})"
            self.put(f"{item.name} = uniform({word})")

    # -- the picked -------------------------------------------------------------------------------

    def _picked(self) -> None:
        """Work on who bears the mark, on a copy: only who changed is written, and moves the tallies."""
        self.put("marked = u64(marks[u64(blocks[u] + (member >> 6))])")
        self.put("if (marked >> u64(member & 63)) & u64(1) != u64(0):")
        self.depth += 1
        for column in self.columns:
            self.put(f"{column}_b[0] = {column}_all[at]")
        names = [*self.state_names(self.body), *class_names(self.program, self.stage)]
        self.read_state(dict.fromkeys(names), "_b", "0")
        self.operations(self.body)
        self.write_state(self.body.writes, "_b", "0")
        self._events()
        written = self.columns_of(self.body.writes)
        if written:
            self.put(f"if {' or '.join(f'{column}_all[at] != {column}_b[0]' for column in written)}:")
            self.depth += 1
            for scope in self.changes:
                self._change(scope, "_all", "at", "-")
                self._change(scope, "_b", "0", "+")
            for column in written:
                self.put(f"{column}_all[at] = {column}_b[0]")
            self.depth -= 1
        self.depth -= 1

    def _events(self) -> None:
        for place, event in enumerate(self.stage.events, start=len(self.stage.counts)):
            self.put(f"if {event.name}:")
            self.put(f"    cuda.atomic.add(tallied, {self._slot(place)}, u64(1))")
            if event.keep:
                self.put(f"    kept_{event.keep} = integer(kept_{event.keep} + integer(1))")

    def _change(self, scope: Scope, suffix: str, index: str, sign: str) -> None:
        """Count a member as it was, or as it is; what is taken off wraps round."""
        names = [*self.state_names(scope), *class_names(self.program, self.stage)]
        self.read_state(dict.fromkeys(names), suffix, index)
        self.operations(scope)
        for place, count in enumerate(self.stage.counts):
            self.put(f"if {count.name}:")
            self.put(f"    cuda.atomic.add(tallied, {self._slot(place)}, u64({sign}1))")
        for place, total in enumerate(self.stage.totals, start=len(self.stage.counted)):
            self.put(f"fixed_ = {self.total_units(total.name)}")
            self.put(f"cuda.atomic.add(tallied, {self._slot(place)}, u64({sign}fixed_))")
        self._keep_member(sign)

    def _slot(self, place: int) -> str:
        lane = self.program.tally_class
        return f"{LANES * place} + {lane}" if lane else str(LANES * place)

    # -- tallies ----------------------------------------------------------------------------------

    def _start(self) -> None:
        """Empty registers; the picked have none."""
        if not self.stage.select:
            self._tally_start()

    def _keep_member(self, sign: str) -> None:
        for count in self.stage.counts:
            if count.keep:
                self.put(f"kept_{count.keep} = integer(kept_{count.keep} {sign} integer({count.name}))")

    def _add_up(self) -> None:
        """Empty the registers into shared memory, and that into the tallies of all."""
        if not self.stage.select:
            self._spill()
        self.put("cuda.syncthreads()")
        self.put(f"for i in range(lane, {self.words}, lanes):")
        self.put("    if tallied[i] != u64(0):")
        self.put("        cuda.atomic.add(tallies, (pending_stratum, i), tallied[i])")
        self.put("        tallied[i] = u64(0)")
        self.put("cuda.syncthreads()")

    def _spill(self) -> None:
        for place, count in enumerate(self.stage.counts):
            self.put(f"spill(tallied, {LANES * place}, count_{count.name}, u64(1))")
            if self.stage.changes:
                less = "u64(0xFFFFFFFFFFFFFFFF)"  # minus one, for sums wrap round
                self.put(f"spill(tallied, {LANES * place}, count_before_{count.name}, {less})")
        for place, total in enumerate(self.stage.totals, start=len(self.stage.counted)):
            for lane in range(LANES if self.program.tally_class else 1):
                where = LANES * place + lane
                self.put(f"cuda.atomic.add(tallied, {where}, u64(total_{total.name}_{lane}))")
