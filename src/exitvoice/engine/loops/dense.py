"""Dense loops: every member of every unit, or of the units whose turn it is."""

from exitvoice.engine.loops.writer import LoopWriter
from exitvoice.engine.schedule import member_scope


class DenseWriter(LoopWriter):
    """A loop over units and, inside it, over their members."""

    def write(self) -> str:
        """Text of the kernel."""
        scope = member_scope(self.program, self.stage, (*self.stage.rules, *self.stage.tally_rules))
        self.read_constants()
        self.put("for u in range(first_unit, last_unit):")
        self.depth += 1
        self.unit_start([scope])
        self.unit_members(scope, write=True)
        self.depth -= 1
        self.tally_finish()
        return "\n".join([*self.kernel(), *self.lines])
