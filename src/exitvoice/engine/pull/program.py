"""One step of a network as the engine sees it: columns, what is pulled, rules, counts."""

from dataclasses import dataclass

from exitvoice.engine.columns import Column
from exitvoice.engine.rule import Rule

PULL_STREAM = 1024  # its draws begin here, clear of those of other shapes
GIVEN = (
    "node",
    "step",
    "ties",
)  # what every node knows besides: its number, the step, how many ties lead to it


@dataclass(frozen=True)
class Pull:
    """Sum over in-neighbours of a column of whole numbers (uint8), as they were before the step."""

    name: str
    column: str


@dataclass(frozen=True)
class PullProgram:
    """One step of a network, as the engine sees it.

    Attributes
    ----------
    name : str
    columns : tuple of Column
        State of a node: 'uint8' (0 to 255), 'int32' or 'float32'.
    pulls : tuple of Pull
    rules : tuple of Rule
        Once a node, in order. They read columns, pulls, parameters, fresh uniforms and `GIVEN`.
    parameters : tuple of str
        Numbers handed in from outside, as 32-bit reals.
    fresh : tuple of str
        Uniforms drawn anew for each node and step; a name's place is its stream.
    counts : tuple of str
        Whole numbers below 2**31 that are summed over all nodes after the rules.

    Raises
    ------
    ValueError
        If a rule reads what nobody gives, or a pulled column is not made of whole numbers.
    """

    name: str
    columns: tuple[Column, ...]
    pulls: tuple[Pull, ...]
    rules: tuple[Rule, ...]
    parameters: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        types = {column.name: column.dtype for column in self.columns}
        known = {*GIVEN, *types, *(pull.name for pull in self.pulls), *self.parameters, *self.fresh}
        for rule in self.rules:
            missing = [name for name in rule.reads if name not in known]
            if missing:
                raise ValueError(f"rule {rule.name!r} reads {missing}, which nothing gives it")
            known.update(rule.writes)
        wrong = [pull.column for pull in self.pulls if types.get(pull.column) != "uint8"]
        if wrong or not known.issuperset(self.counts):
            raise ValueError(
                f"neighbours look at {wrong or 'columns'} of uint8 only; counts are among the values"
            )

    @property
    def written(self) -> tuple[str, ...]:
        """Columns that the rules write."""
        names = {name for rule in self.rules for name in rule.writes}
        return tuple(column.name for column in self.columns if column.name in names)

    @property
    def doubled(self) -> tuple[str, ...]:
        """Columns kept twice: neighbours look at them and the rules write them."""
        seen = {pull.column for pull in self.pulls}
        return tuple(name for name in self.written if name in seen)
