"""What is done once a unit: where it stands, what it is told, and its own rules, worked out many units at once."""

from collections.abc import Iterable

from exitvoice.engine.loops.names import UNITS
from exitvoice.engine.loops.writer import LoopWriter
from exitvoice.engine.schedule import Scope, stage_scopes, turn_scope

ARGUMENTS = (
    "crew, first_unit, last_unit, place, round, step, seed_low, seed_high, offsets, blocks, numbers, keys, strata, "
    "regions, parameters, nation, region, stratum, unit, unit_rows, scratch"
)


class UnitWriter(LoopWriter):
    """Adds the lines of units to those of members."""

    def kernel(self) -> list[str]:
        """Head of the stage's kernel."""
        arguments = [ARGUMENTS, *(f"{name}_all" for name in self.columns)]
        arguments += ["marks"] if self.stage.select else [f"{name}_marks" for name in self.marks]
        arguments += [*(f"{name}_table" for name in self.tables), "counts", "totals"]
        return [
            f"@kernel\ndef {self.stage.name}(\n    {', '.join(arguments)}\n):",
            f'    """Stage {self.stage.name!r} of {self.program.name}: units first_unit to last_unit."""',
            "    if share_out(crew):",
            "        return",
        ]

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
        done = self.pass_over(set(elsewhere)) if self.stage.turn else set()
        done |= self.unit_work(done)
        for scope in scopes:
            done |= self.read_signals(scope, done.union(elsewhere))

    def pass_over(self, elsewhere: set[str]) -> set[str]:
        """Go on to the next unit if it is not this one's turn; returns the names that are there."""
        done = self.read_signals(turn_scope(self.program, self.stage), elsewhere)
        self.operations(turn_scope(self.program, self.stage))
        self.put(f"if not {self.its_turn}:")
        self.put("    continue")
        return done

    @property
    def its_turn(self) -> str:
        """Name of the truth value that tells whether it is a unit's turn."""
        assert self.stage.turn is not None
        return self.stage.turn.writes[0]

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
            self.put(f"{name}_u = np.empty({UNITS}, np.float32)")

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
                self.put(f"{name}_u[j] = choose({self.its_turn}, {name}, {name}_u[j])")
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
