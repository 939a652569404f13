"""Compiles functions of the host: plain Python over 64-bit numbers, small arrays and named tuples.

Some functions are asked for from outside (entries); they and all that they call, in whatever file it stands, are
written to one module that is named by a hash of its text, so that an edited formula is never answered from a cache.

What stays the same from call to call is handed to an entry as a handle (`engine.fixed`): arguments of given names.
The module's own `fixed` makes it, so that what is cached of it knows no tuple but those that the module names.

What a function may use: arithmetic, loops and conditions, builtins, NumPy, numbers of its module, other such
functions, and named tuples. Formulas are written for arrays and numbers alike and are compiled for numbers, so
`np.where` is a choice between two of them. Compiled code never warns; a division by zero gives an infinity.
"""

import ast
import builtins
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, get_type_hints

import numpy as np
from numba.core.extending import _Intrinsic

from exitvoice.engine.compile import load_module
from exitvoice.engine.source import SourceError, assigned_names, bare_function

HEAD = """\
from numba import njit

# helpers are called by compiled code alone, so no way in from Python is made for them
helper = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = njit(error_model="numpy", cache=True, nogil=True)
"""


FIXED = """\
from exitvoice.engine.fixed import pack


@entry
def fixed(values):
    return pack(values)"""


@cache
def compile_host(
    name: str,
    entries: tuple[Callable[..., Any], ...],
    folder: Path | None = None,
    *,
    fixed: tuple[str, ...] = (),
) -> ModuleType:
    """Module that holds the compiled form of each entry under its own name; they compile when first called.

    An argument whose name is among `fixed` is wanted as a handle (`engine.fixed`).

    Raises
    ------
    SourceError
        If a function uses what a generated module cannot hold.
    OSError
        If the cache folder cannot be written.
    """
    return load_module(name, host_text(name, entries, fixed), folder)[0]


def host_text(name: str, entries: Iterable[Callable[..., Any]], fixed: tuple[str, ...] = ()) -> str:
    """Text of that module."""
    writer = _Writer()
    # last ones first: those that others call, too, stand before them
    ways_in = [_way_in(function, writer, fixed) for function in reversed(tuple(entries))]
    blocks = [
        f'"""Generated from the functions of {name} by exitvoice; do not edit."""',
        "\n".join([*sorted(writer.imports), HEAD]),
        *([FIXED] if fixed else []),
        *writer.blocks,
        *ways_in,
    ]
    return "\n\n\n".join(blocks) + "\n"


def _way_in(function: Callable[..., Any], writer: "_Writer", fixed: tuple[str, ...]) -> str:
    """How a function is called from outside: handles give way to what they stand for.

    It is the function itself unless others call it too: to hand on large tuples takes the compiler long.
    """
    if writer.has(function):
        names = list(inspect.signature(function).parameters)
        handed = ", ".join(f"{name}.values" if name in fixed else name for name in names)
        return (
            f"@entry\ndef {function.__name__}({', '.join(names)}):\n"
            f"    return {writer.name_of(function)}({handed})"
        )
    assert isinstance(function, FunctionType)
    tree = _Plain(writer, function).tree()
    tree.name = function.__name__
    handles = [argument.arg for argument in tree.args.args if argument.arg in fixed]
    tree.body = [*(ast.parse(f"{name} = {name}.values").body[0] for name in handles), *tree.body]
    return f"@entry\n{ast.unparse(ast.fix_missing_locations(tree))}"


