"""A mechanism is a scalar function: scalars in, scalars out, declared writes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A scalar function with the names it reads (its arguments) and writes.

    Attributes
    ----------
    function : callable
        Plain Python on scalars; it is its own oracle and may be called with numbers.
    reads : tuple of str
        Argument names: columns, fields, traits, uniforms (``u_...``), signals or earlier results.
    writes : tuple of str
        Names of what it returns, in order: columns, fields or local results.
    """

    function: Callable[..., Any]
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Apply the rule to numbers."""
        return self.function(*args, **kwargs)


def rule(writes: tuple[str, ...]) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a scalar function as a rule that writes the named values.

    Examples
    --------
    >>> @rule(writes=("age",))
    ... def grow(age, dt):
    ...     return age + dt
    >>> grow(1.0, 0.5)
    1.5
    """

    def declare(function: Callable[..., Any]) -> Rule:
        return Rule(function, tuple(inspect.signature(function).parameters), tuple(writes))

    return declare
