"""Dense loops: every member of every unit, or of the units whose turn it is."""

from exitvoice.engine.loops.names import CHUNK, MARKED, UNITS, class_names
from exitvoice.engine.loops.units import UnitWriter
from exitvoice.engine.program import LANES, TEAM
from exitvoice.engine.schedule import Scope, Shared, stage_scopes, turn_scope

AHEAD = 2  # units on turn whose columns are asked for before they are worked on
STEP = 16  # members whose part of the widest column fills a line of memory


class DenseWriter(UnitWriter):
    """A loop over batches of units, their units and, inside it, over the units' members."""

    def write(self) -> str:
        """Text of the kernel and of the function of the units' rules."""
        self.read_constants()
        self.unit_buffers()
        self._team_buffers()
        if self.stage.turn:
            self.put(f"turns = np.zeros({UNITS}, np.int64)")
        self.put(f"for batch in range(first_unit, last_unit, {UNITS}):")
        self.depth += 1
        self.put(f"end = min(batch + {UNITS}, last_unit)")
        self.call_units()
        self._call_teams()
        self._loop_over_units()
        self.unit_start(stage_scopes(self.program, self.stage)[2:])
        self.unit_members()
        self.depth -= 2
        self.tally_finish()
        return "\n".join([*self.units_kernel(), *self._teams_kernel(), *self.kernel(), *self.lines])

    def _loop_over_units(self) -> None:
        """All of a batch, or those whose turn it is: they lie apart, so that memory must be asked for each."""
        if not self.stage.turn:
            self.put("for u in range(batch, end):")
            self.depth += 1
            return
        self._list_turns()
        self.put("for n in range(due):")
        self.depth += 1
        self.put(f"then = turns[min(n + {AHEAD}, due - 1)]")
        self.put(f"for at in range(offsets[then], offsets[then + 1] + {STEP - 1}, {STEP}):")
        for column in self.columns:
            self.put(f"    fetch({column}_all, u64(at))")
        self.put("u = turns[n]")

    def _list_turns(self) -> None:
        turn = turn_scope(self.program, self.stage)
        self.put("due = 0")
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.put("s = strata[u]")
        self.put("r = regions[u]")
        self.put("number = numbers[u]")
        self.put("unit_number = integer(number)")
        self.read_signals(turn, set())
        self.operations(turn)
        self.put("turns[due] = u")
        self.put(f"due += int({self.its_turn})")
        self.depth -= 1

    def pass_over(self, elsewhere: set[str]) -> set[str]:
        """Only units whose turn it is were listed."""
        return self.read_signals(turn_scope(self.program, self.stage), elsewhere)

    # -- the work of teams, a word of marks in each lane ---------------------------------------------

    def _team_buffers(self) -> None:
        """Room for what tells the words of marks of a batch of units apart."""
        if not self.team.writes:
            return
        self.put("room = blocks[last_unit] - blocks[first_unit]")
        for name in ("number_of", "key_of", "word_of"):
            self.put(f"{name} = np.empty(room, np.uint32)")

    def _call_teams(self) -> None:
        """Lay the marks of a batch's teams, whoever is in them."""
        if not self.team.writes:
            return
        self.put("words = blocks[end] - blocks[batch]")
        self.put("for u in range(batch, end):")
        self.put("    for block in range(blocks[u], blocks[u + 1]):")
        for name, value in (("number", "numbers[u]"), ("key", "keys[u]"), ("word", "block - blocks[u]")):
            self.put(f"        {name}_of[block - blocks[batch]] = {value}")
        self.put(
            f"{self.stage.name}_teams({', '.join(self._team_arguments('_marks[blocks[batch] : blocks[end]]'))})"
        )

    def _team_arguments(self, part: str) -> list[str]:
        return [
            *("words", "round", "step", "seed_low", "seed_high", "number_of", "key_of", "word_of"),
            *(f"{mark}{part}" for mark in self.team.writes),
            *self.constants([self.team]),
        ]

    def _teams_kernel(self) -> list[str]:
        """Function of the teams' rules: a lane draws for the four teams whose marks share a word."""
        if not self.team.writes:
            return []
        kept, self.lines, self.depth = (self.lines, self.depth), [], 1
        self.put(f'"""Rules of teams in stage {self.stage.name!r}, many words of marks at once."""')
        self.put("for j in range(words):")
        self.depth += 1
        shared = [item for item in self.team.operations if isinstance(item, Shared)]
        for item in shared:
            self.shared_words(item, "number_of[j]", "key_of[j]", "word_of[j]")
        for team in range(MARKED // TEAM):
            for item in shared:
                self.put(f"{item.name} = uniform({item.name}_{team})")
            self.operations(Scope([item for item in self.team.operations if item not in shared]))
            for mark in self.team.writes:
                self.put(f"{mark}_{team} = u64(u32({mark}) * u32({(1 << TEAM) - 1}))")
        for mark in self.team.writes:
            parts = " | ".join(f"({mark}_{team} << u64({team * TEAM}))" for team in range(MARKED // TEAM))
            self.put(f"{mark}_w[j] = {parts}")
        head = f"@kernel\ndef {self.stage.name}_teams(\n    {', '.join(self._team_arguments('_w'))}\n):"
        text = [head, *self.lines, "", ""]
        self.lines, self.depth = kept
        return text

    # -- the members of a unit ----------------------------------------------------------------------

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
