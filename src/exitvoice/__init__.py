"""Exit controls as a sourced, dated, executable model.

The public face is the names below. Each is loaded from its layer when it is first asked for, so that
`import exitvoice` and `exitvoice --help` stay quick.

Examples
--------
>>> import exitvoice as xv
>>> world = xv.load("minimal")
>>> run = xv.simulate(world, seed=1, scale=0.01)
>>> run.data["abroad"].dims
('time', 'sector', 'rank')
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exitvoice.ensemble import Plan, Variant, read_ensemble
    from exitvoice.ensemble.execute import execute
    from exitvoice.errors import ExitvoiceError, InputError, Mistake, OutputError
    from exitvoice.evidence import Claim, Ledger, Source, Statement, independent_origins, load_ledger
    from exitvoice.report import render_report
    from exitvoice.results import StoredRun, read_run, summarise, write_run
    from exitvoice.run import Run, simulate
    from exitvoice.scenario import Scenario, explain, list_scenarios
    from exitvoice.scenario import load_scenario as load

__version__ = "0.1.0"

__all__ = [
    "Claim",
    "ExitvoiceError",
    "InputError",
    "Ledger",
    "Mistake",
    "OutputError",
    "Plan",
    "Run",
    "Scenario",
    "Source",
    "Statement",
    "StoredRun",
    "Variant",
    "__version__",
    "execute",
    "explain",
    "independent_origins",
    "list_scenarios",
    "load",
    "load_ledger",
    "read_ensemble",
    "read_run",
    "render_report",
    "simulate",
    "summarise",
    "write_run",
]

_HOMES = {
    "Claim": "evidence",
    "ExitvoiceError": "errors",
    "InputError": "errors",
    "Ledger": "evidence",
    "Mistake": "errors",
    "OutputError": "errors",
    "Plan": "ensemble",
    "Run": "run",
    "Scenario": "scenario",
    "Source": "evidence",
    "Statement": "evidence",
    "StoredRun": "results",
    "Variant": "ensemble",
    "execute": "ensemble",
    "explain": "scenario",
    "independent_origins": "evidence",
    "list_scenarios": "scenario",
    "load": "scenario",
    "load_ledger": "evidence",
    "read_ensemble": "ensemble",
    "read_run": "results",
    "render_report": "report",
    "simulate": "run",
    "summarise": "results",
    "write_run": "results",
}
_NAMES_AT_HOME = {"load": "load_scenario"}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'exitvoice' has no attribute {name!r}")
    value: object = getattr(import_module(f"exitvoice.{home}"), _NAMES_AT_HOME.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
