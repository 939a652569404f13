"""The frame around published models: settings, verdicts, the table, the page, the command."""

import json
import math
import shlex

import numpy as np
import pytest
from typer.testing import CliRunner

from exitvoice.cli.app import app, main
from exitvoice.errors import InputError
from exitvoice.models.reference.base import (
    MET,
    MISSED,
    NOT_COMPARABLE,
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Picture,
    ReferenceModel,
    Target,
    judge,
)
from exitvoice.models.reference.registry import MODELS, find_model
from exitvoice.models.reference.settings import read_setting
from exitvoice.report.reference import accepted, render_reference, shown, tally


def doubled(setting, progress):
    """Twice the size: a model small enough to be read at a glance."""
    size = setting.number("size")
    progress(1, 1)
    curve = Curve("twice", np.arange(3.0), np.arange(3.0) * size)
    guide = Curve("two", np.arange(3.0), np.full(3, 2.0), "published")
    return Outcome(
        {"twice": 2.0 * size, "never": math.nan},
        (Chart("one", "A line", "It rises.", "step", "agents", (curve, guide)),),
        Cost(None, "people hurt", "Nobody is in it."),
        (Picture("seen", "Cells", "Four.", np.array([[0, 1], [1, 0]], np.uint8), ("empty", "full")),),
    )


MODEL = ReferenceModel(
    name="double",
    title="Doubling",
    source="nobody",
    claim="It doubles.",
    options=(
        Option("size", 4, "how large", low=1, high=100),
        Option("kind", "plain", "how", words=("plain", "odd")),
    ),
    targets=(
        Target("twice", "twice four", "8", 8, 8, "arithmetic", "derived"),
        Target("never", "what is not given", "1", 0, 2, "nobody", "recalled"),
        Target(
            "twice",
            "twice five",
            "11 <b>",
            11,
            11,
            "a <script>",
            "seen",
            {"size": 5},
            "two times five is ten",
        ),
    ),
    run=doubled,
)


def findings(**values):
    setting = MODEL.setting(1, **values)
    return judge(MODEL, setting, doubled(setting, lambda done, planned: None))


def test_a_target_is_met_missed_or_not_comparable():
    assert [found.verdict for found in findings()] == [MET, MISSED, NOT_COMPARABLE]
    assert [found.verdict for found in findings(size=5)] == [NOT_COMPARABLE, NOT_COMPARABLE, MISSED]
    assert findings(size=5)[2].reason == "two times five is ten"
    assert findings()[2].reason == "needs size=5"
    assert tally(findings()) == "1 met, 1 missed, 1 not comparable"


def test_another_setting_than_the_default_is_not_comparable_unless_a_target_needs_it():
    assert {found.verdict for found in findings(kind="odd")} == {NOT_COMPARABLE}


def test_each_setting_that_targets_need_is_there_once():
    assert [setting.values["size"] for setting in MODEL.settings_of_targets(3)] == [4, 5]


def test_all_mistakes_in_options_come_at_once():
    with pytest.raises(InputError) as caught:
        read_setting(MODEL, {"size": "0", "kind": "plian", "szie": "3"}, seed=0)
    said = str(caught.value)
    assert [mistake.nearest for mistake in caught.value.mistakes] == ["plain", None, "size"]
    assert "a whole number from 1 to 100" in said
    assert "plain or odd" in said
    with pytest.raises(InputError):
        read_setting(MODEL, {"size": "nan"}, seed=0)


def test_a_torus_too_small_and_too_full_is_refused_with_both_mistakes(capsys, tmp_path):
    page = ["--output", str(tmp_path / "page")]
    with pytest.raises(SystemExit) as left:
        main(["reference", "epstein", "--size=20", "--vision=12", "--agents=0.9", "--cops=0.2", *page])
    said = capsys.readouterr().err
    assert left.value.code == 1
    assert "say --size 25 or more" in said
    assert "leaves no empty cell" in said


def test_a_target_without_room_or_of_unknown_quality_is_refused():
    with pytest.raises(ValueError, match="bounds"):
        Target("a", "", "", 2, 1, "", "seen")
    with pytest.raises(ValueError, match="quality"):
        Target("a", "", "", 1, 2, "", "heard")
    with pytest.raises(ValueError, match="default"):
        Option("a", 3, "", low=0, high=2)


def test_bounds_are_said_in_words():
    assert accepted(MODEL.targets[0]) == "exactly 8"
    assert accepted(Target("a", "", "", -math.inf, 2, "", "seen")) == "2 or less"
    assert accepted(Target("a", "", "", 1, 2, "", "seen")) == "1 to 2"
    assert shown(None) == "-"


def test_the_page_holds_every_target_and_no_foreign_markup():
    setting = MODEL.setting(1)
    outcome = doubled(setting, lambda done, planned: None)
    page = render_reference(MODEL, setting, outcome, findings=judge(MODEL, setting, outcome), command="x --y")
    text = page[: page.index("application/json")]
    assert text.index("people hurt") < text.index("twice four")
    assert "a &lt;script&gt;" in text
    assert "recalled: general knowledge" in text
    assert page.count('class="plot"') == 2


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_described_whole(name):
    model = find_model(name)
    options = {option.name: option for option in model.options}
    assert model.source and model.claim and model.targets
    for target in model.targets:
        assert target.needs.keys() <= options.keys()
        for key, value in target.needs.items():
            assert type(value) is type(options[key].default)
            read_setting(model, {key: str(value)}, seed=0)
    keys = [(target.name, *sorted(map(str, target.needs.items()))) for target in model.targets]
    assert len(set(keys)) == len(keys)


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(InputError, match="epstein"):
        find_model("epstien")


def said(*words):
    finished = CliRunner().invoke(app, ["reference", *words], catch_exceptions=False)
    assert finished.exit_code == 0, finished.output
    return finished.output


def test_the_command_lists_and_says_what_can_be_set():
    assert all(name in said() for name in MODELS)
    assert "--rounding" in said("epstein", "--options")


def test_the_command_runs_and_keeps_a_page(tmp_path):
    text = said(
        "epstein", "--rounding=floor", "--steps", "10", "--size=20", "--output", str(tmp_path / "page")
    )
    assert "targets need other settings" in text
    assert text.index("Civil violence") < text.index("Human cost")
    assert text.index("Human cost") < text.index("targets need")
    assert (tmp_path / "page" / "report.html").is_file()
    kept = json.loads((tmp_path / "page" / "manifest.json").read_text(encoding="utf-8"))
    assert kept["setting"]["steps"] == 10
    assert len(kept["findings"]) == len(MODELS["epstein"].targets)
    again = ["reference", *shlex.split(kept["command"])[2:], "--output", str(tmp_path / "page")]
    assert CliRunner().invoke(app, again).exit_code == 1
    assert CliRunner().invoke(app, [*again, "--force"], catch_exceptions=False).exit_code == 0


@pytest.mark.parametrize("words", [("epstein", "floor"), ("epstein", "--steps")])
def test_words_that_are_no_option_are_a_wrong_call(words):
    assert CliRunner().invoke(app, ["reference", *words]).exit_code == 2
