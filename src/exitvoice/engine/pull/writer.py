"""The loop of the pull shape: a node, its in-edges, its rules."""

from exitvoice.engine.pull.program import PULL_STREAM, PullProgram
from exitvoice.engine.random import UNIFORMS_PER_BLOCK
from exitvoice.engine.source import rule_statements

ARGUMENTS = "crew, first_node, last_node, place, step, seed_low, seed_high, offsets, sources, parameters"


class PullWriter:
    """Collects the lines of one kernel."""

    def __init__(self, program: PullProgram) -> None:
        self.program = program
        self.lines: list[str] = []
        self.reads = {name for rule in program.rules for name in rule.reads}

    def write(self) -> str:
        """Text of the kernel."""
        self._head()
        self._gather()
        self._draw()
        for item in self.program.rules:
            for line in rule_statements(item):
                self._put(2, line)
        self._store()
        for place in range(len(self.program.counts)):
            self._put(1, f"counts[place, {place}] += sum_{place}")
        return "\n".join(self.lines)

    def _put(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def _head(self) -> None:
        program = self.program
        columns = [f"{column.name}_all" for column in program.columns]
        columns += [f"{name}_after" for name in program.doubled]
        self._put(0, f"@kernel\ndef {program.name}(\n    {', '.join([ARGUMENTS, *columns, 'counts'])}\n):")
        self._put(1, f'"""Nodes first_node to last_node of {program.name}, one step."""')
        self._put(1, "if share_out(crew):")
        self._put(2, "return")
        for place, name in enumerate(program.parameters):
            if name in self.reads:
                self._put(1, f"{name} = parameters[{place}]")
        for place in range(len(program.counts)):
            self._put(1, f"sum_{place} = np.int64(0)")
        self._put(1, "for n in range(first_node, last_node):")
        self._put(2, "node = integer(n)")

    def _gather(self) -> None:
        self._put(2, "begin = offsets[n]")
        self._put(2, "end = offsets[n + 1]")
        self._put(2, "ties = integer(end - begin)")
        for pull in self.program.pulls:
            self._put(2, f"{pull.name} = integer(0)")
        if self.program.pulls:
            self._put(2, "for e in range(begin, end):")
            self._put(3, "source = sources[e]")
        for pull in self.program.pulls:
            self._put(3, f"{pull.name} = integer({pull.name} + {pull.column}_all[source])")
        for column in self.program.columns:
            value = f"{column.name}_all[n]"
            self._put(2, f"{column.name} = {value if column.dtype == 'float32' else f'integer({value})'}")

    def _draw(self) -> None:
        for place, name in enumerate(self.program.fresh):
            block, at = divmod(place, UNIFORMS_PER_BLOCK)
            words = [f"block_{block}_{i}" for i in range(4)]
            if at == 0:
                stream = f"u32({PULL_STREAM + block})"
                call = f"philox(u32(node), u32(0), u32(step), {stream}, seed_low, seed_high)"
                self._put(2, f"{', '.join(words)} = {call}")
            half = "lower" if at % 2 else "upper"
            self._put(2, f"{name} = {half}_uniform({words[at // 2]}, {words[3]})")

    def _store(self) -> None:
        types = {column.name: column.dtype for column in self.program.columns}
        for name in self.program.written:
            array = f"{name}_after" if name in self.program.doubled else f"{name}_all"
            cast = {"float32": "real", "int32": "integer", "uint8": "np.uint8"}[types[name]]
            self._put(2, f"{array}[n] = {cast}({name})")
        for place, name in enumerate(self.program.counts):
            self._put(2, f"sum_{place} += integer({name})")
