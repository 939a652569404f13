"""Dense loops: every member of every unit, or of the units whose turn it is."""

from exitvoice.engine.loops.writer import MARKED, UNITS, LoopWriter
from exitvoice.engine.program import TEAM
from exitvoice.engine.schedule import Scope, Shared, stage_scopes


class DenseWriter(LoopWriter):
    """A loop over batches of units, their units and, inside it, over the units' members."""

    def write(self) -> str:
        """Text of the kernel and of the function of the units' rules."""
        self.read_constants()
        self.unit_buffers()
        self._team_buffers()
        self.put(f"for batch in range(first_unit, last_unit, {UNITS}):")
        self.depth += 1
        self.put(f"end = min(batch + {UNITS}, last_unit)")
        self.call_units()
        self._call_teams()
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.unit_start(stage_scopes(self.program, self.stage)[2:])
        self.unit_members()
        self.depth -= 2
        self.tally_finish()
        return "\n".join([*self.units_kernel(), *self._teams_kernel(), *self.kernel(), *self.lines])

    # -- the work of teams, a word of marks in each lane ---------------------------------------------

    def _team_buffers(self) -> None:
        """Room for what tells the words of marks of a batch of units apart."""
        if not self.team.writes:
            return
        self.put(
            "room = blocks[last_unit] - blocks[first_unit]  # pages that no batch fills are never touched"
        )
        for name in ("number_of", "key_of", "word_of"):
            self.put(f"{name} = np.zeros(room, np.uint32)")

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
