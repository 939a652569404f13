"""Things that must not stand in the source: global randomness, pickles, eval, prints below cli, loose ends."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "exitvoice"
MODULES = {"random", "pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "secrets", "uuid"}
NETWORK = {"socket", "urllib", "http", "requests", "httpx", "ftplib", "smtplib", "aiohttp"}
CALLS = {"eval", "exec", "__import__", "breakpoint"}
#: What the page needs and nobody else: keys that cannot be guessed, a socket to listen on, the grammar of addresses.
#: Nothing of it can ask another machine.
SERVES = {"secrets", "socket", "http.cookies", "urllib.parse"}
LOOSE_ENDS = ("TODO", "FIXME", "XXX", "NotImplementedError")


#: What draws with NumPy's generators, and always from a seed: designs, resamples, words for observations.
DRAWING = {"ensemble", "analysis", "calibration", "claims", "observation"}


def faults(code: str, *, may_draw: bool = False, may_serve: bool = False) -> Iterator[str]:
    allowed = SERVES if may_serve else set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (
                f"imports {name.name}"
                for name in node.names
                if top(name.name) in MODULES | NETWORK and name.name not in allowed
            )
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "imports relatively"
            if top(node.module or "") in MODULES | NETWORK and node.module not in allowed:
                yield f"imports from {node.module}"
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "random"
            and getattr(node.value, "id", "") in {"np", "numpy"}
            and not may_draw
        ):
            yield "uses NumPy's generators"
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "default_rng" and not node.args:
            yield "draws without a seed"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in CALLS | {"print"}
        ):
            yield f"calls {node.func.id}"


def top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_source_is_free_of_forbidden_things(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    layer = path.relative_to(SOURCE).parts[0]
    assert not list(faults(code, may_draw=layer in DRAWING, may_serve=layer == "web"))
    assert not [word for word in LOOSE_ENDS if word in code]
    assert ast.get_docstring(ast.parse(code)) or not code.strip(), "a module says in a docstring what it is"


@pytest.mark.parametrize(
    "code",
    [
        "import random",
        "from random import choice",
        "import numpy as np\nnp.random.default_rng()",
        "import pickle",
        "eval('1')",
        "print('x')",
        "from . import engine",
        "import urllib.request",
    ],
)
def test_each_forbidden_thing_would_be_seen(code: str) -> None:
    assert list(faults(code))


def test_the_page_may_listen_and_nothing_else() -> None:
    assert not list(faults("import secrets, socket\nfrom urllib.parse import quote", may_serve=True))
    for code in ("import urllib.request", "import httpx", "from http.client import HTTPConnection"):
        assert list(faults(code, may_serve=True))


def test_a_design_draws_from_a_seed_or_not_at_all() -> None:
    assert not list(faults("np.random.default_rng(3)", may_draw=True))
    assert list(faults("np.random.default_rng()", may_draw=True))
