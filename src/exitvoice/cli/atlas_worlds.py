"""Worlds of the atlas: which are asked for, drawn one after another, with progress and a way to stop."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from exitvoice.cli.console import is_terminal, messages

if TYPE_CHECKING:
    from exitvoice.calibration.atlas.ask import Asking
    from exitvoice.calibration.atlas.cases import Case
    from exitvoice.calibration.atlas.world import Compared, World
    from exitvoice.calibration.options import Status
    from exitvoice.ensemble.executors import Executor

EVERY = "all"


def worlds_of(names: Sequence[str]) -> "tuple[World, ...]":
    """Put the worlds together that are named; all of the library's designs for `all`.

    Raises
    ------
    InputError
        If a design is not known or has mistakes, or two have one name.
    """
    from exitvoice.calibration.atlas.load import design_names, load_design
    from exitvoice.calibration.atlas.world import world_of
    from exitvoice.errors import InputError

    chosen = [one for name in names for one in (design_names() if name == EVERY else (name,))]
    designs = [load_design(name) for name in dict.fromkeys(chosen)]
    seen = [design.name for design in designs]
    for name in seen:
        if seen.count(name) > 1:
            what, why = f"two designs are named {name}", "a world has one set of columns"
            raise InputError.of("--world", what, why=why, mend="rename one of them, or leave it out")
    return tuple(
        world_of(design, compared=_compared(design.scenario) if design.as_claims_compare else None)
        for design in designs
    )


def _compared(name: str) -> "Compared":
    from exitvoice.calibration.atlas.world import Compared
    from exitvoice.claims import load_board
    from exitvoice.claims.design import set_up
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import load_scenario

    scenario = load_scenario(name)
    setting = set_up(load_board(load_ledger(), scenario), scenario, scale=1.0, seed=0)
    return Compared(setting.scenario, setting.factors)


def ask_worlds(
    worlds: "Sequence[World]",
    asking: "Asking",
    executor: "Executor | Literal['processes']",
    workers: int | None,
) -> "Iterator[Case | None]":
    """Ask one world after another; None if somebody stopped it, with what is simulated kept."""
    from exitvoice.calibration.draws import Stopped
    from exitvoice.ensemble import choose_placement
    from exitvoice.ensemble.executors import Processes

    for world in worlds:
        own = replace(asking, folder=asking.folder / world.design.name)
        try:
            if executor == "processes":
                placed = workers or choose_placement(world.scenario, world.design.scale, own.draws).workers
                with Processes(placed) as processes:
                    case = _ask(world, own, processes)
            else:
                case = _ask(world, own, executor)
        except (Stopped, KeyboardInterrupt):
            yield None
            return
        yield case


def _ask(world: "World", asking: "Asking", executor: "Executor") -> "Case":
    from exitvoice.calibration.atlas.ask import ask
    from exitvoice.cli.calibrate_progress import watch
    from exitvoice.cli.interruption import Interruption

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(status: "Status") -> bool:
            interruption.begin()
            display.show(status)
            return not interruption.is_asked

        return ask(world, asking, executor=executor, progress=progress)
