"""Every file of tests/bad_scenarios is refused, quickly, at the right place, with a cure.

A file's head says what must be said (`# must say: path :: words`, `# nearest: name`); `# HERE` marks the line that must
be named.
"""

import re
import time
from pathlib import Path

import pytest

from exitvoice.errors import InputError, Mistake
from exitvoice.scenario import Scenario, load_priors, load_scenario

FOLDER = Path(__file__).parent.parent / "bad_scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))
SECONDS = 1.0


def _mistakes(file: Path) -> tuple[Mistake, ...]:
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    return caught.value.mistakes


def test_there_are_many_kinds_of_bad_files():
    assert len(FILES) >= 60


def test_the_base_of_the_bad_files_is_good():
    assert Scenario.from_text((FOLDER / "valid-base.txt").read_text(), name="base").name == "base"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bad_file(file):
    text = file.read_text(encoding="utf-8")
    wanted = re.findall(r"^# must say: ?(.*?) :: (.*)$", text, flags=re.M)
    nearest = re.findall(r"^# nearest: (.*)$", text, flags=re.M)
    here = [number for number, line in enumerate(text.split("\n"), start=1) if line.endswith("# HERE")]
    assert wanted, "say at the top of the file what must be said"
    mistakes = _mistakes(file)
    for path, words in wanted:
        hits = [one for one in mistakes if one.path == path and words in one.what]
        assert hits, f"nobody said {words!r} at {path!r}, only:\n" + "\n".join(map(str, mistakes))
        if here:
            assert hits[0].line == here[0]
        if nearest:
            assert hits[0].nearest == nearest[0]
    for one in mistakes:
        assert one.file == str(file)
        assert one.what and one.why and one.mend


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_said_twice_and_little_beside_the_point(file):
    mistakes = _mistakes(file)
    wanted = len(re.findall(r"^# must say:", file.read_text(encoding="utf-8"), flags=re.M))
    assert len({(one.path, one.what) for one in mistakes}) == len(mistakes)
    assert len(mistakes) <= wanted + 2, "\n".join(map(str, mistakes))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bad_file_is_refused_quickly(file):
    load_priors()
    begin = time.process_time()
    _mistakes(file)
    assert time.process_time() - begin < SECONDS


BYTES = {
    "empty": "the document is empty",
    "utf-16": "byte order mark",
    "utf-16-without-mark": "NUL byte",
    "latin-1": "is not UTF-8",
    "byte-order-mark": "byte order mark",
    "nul": "NUL byte",
    "bell": "U+0007",
    "turned-round": "U+202E",
    "alias-bomb": "an anchor",
    "deep": "nested deeper",
    "brackets": "nested deeper",
    "not-yaml-but-html": "a single value",
}


def test_every_file_of_bytes_is_expected():
    assert {file.stem for file in (FOLDER / "bytes").glob("*.yaml")} == set(BYTES)


@pytest.mark.parametrize("stem", BYTES)
def test_bad_bytes(stem):
    begin = time.process_time()
    mistakes = _mistakes(FOLDER / "bytes" / f"{stem}.yaml")
    assert time.process_time() - begin < SECONDS
    assert any(BYTES[stem] in one.what for one in mistakes)


def test_scenario_of_a_thousand_mistakes_stays_readable(tmp_path):
    text = (FOLDER / "valid-base.txt").read_text()
    file = tmp_path / "many.yaml"
    file.write_text(text.replace("rules:\n", "rules:\n" + "  - {id: 1, oops: 2}\n" * 300))
    begin = time.process_time()
    assert 100 < len(_mistakes(file)) < 2_000
    assert time.process_time() - begin < 2 * SECONDS
