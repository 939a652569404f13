"""What a calibration came to, on the terminal: the human cost, the forecast beside its baselines, the gate."""

from typing import TYPE_CHECKING

from exitvoice.cli.console import escaped, output, plain_table, print_fact

if TYPE_CHECKING:
    from exitvoice.calibration.gate import Finding
    from exitvoice.calibration.outcome import Outcome


def print_outcome(outcome: "Outcome") -> None:
    """Print it."""
    console = output()
    if outcome.cost:
        low, middle, high = outcome.cost
        console.print(
            f"[bold]{middle / 1e6:,.1f} million person-years without freedom to leave[/bold] a year "
            f"({low / 1e6:,.1f} to {high / 1e6:,.1f} in nine of ten draws)"
        )
    if outcome.scores:
        table = plain_table("held out", "forecast", "CRPS", "within 90 %", right=("CRPS", "within 90 %"))
        for score in outcome.scores:
            table.add_row(score.target, score.forecast, f"{score.crps:.3f}", f"{score.coverage:.0%}")
        console.print(table)
        for line in losses(outcome):
            console.print(escaped(line))
    if outcome.gate is not None:
        _print_gate(outcome.gate)


def losses(outcome: "Outcome") -> list[str]:
    """Return, for each target, whether the model's forecast beats every baseline, in a sentence."""
    lines = []
    for target in dict.fromkeys(score.target for score in outcome.scores):
        own = {score.forecast: score.crps for score in outcome.scores if score.target == target}
        model = own.pop("model")
        lost = [name for name, value in own.items() if value <= model]
        lines.append(
            f"{target}: the model loses to {', '.join(lost)}" if lost else f"{target}: the model wins"
        )
    return lines


def _print_gate(gate: "Finding") -> None:
    console = output()
    console.print(f"\nGate, {gate.replications} replications: {'passed' if gate.passed else 'not passed'}")
    table = plain_table("unknown", "ranks", "contraction", "recovery", right=("contraction", "recovery"))
    for unknown in gate.unknowns:
        told = f"{unknown.contraction:.2f} ({unknown.low:.2f} to {unknown.high:.2f})"
        table.add_row(
            unknown.name,
            "uniform" if unknown.is_calibrated else "not uniform",
            told,
            f"{unknown.recovery:.2f}",
        )
    console.print(table)
    for reason in gate.reasons:
        print_fact("not passed", reason)