class _Writer:
    """Collects functions, callees first, and the named tuples that they build or are handed."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.imports: set[str] = set()
        self._owners: dict[str, object] = {}

    def name_of(self, function: Callable[..., Any]) -> str:
        """Name under which a function stands in the module, written there if it was not yet."""
        function = getattr(function, "py_func", function)  # what stands compiled elsewhere, by its source
        name = f"{function.__module__.rpartition('.')[2]}_{function.__name__}"
        if self._is_new(name, function):
            assert isinstance(function, FunctionType)
            tree = _Plain(self, function).tree()
            self.blocks.append(f"@helper\n{ast.unparse(ast.fix_missing_locations(tree))}")
        return name

    def has(self, function: Callable[..., Any]) -> bool:
        """Whether a function stands in the module."""
        return function in self._owners.values()

    def name_of_tuple(self, kind: Any) -> str:
        """Name of a named tuple, imported from where it stands.

        Its fields are part of the text: compiled code finds them by their place.
        """
        if self._is_new(kind.__name__, kind):
            hints = get_type_hints(kind)
            for part in hints.values():
                if _is_named_tuple(part):
                    self.name_of_tuple(part)
            fields = ", ".join(f"{field}: {_spelt(hint)}" for field, hint in hints.items())
            self.imports.add(f"from {kind.__module__} import {kind.__name__}  # {fields}")
        return str(kind.__name__)

    def name_of_intrinsic(self, intrinsic: Any) -> str:
        """Name of an instruction of the processor, imported from where it stands.

        The text of that file is part of the module's.
        """
        name = intrinsic._name
        if self._is_new(name, intrinsic):
            where = intrinsic._defn.__module__
            digest = hashlib.sha256(inspect.getsource(sys.modules[where]).encode()).hexdigest()
            self.imports.add(f"from {where} import {name}  # {digest}")
        return str(name)

    def _is_new(self, name: str, owner: object) -> bool:
        if name in self._owners:
            if self._owners[name] is not owner:
                raise SourceError(f"two things are called {name!r}: rename one")
            return False
        self._owners[name] = owner
        return True


class _Plain(ast.NodeTransformer):
    """Puts numbers of the module in place, and other functions under the names that they have in the generated one."""

    def __init__(self, writer: _Writer, function: FunctionType) -> None:
        self.writer = writer
        self.source = function
        self.scope = function.__globals__
        self.where = f"{function.__module__}.{function.__name__}"
        self.local: set[str] = set()

    def tree(self) -> ast.FunctionDef:
        """Function without decorators, annotations and docstring; what is handed by name only may come in any way."""
        hints = get_type_hints(self.source)
        for kind in hints.values():
            if _is_named_tuple(kind):
                self.writer.name_of_tuple(kind)
        tree = bare_function(self.source)
        tree.name = f"{self.source.__module__.rpartition('.')[2]}_{tree.name}"
        _without_markers(tree.args)
        self.local = {argument.arg for argument in tree.args.args} | assigned_names(tree)
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        tree.body = [self.visit(node) for node in body]
        tree.args.defaults = [self.visit(node) for node in tree.args.defaults]
        return tree

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """Take the annotation off."""
        assert node.value is not None
        return ast.Assign([self.visit(node.target)], self.visit(node.value))

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Follow a name through the module that it is an attribute of."""
        owner = self._module(node.value)
        if owner is None:
            self.generic_visit(node)
            return node
        if owner is np:
            self.writer.imports.add("import numpy as np")
            return ast.Attribute(ast.Name("np", ast.Load()), node.attr, ast.Load())
        return self._placed(node.attr, getattr(owner, node.attr))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Make a choice of `np.where`."""
        if ast.unparse(node.func) == "np.where" and self.scope.get("np") is np:
            test, yes, no = (self.visit(argument) for argument in node.args)
            return ast.IfExp(test, yes, no)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put what a name stands for in place."""
        if node.id in self.local or (node.id not in self.scope and hasattr(builtins, node.id)):
            return node
        if node.id not in self.scope:
            raise SourceError(f"{self.where}: unknown name {node.id!r}")
        return self._placed(node.id, self.scope[node.id])

    def _module(self, node: ast.expr) -> ModuleType | None:
        named = self.scope.get(node.id) if isinstance(node, ast.Name) and node.id not in self.local else None
        return named if isinstance(named, ModuleType) else None

    def _placed(self, name: str, value: Any) -> ast.expr:
        if isinstance(value, float | int):
            return ast.Constant(value)
        if isinstance(getattr(value, "py_func", value), FunctionType):
            return ast.Name(self.writer.name_of(value), ast.Load())
        if _is_named_tuple(value):
            return ast.Name(self.writer.name_of_tuple(value), ast.Load())
        if isinstance(value, _Intrinsic):
            return ast.Name(self.writer.name_of_intrinsic(value), ast.Load())
        raise SourceError(f"{self.where}: {name!r} is neither a number nor a function nor a named tuple")


def _without_markers(arguments: ast.arguments) -> None:
    """Arguments by name only become ordinary ones, those with a default last."""
    pairs = list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    if any(default is None for _, default in pairs) and arguments.defaults:
        raise SourceError("an argument with a default stands before one by name only that has none")
    pairs.sort(key=lambda pair: pair[1] is not None)
    arguments.args += [argument for argument, _ in pairs]
    arguments.defaults += [default for _, default in pairs if default is not None]
    arguments.kwonlyargs, arguments.kw_defaults = [], []


def _is_named_tuple(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def _spelt(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)
