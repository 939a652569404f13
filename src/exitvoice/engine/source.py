"""Source of the rules, rewritten for a generated module: 32-bit literals, constants and selects in place."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from exitvoice.engine import primitives
from exitvoice.engine.rule import Rule

PRIMITIVES = (
    *("real", "integer", "u32", "u64", "bits_of", "from_bits", "fused", "square_root"),
    *("lowest_bit", "bits_set", "has_bit"),
)


class SourceError(ValueError):
    """A rule uses something that a generated module cannot hold."""


def helper_sources(functions: Iterable[Callable[..., Any]], rules: Iterable[Rule]) -> dict[str, str]:
    """Rewritten source of `functions` and of every function that they or the rules call, callees first.

    Raises
    ------
    SourceError
        If two different functions share a name, or a name is neither a number nor a function.
    """
    sources: dict[str, str] = {}
    owners: dict[str, Callable[..., Any]] = {}

    def add(function: Callable[..., Any]) -> None:
        name = function.__name__
        if name in owners:
            if owners[name] is not function:
                raise SourceError(f"two functions are called {name!r}: rename one")
            return
        owners[name] = function
        rewriter = _Rewriter(function)
        tree = rewriter.function()
        for called in rewriter.called:
            add(called)
        sources[name] = ast.unparse(ast.fix_missing_locations(tree))

    for function in functions:
        add(function)
    for item in rules:
        rewriter = _Rewriter(item.function)
        rewriter.function()
        for called in rewriter.called:
            add(called)
    return sources


def rule_statements(item: Rule) -> list[str]:
    """Body of a rule as statements for a loop in which its arguments are in scope.

    Its own variables get the rule's name behind them, so that rules do not disturb one another; the value
    it returns is assigned to the names it writes.

    Raises
    ------
    SourceError
        If the body is more than assignments to plain names and one return at its end.
    """
    rewriter = _Rewriter(item.function, narrow=True)
    tree = rewriter.function()
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    where = f"{item.function.__module__}.{item.name}"
    if not body or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        raise SourceError(f"{where}: a rule ends with the return of its results")
    assigned = assigned_names(tree)
    rename = _Rename({name: f"{name}_in_{item.name}" for name in assigned})
    lines = [f"# {where}"]
    lines += [f"{name}_in_{item.name} = {name}" for name in item.reads if name in assigned]
    for statement in body[:-1]:
        simple = isinstance(statement, ast.Assign) and all(
            isinstance(t, ast.Name | ast.Tuple) for t in statement.targets
        )
        if not simple:
            raise SourceError(
                f"{where}: a rule is plain assignments and one return; found {ast.unparse(statement)!r}"
            )
        lines.append(ast.unparse(ast.fix_missing_locations(rename.visit(statement))))
    result = ast.unparse(ast.fix_missing_locations(rename.visit(body[-1].value)))
    lines.append(f"{', '.join(item.writes)} = {result}")
    return lines


def bare_function(function: FunctionType) -> ast.FunctionDef:
    """Return the tree of a function without its decorators and annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    tree.returns = None
    for argument in (*tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    return tree


def assigned_names(tree: ast.AST) -> set[str]:
    """Return the names that are assigned to anywhere in a tree."""
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


class _Rename(ast.NodeTransformer):
    """Renames variables."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


class _Rewriter(ast.NodeTransformer):
    """Makes reals 32-bit, puts module constants in place, and notes which functions are called."""

    def __init__(self, function: Callable[..., Any], *, narrow: bool = False) -> None:
        assert isinstance(function, FunctionType)
        self.narrow = narrow
        self.source = function
        self.scope = function.__globals__
        self.where = f"{function.__module__}.{function.__name__}"
        self.local: set[str] = set()
        self.called: list[Callable[..., Any]] = []

    def function(self) -> ast.FunctionDef:
        """Rewritten function without decorators and annotations."""
        tree = bare_function(self.source)
        self.local.update(argument.arg for argument in tree.args.args)
        self.local |= assigned_names(tree)
        start = 1 if ast.get_docstring(tree) else 0
        tree.body[start:] = [self.visit(node) for node in tree.body[start:]]
        return tree

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Make a literal 32-bit: reals everywhere, whole numbers in rules."""
        return self.literal(node.value) if isinstance(node.value, float | int) else node

    def literal(self, value: float | int | bool) -> ast.expr:
        """Literal of the right width."""
        if isinstance(value, bool) or (isinstance(value, int) and not self.narrow):
            return ast.Constant(value)
        cast = "real" if isinstance(value, float) else "integer"
        return ast.Call(ast.Name(cast, ast.Load()), [ast.Constant(value)], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Leave literals inside a cast as they are."""
        if isinstance(node.func, ast.Name) and node.func.id in ("real", "integer", "u32", "u64"):
            node.args = [a if isinstance(a, ast.Constant) else self.visit(a) for a in node.args]
            return node
        self.generic_visit(node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Make a conditional expression one select; both sides are evaluated, which rules allow."""
        self.generic_visit(node)
        return ast.Call(ast.Name("choose", ast.Load()), [node.test, node.body, node.orelse], [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put a module constant in place, or note a called function."""
        if node.id in self.local or node.id in ("range",):
            return node
        if node.id not in self.scope:
            raise SourceError(f"{self.where}: unknown name {node.id!r}")
        value = self.scope[node.id]
        if isinstance(value, float | int):
            return self.literal(value)
        if node.id in PRIMITIVES and value is getattr(primitives, node.id):
            return node
        if isinstance(value, FunctionType):
            self.called.append(value)
            return ast.Name(value.__name__, ast.Load())
        raise SourceError(f"{self.where}: {node.id!r} is neither a number nor a function")
