"""The files around the package keep their promises: pins without addresses, no machine paths, a short vision."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|home|root|Users|opt)/")
TEXTS = {".md", ".py", ".toml", ".yaml", ".yml", ".txt", ".j2", ".css", ".js"}


def written() -> Iterator[Path]:
    """Every text file that is ours."""
    for folder in ("src", "tests", "docs", "benchmarks"):
        yield from (
            path for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS and "_build" not in path.parts
        )
    yield from (
        path
        for path in ROOT.iterdir()
        if path.is_file() and (path.suffix in TEXTS or path.name == "Makefile")
    )
    yield ROOT / ".ci" / "run"


def name_of(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


def pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_constraints_are_exact_pins_without_addresses() -> None:
    assert pins()
    assert not [line for line in pins() if not PIN.fullmatch(line)]
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = {name_of(pin) for pin in pins()}
    assert not [name for name in wanted if name_of(name) not in pinned | {"exitvoice"}]


def test_vision_is_short() -> None:
    assert len((ROOT / "VISION.md").read_text(encoding="utf-8").splitlines()) <= 10


def test_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_ci_is_executable_and_is_bash() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        path for path in written() if MACHINE_PATHS.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found


def test_makefile_has_the_promised_targets() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "test-long", "check", "docs", "bench", "clean"):
        assert re.search(rf"^{target}:", text, re.MULTILINE), target


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_pictures_and_pages_that_are_named_are_there(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", path.read_text(encoding="utf-8"))
    assert links
    assert not [link for link in links if not (path.parent / link).exists()]
