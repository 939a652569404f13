"""Everything that pages show and that does not change while the server runs: worlds, priors, evidence, hypotheses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from exitvoice.claims import Board, Judgement, load_board, read_judgement
from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, Worth, assess, load_ledger
from exitvoice.report.hover import Tips, tips_for
from exitvoice.scenario import Prior, Scenario, check_support, list_scenarios, load_priors, load_scenario
from exitvoice.web.jobs.store import Store

CLAIMED = "china-2024"
"""The world that the claims of the evidence are about."""
OWN = "own-"


@lru_cache(maxsize=16)
def read_once(folder: Path) -> Judgement:
    """Read a board; once made, it does not change."""
    return read_judgement(folder)


def _read(text: str, world_id: str) -> Scenario | None:
    """Read a world that a visitor brought; None if this version cannot."""
    try:
        return Scenario.from_text(text, name=world_id)
    except InputError:
        return None


@dataclass(eq=False)
class Shelf:
    """Read once; what visitors bring is read from the store."""

    store: Store
    board_folder: Path | None = None

    @cached_property
    def shipped(self) -> Mapping[str, Scenario]:
        """The worlds of the library by name."""
        return {name: load_scenario(name) for name in list_scenarios()}

    @cached_property
    def ledger(self) -> Ledger:
        """Who says what."""
        return load_ledger()

    @cached_property
    def tips(self) -> Tips:
        """What pointing at a name shows."""
        return tips_for(self.ledger)

    @property
    def priors(self) -> Mapping[str, Prior]:
        """Defaults and plausible ranges."""
        return load_priors()

    @cached_property
    def board(self) -> Board:
        """The hypotheses."""
        return load_board(self.ledger, self.shipped[CLAIMED])

    @property
    def verdicts_folders(self) -> tuple[Path, ...]:
        """The boards: those made here, the newest first, then the one that the server was started with."""
        made = tuple(self.store.place(job) / "results" for job in self.store.done("board"))
        return made if self.board_folder is None else (*made, self.board_folder)

    def verdicts_folder(self, claim: str) -> Path | None:
        """Return the newest board that put a claim to the test, else the newest; None if there is none.

        So a board of one claim, ordered later, leaves the verdicts on the others as they are.
        """
        folders = self.verdicts_folders
        tested = (
            one for one in folders if any(f.claim == claim and f.is_tested for f in read_once(one).findings)
        )
        return next(tested, folders[0] if folders else None)

    def judgement_of(self, claim: str) -> Judgement | None:
        """Return the board whose verdict on a claim stands, if there is one."""
        folder = self.verdicts_folder(claim)
        return None if folder is None else read_once(folder)

    @property
    def costed(self) -> Judgement | None:
        """The newest board that says what the controls cost, if there is one."""
        found = (read_once(folder) for folder in self.verdicts_folders)
        return next((one for one in found if one.cost), None)

    @cached_property
    def worth(self) -> Worth:
        """What the evidence is worth, on the day on which the server began."""
        return assess(self.ledger, today=date.today())

    def edition(self) -> tuple[object, ...]:
        """Return something that changes when a scenario is brought or a board is made."""
        return self.verdicts_folders, self.store.count_worlds()

    def load(self) -> None:
        """Read what every page needs, once, before the first visitor."""
        assert self.shipped and self.ledger and self.tips and self.board

    def worlds(self) -> dict[str, Scenario]:
        """Return all worlds by name or id: the library's, and those that visitors brought and that can be read."""
        own = {world_id: _read(text, world_id) for world_id, text in self.store.worlds()}
        return {**self.shipped, **{world_id: world for world_id, world in own.items() if world is not None}}

    def world(self, world_id: str) -> Scenario | None:
        """Look a world up: a name of the library, or the id of one that a visitor brought."""
        if world_id in self.shipped:
            return self.shipped[world_id]
        text = dict(self.store.worlds()).get(world_id) if world_id.startswith(OWN) else None
        return None if text is None else _read(text, world_id)

    def bring(self, text: bytes, *, most: int) -> str:
        """Check a scenario as `exitvoice check` does, keep it, and return its id.

        Raises
        ------
        InputError
            With every mistake.
        FullError
            Where too many are kept.
        """
        scenario = Scenario.from_text(text, name="your scenario")
        mistakes = check_support(scenario)
        if mistakes:
            raise InputError(mistakes)
        world_id = OWN + hashlib.sha256(scenario.text.encode()).hexdigest()[:16]
        self.store.keep_world(world_id, scenario.text, most=most)
        return world_id
