"""The order of work inside a loop: what each rule needs, resolved once for compiler and oracle alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exitvoice.engine.program import Lookup, Program, Stage
from exitvoice.engine.rule import Rule

LEVEL = "_level"
ENGINE_NAMES = ("round", "member", "step", "unit_number")  # whole numbers that every rule may read


@dataclass(frozen=True)
class Block:
    """Four fresh or fixed words of randomness."""

    fixed: bool
    index: int

    @property
    def name(self) -> str:
        """Name of the block's words in a generated loop."""
        return f"{'fixed' if self.fixed else 'fresh'}{self.index}"


@dataclass(frozen=True)
class Uniform:
    """One of the seven uniforms of a block."""

    name: str
    block: Block
    place: int


@dataclass(frozen=True)
class Level:
    """The upper 16 bits of a fresh uniform, as a whole number; the uniform is never below level / 65536.

    A rule asks for it by the uniform's name and `LEVEL`. It costs a third of the uniform, and tells all that a filter
    with a margin must know.
    """

    name: str
    block: Block
    place: int


@dataclass(frozen=True)
class Shared:
    """A uniform that a team has in common: one word of a block that four teams, a word of marks, draw together."""

    name: str
    index: int


Operation = Block | Uniform | Level | Shared | Rule | Lookup


@dataclass
class Scope:
    """What a loop body does, in order, and what it reads and writes of the outside."""

    operations: list[Operation] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)


#: Names that generated loops use for themselves; a value of the same name would disturb the loop.
RESERVED = frozenset((
    "round", "step", "place", "number", "unit_number", "key", "member", "members", "begin", "size", "offsets",
    "numbers", "keys", "strata", "regions", "counts", "totals", "parameters", "nation", "region", "stratum",
    "unit", "unit_rows", "packed", "pending", "pending_stratum", "capacity", "order", "chosen", "marked",
    "marks", "block", "batch", "base", "end", "lane", "events_of", "number_of", "key_of", "begin_of",
    "begin_unit", "first_unit", "last_unit", "seed_low", "seed_high", "unit_of", "region_of", "stratum_of",
    "worked", "blocks", "first", "at", "u", "s", "r", "i", "j", "units", "many", "byte", "scratch",
    "lanes", "span", "constants", "tallied", "tallies", "kept", "cuda", "room", "words", "word_of",
    "turns", "due", "then", "n", "team", "teams", "here", "bears", "bears_of", "bears_words", "at_of", "member_of",
    "surplus", "everybody",
))  # fmt: skip
MOST_EVENTS = 32  # their truth values share a word


class ScheduleError(ValueError):
    """A program that no loop could be written for, or whose loop would not do what it says."""


def check_program(program: Program) -> None:
    """Refuse what a generated loop would silently get wrong.

    Raises
    ------
    ScheduleError
        If a name disturbs the loop, a mark is written or selected by where it cannot be, or events are too many.
    """
    names = {*outside_names(program), *program.layout.by_name, *program.layout.plain, *program.layout.marks}
    names |= {*program.fresh, *program.fixed, *program.shared, *(item.name for item in program.lookups)}
    names |= {name for item in program.traits for name in item.writes}
    for stage in program.stages:
        turn = (stage.turn,) if stage.turn else ()
        rules = (*stage.unit_rules, *turn, *stage.team_rules, *stage.rules, *stage.tally_rules)
        names |= {name for item in rules for name in item.writes}
        _check_stage(program, stage)
    taken = sorted(RESERVED & names)
    if taken:
        raise ScheduleError(f"{program.name} has {taken[0]!r}, a name of the engine: choose another")


def _check_stage(program: Program, stage: Stage) -> None:
    where = f"stage {stage.name!r} of {program.name}"
    _check_teams(program, stage, where)
    marks = {*program.layout.marks}
    unknown = [name for name in stage.select if name not in marks]
    if unknown:
        raise ScheduleError(f"{where} selects by {unknown[0]!r}, which is no mark")
    if len(stage.select) not in (0, 1, stage.rounds):
        raise ScheduleError(
            f"{where} has {stage.rounds} rounds and {len(stage.select)} marks: give one, or one a round"
        )
    elsewhere = [*stage.unit_rules, *stage.tally_rules, *(stage.rules if stage.select else ())]
    lost = [name for item in elsewhere for name in item.writes if name in marks]
    if lost:
        raise ScheduleError(
            f"{where} writes the mark {lost[0]!r}: only rules of members in a dense stage may"
        )
    if len(stage.events) > MOST_EVENTS:
        raise ScheduleError(f"{where} counts {len(stage.events)} events, at most {MOST_EVENTS} fit")


def _check_teams(program: Program, stage: Stage, where: str) -> None:
    others = [n for item in stage.team_rules for n in item.writes if n not in program.layout.marks]
    if others:
        raise ScheduleError(f"{where} writes {others[0]!r} for a team, which is no mark")
    if stage.team_rules and (stage.select or stage.turn or stage.changes):
        raise ScheduleError(f"{where} has rules of teams: it must work on everybody and tally all")
    told = {name for item in stage.rules for name in item.writes}
    if stage.among is not None and stage.among not in told:
        raise ScheduleError(f"{where} marks those with {stage.among!r}, which none of its rules tells")
    team_scope(program, stage)


