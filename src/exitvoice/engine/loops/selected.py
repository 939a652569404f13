"""Loops over members who are picked: what they need is laid side by side, so that all lanes have work.

Units are taken in batches of one stratum, so that what the stratum and the region tell is the same for all. Who
bears the stage's mark is listed; what the unit tells its members is copied beside each of them; a function of its
own, the costly one, works on the picked alone and tells who changed; the state of these goes back and moves the
tallies, and events are counted.
"""

from collections.abc import Iterator

from exitvoice.engine.loops.names import MARKED, UNITS
from exitvoice.engine.loops.units import UnitWriter
from exitvoice.engine.program import Lookup, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import Scope, column_of, member_scope, tally_scope

BATCH = 4096  # members of a batch: their columns and the buffers of the picked stay in the nearest caches
WIDTH = 16  # of a wide register: what is picked is worked on in as many at once


class SelectedWriter(UnitWriter):
    """A loop over batches of units."""

    place = "base + u64(order[j])"  # of the picked j among all members
    also = ""  # what else must hold for an event of j to count

    def __init__(self, program: Program, stage: Stage) -> None:
        super().__init__(program, stage)
        self.body = member_scope(program, stage, stage.rules)
        self.tally = tally_scope(program, stage) if stage.changes else Scope()
        self.tally_state = list(dict.fromkeys([*self.state_names(self.tally), *self._class()]))
        self.state = list(dict.fromkeys([*self.state_names(self.body), *self.tally_state]))
        self.body_columns = self.columns_of(self.state)
        self.written = self.columns_of(self.body.writes)
        carried = self._carried()
        self.shared = {n: self.outside[n] for n in carried if self._kind(n) in ("region", "stratum")}
        self.carried = [name for name in carried if name not in self.shared]

    def write(self) -> str:
        """Text of the functions: the units' rules, the members', and the kernel that calls them."""
        body = self._body()
        self.lines, self.depth = [], 1
        self._batches()
        return "\n".join([*self.units_kernel(), *body, "", "", *self.kernel(), *self.lines])

    def _class(self) -> list[str]:
        tallied = self.stage.counted or self.stage.totals
        return [self.program.tally_class] if tallied and self.program.tally_class else []

    def _carried(self) -> list[str]:
        """Values of the unit that the body reads, so that they must be carried to each member."""
        operands = [n for o in self.body.operations if isinstance(o, Rule) for n in o.reads]
        starts = [o.start for o in self.body.operations if isinstance(o, Lookup) and o.start]
        names = dict.fromkeys((*self.body.reads, *operands, *starts))
        return [n for n in names if n in self.unit_values or n in self.unit_reads(self.body)]

    def _kind(self, name: str) -> str:
        return self.outside.get(name, ("", 0))[0]

    # -- the picked -------------------------------------------------------------------------------

    def _body_arguments(self) -> dict[str, str]:
        """What the function of the members' rules is called with, by the names it has there."""
        own = [
            *("worked", "order", "begin_of", "number_of"),
            *(f"{column}_b" for column in self.body_columns),
            *(f"{name}_b" for name in self.carried),
        ]
        return {name: name for name in (*own, *self._common_arguments())}

    def _common_arguments(self) -> list[str]:
        tables = sorted({o.table for o in self.body.operations if isinstance(o, Lookup)})
        return [
            *("round", "step", "seed_low", "seed_high", "key"),
            *(["events_of"] if self.stage.events else []),
            *(["changed_of"] if self.written else []),
            *self.shared,
            *self.constants([self.body]),
            *(f"{name}_table" for name in tables),
        ]

    def _body(self) -> list[str]:
        """Function of its own: arrays handed to a function are known not to overlap."""
        self.lines, self.depth = [], 1
        self.put(f'"""Rules of stage {self.stage.name!r} on members picked from many units."""')
        self._work()
        head = f"@kernel\ndef {self.stage.name}_selected(\n    {', '.join(self._body_arguments())}\n):"
        return [head, *self.lines]

    def _work(self) -> None:
        """Loop over the picked."""
        self.put("for j in range(worked):")
        self.depth += 1
        self.put("number = number_of[j]")
        self.put("unit_number = integer(number)")
        self.put("member = integer(order[j] - begin_of[j])")
        for name in self.carried:
            is_row = self._kind(name) == "unit_rows"
            self.put(f"{name} = integer({name}_b[j])" if is_row else f"{name} = {name}_b[j]")
        for column in self.written:
            self.put(f"{column}_then = {column}_b[j]")
        self.read_state([n for n in self.state if n in self.state_names(self.body)], "_b", "j")
        self.operations(self.body)
        self.write_state(self.body.writes, "_b", "j")
        self._tell()

    def _tell(self) -> None:
        """Say who changed, and to whom something happened."""
        if self.written:
            self.put(f"changed_of[j] = u32({' | '.join(f'({c}_then != {c}_b[j])' for c in self.written)})")
        if self.stage.events:
            flags = [f"(u32({event.name}) << {place})" for place, event in enumerate(self.stage.events)]
            self.put(f"events_of[j] = u32({' | '.join(flags)})")

    # -- batch by batch ---------------------------------------------------------------------------

    def _batches(self) -> None:
        self.read_constants()
        self._buffers()
        self.put("batch = first_unit")
        self.put("while batch < last_unit:")
        self.depth += 1
        self.put("s = strata[batch]")
        self.put("r = regions[batch]")
        self.put("key = keys[batch]")
        self.put("end = batch + 1")
        self.put("while (")
        self.put("    end < last_unit and offsets[end + 1] - offsets[batch] <= capacity")
        self.put(
            f"    and end - batch < {UNITS} and strata[end] == s and regions[end] == r and keys[end] == key"
        )
        self.put("):")
        self.put("    end += 1")
        self.put("base = u64(offsets[batch])")
        for name, (kind, place) in self.shared.items():
            self.put(f"{name} = {kind}[{'r' if kind == 'region' else 's'}, {place}]")
        self.call_units()
        self._pick()
        self.put(f"{self.stage.name}_selected({', '.join(self._body_arguments().values())})")
        self._write_back()
        self._count_events()
        self.put("batch = end")

    def _pick(self) -> None:
        """Lay side by side what the rules need of the picked, one by one, as they are few; `chosen` counts them.

        What a unit keeps of events starts anew once its members know what was there.
        """
        self.put("chosen = u64(0)")
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.put("begin = at = u32(offsets[u] - offsets[batch])")
        self.put("for block in range(blocks[u], blocks[u + 1]):")
        self.depth += 1
        self.put("marked = marks[block]")
        self.put("while marked != u64(0):")
        self.depth += 1
        self.put("here = at + u32(lowest_bit(marked))")
        for target, value in self._told():
            self.put(f"{target}[chosen] = {value}")
        for column in self.body_columns:
            self.put(f"fetch({column}_all, base + u64(here))")
        self.put("chosen += u64(1)")
        self.put("marked &= marked - u64(1)")
        self.depth -= 1
        self.put(f"at += u32({MARKED})")
        self.depth -= 1
        for event in self.stage.events:
            if event.keep:
                self.put(f"unit[{self.outside[event.keep][1]}, u] = 0")
        self.depth -= 1
        for column in self.body_columns:
            self.put("for j in range(chosen):")
            self.put(f"    {column}_b[j] = {column}_all[base + u64(order[j])]")
        self.put(
            "# up to a whole number of lanes, for nobody: what is worked out there is left where it lies"
        )
        self.put(f"worked = (chosen + u64({WIDTH - 1})) // u64({WIDTH}) * u64({WIDTH})")
        self.put("for j in range(chosen, worked):")
        for target in (*(name for name, _ in self._told()), *(f"{column}_b" for column in self.body_columns)):
            self.put(f"    {target}[j] = 0")

    def _told(self) -> Iterator[tuple[str, str]]:
        """What is laid down of a picked member at once: its place, and what its unit tells; memory brings the rest."""
        yield from (("order", "here"), ("begin_of", "begin"), ("number_of", "numbers[u]"))
        for name in self.carried:
            kind, place = self.outside.get(name, ("", 0))
            yield f"{name}_b", f"{kind}[{place}, u]" if kind else f"{name}_u[u - batch]"

    def _buffers(self) -> None:
        self.put(f"capacity = {BATCH}")
        self.put("for u in range(first_unit, last_unit):")
        self.put("    capacity = max(capacity, offsets[u + 1] - offsets[u])")
        types = dict.fromkeys(("order", "begin_of", "number_of"), "np.uint32")
        types |= {f"{column}_b": f"{column}_all.dtype" for column in self.body_columns}
        types |= {f"{name}_b": "np.float32" for name in self.carried}
        types |= {"events_of": "np.uint32"} if self.stage.events else {}
        types |= {"changed_of": "np.uint8"} if self.written else {}
        for name, kind in types.items():
            self.put(f"{name} = np.empty(capacity + {MARKED}, {kind})")
        self.unit_buffers()

    def _write_back(self) -> None:
        """Most of the picked stay as they were: only what changed is written, and moves the tallies."""
        if not self.written:
            return
        self.put("u = batch")
        self.put(f"for first in range(u64(0), chosen, u64({MARKED})):")
        self.depth += 1
        self.put(f"marked = gather_bits(changed_of[first:], u32(1), min(chosen - first, u64({MARKED})))")
        self._keep()
        self.put("while marked != u64(0):")
        self.depth += 1
        self.put("j = first + lowest_bit(marked)")
        self.put("marked &= marked - u64(1)")
        self.put(f"at = {self.place}")
        if self.stage.changes:
            self._find_unit()
            self._tally(0, "-")
        for column in self.written:
            self.put(f"{column}_all[at] = {column}_b[j]")
        if self.stage.changes:
            self._tally(len(self.stage.counts), "+")
        self.depth -= 2

    def _keep(self) -> None:
        """Nothing is kept of those among `marked` who are not picked: here, all are."""

    def _find_unit(self) -> None:
        """The picked stand in the order of their units."""
        self.put("while u64(offsets[u + 1]) <= at:")
        self.put("    u += 1")

    def _tally(self, first: int, sign: str) -> None:
        """Count a changed member as it was or as it is."""
        self.read_state(self.tally_state, "_all", "at")
        self.operations(self.tally)
        lane = self.program.tally_class or "0"
        for place, total in enumerate(self.stage.totals):
            self.put(f"totals[place, s, {place}, {lane}] {sign}= {self.total_units(total.name)}")
        for place, count in enumerate(self.stage.counts, start=first):
            self.put(f"counts[place, s, {place}, {lane}] += integer({count.name})")
            if count.keep:
                self.put(f"unit[{self.outside[count.keep][1]}, u] {sign}= real(integer({count.name}))")

    def _count_events(self) -> None:
        """Events are rare, so the flags of a member are looked at one by one, and only if one is set."""
        if not self.stage.events:
            return
        self.put("u = batch")
        self.put("for j in range(chosen):")
        self.depth += 1
        self.put(f"if events_of[j] != 0{self.also}:")
        self.depth += 1
        self.put(f"at = {self.place}")
        self._find_unit()
        lane = self.program.tally_class
        if lane:
            column, shift = column_of(self.program, lane), self.program.layout.shifts[lane]
            mask = (1 << self.program.layout.by_name[lane].bits) - 1
            self.put(f"lane = ({column}_all[at] >> {shift}) & {mask}")
        else:
            self.put("lane = 0")
        for place, event in enumerate(self.stage.events):
            at = 2 * len(self.stage.counts) + place
            self.put(f"counts[place, s, {at}, lane] += (events_of[j] >> {place}) & 1")
            if event.keep:
                kept = self.outside[event.keep][1]
                self.put(f"unit[{kept}, u] += real((events_of[j] >> {place}) & 1)")
        self.depth -= 2
