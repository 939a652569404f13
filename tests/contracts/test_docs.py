"""The reference pages say what the code says."""

import os
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from exitvoice.scenario import Rule, load_priors

ROOT = Path(__file__).parents[2]


def test_generated_pages_are_up_to_date() -> None:
    finished = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert finished.returncode == 0, finished.stderr


def test_every_command_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    for name in (
        "scenarios",
        "show",
        "check",
        "new",
        "run",
        "report",
        "evidence",
        "trace",
        "compare",
        "verify",
        "ensemble",
        "sweep",
        "resume",
        "sensitivity",
        "discover",
        "claims",
        "replay",
        "reference",
        "validate",
    ):
        assert f"## exitvoice {name}\n" in page


def test_the_rule_in_the_guide_is_a_rule() -> None:
    page = (ROOT / "docs" / "how-to" / "write-a-scenario.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    rules = YAML(typ="safe", pure=True).load(blocks[0])["rules"]
    assert [Rule.model_validate(rule).id for rule in rules] == ["teachers-collect"]


def test_parameters_that_the_pages_set_are_there() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {
        name.removeprefix("parameters.")
        for page in pages
        for name in re.findall(r"--set ([a-z_.]+)=", page.read_text(encoding="utf-8"))
        if "." not in name or name.startswith("parameters.")
    } - {"name", "theory"}
    assert named
    assert named <= set(load_priors())
