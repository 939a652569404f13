"""Loops over members who are picked by team: a team is a wide register of each column, and nobody is gathered.

A team of which anybody bears the stage's mark goes through the rules as a whole; of those who do not bear it nothing
is kept. Any marks will do, and they cost least where all of a team bear them (`Stage.team_rules`).
"""

from exitvoice.engine.loops.names import MARKED, UNITS
from exitvoice.engine.loops.selected import BATCH, SelectedWriter
from exitvoice.engine.program import TEAM

TEAMS = MARKED // TEAM  # whose marks share a word
AHEAD = 4  # teams whose columns are asked for before they are worked on
TYPES = {"at_of": "np.uint64", "member_of": "np.int32", "unit_of": "np.uint32", "bears_of": "np.uint16"}


class TeamWriter(SelectedWriter):
    """A loop over batches of units; `j` counts members of the teams that are worked on, one team after the other."""

    place = f"at_of[j // u64({TEAM})] + j % u64({TEAM})"
    also = f" and (bears_of[j // u64({TEAM})] >> (j % u64({TEAM}))) & u64(1) != u64(0)"

    def _body_arguments(self) -> dict[str, str]:
        own = dict.fromkeys(("teams", "at_of", "member_of", "unit_of"))
        own |= dict.fromkeys(f"{column}_read" for column in self.body_columns)
        own |= dict.fromkeys(f"{column}_b" for column in self.written)
        of_units = {"numbers_u": "numbers[batch:end]"}
        for name in self.carried:
            kind, place = self.outside.get(name, ("", 0))
            of_units[f"{name}_u"] = f"{kind}[{place}, batch:end]" if kind else f"{name}_u"
        return {name: name for name in own} | of_units | {name: name for name in self._common_arguments()}

    def _work(self) -> None:
        self.put("for team in range(teams):")
        self.depth += 1
        for column in self.body_columns:
            self.put(f"fetch({column}_read, at_of[team + u64({AHEAD})])")
        self.put("here = at_of[team]")
        self.put("number = numbers_u[unit_of[team]]")
        self.put("unit_number = integer(number)")
        for name in self.carried:
            self.put(f"{name} = {name}_u[unit_of[team]]")
        self.put(f"for i in range(u64({TEAM})):")
        self.depth += 1
        self.put(f"j = team * u64({TEAM}) + i")
        self.put("member = integer(member_of[team] + integer(i))")
        for column in self.written:
            self.put(f"{column}_then = {column}_read[here + i]")
        self.read_state([n for n in self.state if n in self.state_names(self.body)], "_read", "here + i")
        self.operations(self.body)
        self.write_state(self.body.writes, "_b", "j")
        self._tell()

    def _buffers(self) -> None:
        self.put(f"capacity = {BATCH}")
        self.put("for u in range(first_unit, last_unit):")
        self.put("    capacity = max(capacity, offsets[u + 1] - offsets[u])")
        self.put(f"room = {TEAMS} * (capacity // {MARKED} + {UNITS + AHEAD})")
        for name, kind in TYPES.items():
            self.put(f"{name} = np.empty(room, {kind})")
        self.put("bears_words = bears_of.view(np.uint64)")
        lanes = {f"{column}_b": f"{column}_all.dtype" for column in self.written}
        lanes |= {"events_of": "np.uint32"} if self.stage.events else {}
        lanes |= {"changed_of": "np.uint8"} if self.written else {}
        for name, kind in lanes.items():
            self.put(f"{name} = np.empty({TEAM} * room, {kind})")
        self.put("everybody = u64(offsets[offsets.shape[0] - 1])")
        for column in self.body_columns:
            self.put(f"{column}_read = {column}_all")
        self.put(f"if everybody < u64({TEAM}):")
        for column in self.body_columns:
            self.put(f"    {column}_read = np.zeros({TEAM}, {column}_all.dtype)")
            self.put("    for i in range(everybody):")
            self.put(f"        {column}_read[i] = {column}_all[i]")
        self.put(f"everybody = max(everybody, u64({TEAM}))")
        self.unit_buffers()

    def _pick(self) -> None:
        """List teams. The very last have nobody behind them, so they are read from farther ahead."""
        self.put("teams = u64(0)")
        self.put("for u in range(batch, end):")
        self.depth += 1
        for event in self.stage.events:
            if event.keep:
                self.put(f"unit[{self.outside[event.keep][1]}, u] = 0")
        self.put("member = integer(0)")
        self.put("for block in range(blocks[u], blocks[u + 1]):")
        self.depth += 1
        self.put("marked = marks[block]")
        self.put(f"for i in range({TEAMS}):")
        self.depth += 1
        self.put(f"bears = marked & u64({(1 << TEAM) - 1})")
        values = {"at_of": "u64(offsets[u] + member)", "member_of": "member", "unit_of": "u - batch"}
        for name, value in (*values.items(), ("bears_of", "bears")):
            self.put(f"{name}[teams] = {value}")
        self.put("teams += u64(bears != u64(0))")
        self.put(f"member += integer({TEAM})")
        self.put(f"marked >>= u64({TEAM})")
        self.depth -= 3
        self.put("team = teams")
        self.put(f"while team > u64(0) and at_of[team - u64(1)] + u64({TEAM}) > everybody:")
        self.depth += 1
        self.put("team -= u64(1)")
        self.put(f"surplus = at_of[team] + u64({TEAM}) - everybody")
        self.put("at_of[team] -= surplus")
        self.put("member_of[team] -= integer(surplus)")
        self.put("bears_of[team] <<= surplus")
        self.depth -= 1
        self.put(
            f"for team in range(teams, teams + u64({AHEAD})):  # asked for beforehand, though there is none"
        )
        self.put("    at_of[team] = u64(0)")
        self.put(f"chosen = teams * u64({TEAM})")

    def _keep(self) -> None:
        self.put(f"marked &= bears_words[first // u64({MARKED})]")