def outside_names(program: Program) -> dict[str, tuple[str, int]]:
    """Signals by name: the table they come from and their place in it."""
    names: dict[str, tuple[str, int]] = {}
    for kind in ("parameters", "nation", "region", "stratum", "unit", "unit_rows"):
        for place, name in enumerate(getattr(program.signals, kind)):
            if name in names:
                raise ScheduleError(f"signal {name!r} is declared twice")
            names[name] = (kind, place)
    return names


def unit_scope(program: Program, stage: Stage) -> Scope:
    """Work done once a unit."""
    return _schedule(program, stage.unit_rules, set(outside_names(program)), members=False)


def member_scope(program: Program, stage: Stage, rules: Iterable[Rule]) -> Scope:
    """Work done once a member."""
    outside = set(outside_names(program))
    for item in stage.unit_rules:
        outside.update(item.writes)
    return _schedule(program, rules, outside, members=True)


def turn_scope(program: Program, stage: Stage) -> Scope:
    """Work that tells whether it is a unit's turn."""
    rules = (stage.turn,) if stage.turn else ()
    return _schedule(program, rules, set(outside_names(program)), members=False)


def team_scope(program: Program, stage: Stage) -> Scope:
    """Work done once a team.

    Raises
    ------
    ScheduleError
        If a rule reads what differs within a word of marks: something of a member or of a unit.
    """
    outside = {name for name, (kind, _) in outside_names(program).items() if kind in ("parameters", "nation")}
    scope = _schedule(program, stage.team_rules, outside, members=False, teams=True)
    lost = [n for item in stage.team_rules for n in item.reads if n in ("member", "unit_number")]
    if lost:
        raise ScheduleError(f"a team's rule in stage {stage.name!r} reads {lost[0]!r}, which a team has not")
    return scope


def tally_scope(program: Program, stage: Stage) -> Scope:
    """Work of the tally rules of a stage that tallies changes: they see the columns and nothing else.

    Raises
    ------
    ScheduleError
        If one reads a unit's value, a signal or a draw.
    """
    scope = member_scope(program, stage, stage.tally_rules)
    state = set(program.layout.by_name) | set(program.layout.plain)
    others = [name for name in scope.reads if name not in state]
    if others or any(not isinstance(operation, Rule) for operation in scope.operations):
        what = others[0] if others else "a draw or a table"
        raise ScheduleError(
            f"a tally rule of stage {stage.name!r} reads {what}: changes are told from columns alone"
        )
    return scope


def stage_scopes(program: Program, stage: Stage) -> list[Scope]:
    """All the work of a stage: of units, of members and of counting them."""
    start = [turn_scope(program, stage), unit_scope(program, stage)]
    if stage.changes:
        return [*start, member_scope(program, stage, stage.rules), tally_scope(program, stage)]
    return [*start, member_scope(program, stage, (*stage.rules, *stage.tally_rules))]


def column_of(program: Program, name: str) -> str | None:
    """Column that a name of the state is stored in; None for other names."""
    if name in program.layout.by_name:
        return program.layout.by_name[name].column
    return name if name in program.layout.plain else None


def _schedule(
    program: Program, rules: Iterable[Rule], outside: set[str], *, members: bool, teams: bool = False
) -> Scope:
    scope = Scope()
    known: set[str] = set()
    state = set(program.layout.by_name) | set(program.layout.plain) if members else set()
    traits = {name: item for item in program.traits for name in item.writes} if members else {}
    lookups = {item.name: item for item in program.lookups} if members else {}
    streams = set(program.fresh) | set(program.fixed) if members else set()

    def need(name: str, asker: str) -> None:
        if name in known or name in ENGINE_NAMES:
            return
        known.add(name)
        if name in state or name in outside:
            scope.reads.append(name)
        elif teams and name in program.shared:
            scope.operations.append(Shared(name, program.shared.index(name)))
        elif name in streams:
            _need_words(program, scope, known, name, need, Uniform)
        elif name.removesuffix(LEVEL) in streams:
            _need_words(program, scope, known, name, need, Level)
        elif name in traits:
            _need_all(traits[name].reads, name, need)
            known.update(traits[name].writes)
            scope.operations.append(traits[name])
        elif name in lookups:
            start = lookups[name].start
            _need_all((lookups[name].index, *((start,) if start else ())), name, need)
            scope.operations.append(lookups[name])
        else:
            raise ScheduleError(f"{asker} of {program.name} reads {name!r}, which nothing provides")

    for item in rules:
        _need_all(item.reads, item.name, need)
        generation = program.generation
        if generation in item.writes and any(isinstance(o, Block) and o.fixed for o in scope.operations):
            raise ScheduleError(f"{item.name} renews {generation} after a fixed trait was used")
        scope.operations.append(item)
        for name in item.writes:
            known.add(name)
            lasting = name in state or name in program.signals.unit or name in program.layout.marks
            if lasting and name not in scope.writes:
                scope.writes.append(name)
    return scope


def _need_all(names, asker, need) -> None:  # type: ignore[no-untyped-def]
    for name in names:
        need(name, asker)


def _need_words(program, scope, known, name, need, kind) -> None:  # type: ignore[no-untyped-def]
    fixed, index, place = program.stream(name.removesuffix(LEVEL) if kind is Level else name)
    block = Block(fixed, index)
    if block.name not in known:
        if fixed and program.generation:
            need(program.generation, block.name)
        known.add(block.name)
        scope.operations.append(block)
    scope.operations.append(kind(name, block, place))
