"""Dense loops: every member of every unit, or of the units whose turn it is."""

from exitvoice.engine.loops.writer import UNITS, LoopWriter
from exitvoice.engine.schedule import stage_scopes


class DenseWriter(LoopWriter):
    """A loop over batches of units, their units and, inside it, over the units' members."""

    def write(self) -> str:
        """Text of the kernel and of the function of the units' rules."""
        self.read_constants()
        self.unit_buffers()
        self.put(f"for batch in range(first_unit, last_unit, {UNITS}):")
        self.depth += 1
        self.put(f"end = min(batch + {UNITS}, last_unit)")
        self.call_units()
        self.put("for u in range(batch, end):")
        self.depth += 1
        self.unit_start(stage_scopes(self.program, self.stage)[2:])
        self.unit_members()
        self.depth -= 2
        self.tally_finish()
        return "\n".join([*self.units_kernel(), *self.kernel(), *self.lines])
