"""Loops over members who are picked: what they need is laid side by side, so that all lanes have work.

Units are taken in batches. Who bears the stage's mark is listed; what the unit tells its members is copied
beside each of them; a function of its own, the costly one, works on the picked alone; then their state goes
back and events are counted.
"""

from exitvoice.engine.loops.writer import MARKED, LoopWriter
from exitvoice.engine.program import Lookup, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import column_of, member_scope, tally_scope

BATCH = 4096  # members of a batch: their columns and the buffers of the picked stay in the nearest caches
SPREAD = (
    16  # copies of a unit's value written at once, one instruction; buffers have room behind for the surplus
)


class SelectedWriter(LoopWriter):
    """A loop over batches of units."""

    def __init__(self, program: Program, stage: Stage) -> None:
        super().__init__(program, stage)
        self.body = member_scope(program, stage, stage.rules)
        self.body_columns = self.columns_of([*self.state_names(self.body), *self._class()])
        carried = self._carried()
        self.shared = {n: self.outside[n] for n in carried if self._kind(n) in ("region", "stratum")}
        self.carried = [name for name in carried if name not in self.shared]
        kinds = sorted({kind for kind, _ in self.shared.values()})
        self.places = ["begin_of", "number_of", "key_of", *(f"{kind}_of" for kind in kinds)]

    def write(self) -> str:
        """Text of the two functions."""
        body = self._body()
        self.lines, self.depth = [], 1
        self._batches()
        return "\n".join([*body, "", "", *self.kernel(), *self.lines])

    def _class(self) -> list[str]:
        return [self.program.tally_class] if self.stage.events and self.program.tally_class else []

    def _carried(self) -> list[str]:
        """Values of the unit that the body reads, so that they must be carried to each member."""
        operands = [n for o in self.body.operations if isinstance(o, Rule) for n in o.reads]
        starts = [o.start for o in self.body.operations if isinstance(o, Lookup) and o.start]
        names = dict.fromkeys((*self.body.reads, *operands, *starts))
        return [n for n in names if n in self.unit_values or n in self.unit_reads(self.body)]

    def _kind(self, name: str) -> str:
        return self.outside.get(name, ("", 0))[0]

    # -- the picked -------------------------------------------------------------------------------

    def _body_arguments(self) -> list[str]:
        tables = sorted({o.table for o in self.body.operations if isinstance(o, Lookup)})
        return [
            *("worked", "round", "step", "seed_low", "seed_high", "order"),
            *self.places,
            *(["events_of"] if self.stage.events else []),
            *sorted({kind for kind, _ in self.shared.values()}),
            *(f"{column}_b" for column in self.body_columns),
            *(f"{name}_b" for name in self.carried),
            *self.constants([self.body]),
            *(f"{name}_table" for name in tables),
        ]

    def _body(self) -> list[str]:
        """Function of its own: arrays handed to a function are known not to overlap."""
        self.lines, self.depth = [], 1
        self.put(f'"""Rules of stage {self.stage.name!r} on members picked from many units."""')
        self.put("for j in range(worked):")
        self.depth += 1
        self.put("number = number_of[j]")
        self.put("unit_number = integer(number)")
        self.put("key = key_of[j]")
        self.put("member = integer(order[j] - begin_of[j])")
        for name in self.carried:
            is_row = self._kind(name) == "unit_rows"
            self.put(f"{name} = integer({name}_b[j])" if is_row else f"{name} = {name}_b[j]")
        for name, (kind, place) in self.shared.items():
            self.put(f"{name} = {kind}[{kind}_of[j], {place}]")
        self.read_state(self.state_names(self.body), "_b", "j")
        self.operations(self.body)
        self.write_state(self.body.writes, "_b", "j")
        if self.stage.events:
            flags = [f"(u32({event.name}) << {place})" for place, event in enumerate(self.stage.events)]
            self.put(f"events_of[j] = u32({' | '.join(flags)})")
        head = f"@kernel\ndef {self.stage.name}_selected(\n    {', '.join(self._body_arguments())}\n):"
        return [head, *self.lines]

    # -- batch by batch ---------------------------------------------------------------------------

    def _batches(self) -> None:
        self.read_constants()
        self._buffers()
        self.put("batch = first_unit")
        self.put("while batch < last_unit:")
        self.depth += 1
        self.put("base = offsets[batch]")
        self.put("end = batch + 1")
        self.put("while end < last_unit and offsets[end + 1] - base <= capacity:")
        self.put("    end += 1")
        self._spread()
        self.put("at = u64(base)")
        self.put("for j in range(chosen):")
        for column in self.body_columns:
            self.put(f"    {column}_b[j] = {column}_all[at + u64(order[j])]")
        self.put(
            "# up to a whole number of lanes: what is worked out beyond the picked is left where it lies"
        )
        self.put(f"worked = (chosen + u64({SPREAD - 1})) // u64({SPREAD}) * u64({SPREAD})")
        self.put(f"{self.stage.name}_selected({', '.join(self._body_arguments())})")
        written = self.columns_of(self.body.writes)
        if written:
            self.put("for j in range(chosen):")
            for column in written:
                self.put(f"    {column}_all[at + u64(order[j])] = {column}_b[j]")
        self._count_events()
        self._tally_batch()
        self.put("batch = end")
        self.depth -= 1
        self.tally_finish()

    def _buffers(self) -> None:
        self.put(f"capacity = {BATCH}")
        self.put("for u in range(first_unit, last_unit):")
        self.put("    capacity = max(capacity, offsets[u + 1] - offsets[u])")
        types = {"order": "np.uint32"}
        types |= {f"{column}_b": f"{column}_all.dtype" for column in self.body_columns}
        types |= {f"{name}_b": "np.float32" for name in self.carried}
        types |= dict.fromkeys(self.places, "np.uint32")
        types |= {"events_of": "np.uint32", "unit_of": "np.uint32"} if self.stage.events else {}
        for name, kind in types.items():
            self.put(f"{name} = np.zeros(capacity + {SPREAD}, {kind})")

    def _spread(self) -> None:
        """Work of each unit of the batch, and copies of its values beside each of its picked members."""
        self.put("chosen = u64(0)")
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.unit_start([self.body], self.shared)
        for event in self.stage.events:
            if event.keep:
                self.put(f"unit[u, {self.outside[event.keep][1]}] = 0")
        self.put("first = chosen")
        self.put("at = u32(begin_unit - base)")
        self.put("for block in range(blocks[u], blocks[u + 1]):")
        self.put("    marked = marks[block]")
        self.put("    while marked != u64(0):")
        self.put("        order[chosen] = at + u32(lowest_bit(marked))")
        self.put("        chosen += u64(1)")
        self.put("        marked &= marked - u64(1)")
        self.put(f"    at += u32({MARKED})")
        self.put(f"for at in range(first, chosen, u64({SPREAD})):")
        self.depth += 1
        values = {
            "begin_of": "u32(begin_unit - base)",
            "number_of": "number",
            "key_of": "key",
            "region_of": "u32(r)",
            "stratum_of": "u32(s)",
        }
        pairs = [(name, values[name]) for name in self.places] + [(f"{n}_b", n) for n in self.carried]
        pairs += [("unit_of", "u32(u)")] if self.stage.events else []
        for target, value in pairs:
            self.put(f"for i in range(u64({SPREAD})):")
            self.put(f"    {target}[at + i] = {value}")
        self.depth -= 2

    def _count_events(self) -> None:
        """Events are rare, so the flags of a member are looked at one by one, and only if one is set."""
        if not self.stage.events:
            return
        self.put("for j in range(chosen):")
        self.depth += 1
        self.put("if events_of[j] != 0:")
        self.depth += 1
        self.put("u = unit_of[j]")
        self.put("s = strata[u]")
        lane = self.program.tally_class
        if lane:
            column, shift = column_of(self.program, lane), self.program.layout.shifts[lane]
            mask = (1 << self.program.layout.by_name[lane].bits) - 1
            self.put(f"lane = ({column}_b[j] >> {shift}) & {mask}")
        else:
            self.put("lane = 0")
        for place, event in enumerate(self.stage.events):
            at = len(self.stage.counts) + place
            self.put(f"counts[place, s, {at}, lane] += (events_of[j] >> {place}) & 1")
            if event.keep:
                kept = self.outside[event.keep][1]
                self.put(f"unit[u, {kept}] += real((events_of[j] >> {place}) & 1)")
        self.depth -= 2

    def _tally_batch(self) -> None:
        if not (self.stage.counts or self.stage.totals):
            return
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.put("s = strata[u]")
        self.put("begin_unit = offsets[u]")
        self.put("size = offsets[u + 1] - begin_unit")
        self.unit_members(tally_scope(self.program, self.stage), write=False)
        self.depth -= 1
