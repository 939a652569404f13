"""From a number back to its sources, from a statement on to what rests on it, and only what is stale made again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from exitvoice.analysis.patterns import load_patterns
from exitvoice.claims import Options, judge_claims, load_board, write_judgement
from exitvoice.claims.load import parameters_of
from exitvoice.ensemble import Ensemble, Plan, execute, factors_of
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.results import new_manifest, read_run, write_run
from exitvoice.results.provenance import rests_on
from exitvoice.run import simulate
from exitvoice.run.variables import EVERY
from exitvoice.scenario import derived_anew, load_priors, load_scenario
from exitvoice.trace import (
    dependents,
    find_stale,
    lines,
    names_by_folder,
    stale_priors,
    trace_figure,
    trace_held,
    trace_parameter,
    trace_record,
    trace_rule,
    trace_run,
    trace_verdict,
)
from exitvoice.trace.backward import origins_of
from exitvoice.trace.grounds import grounds, pattern_grounds, write_grounds
from exitvoice.trace.remake import remake_ensemble, remake_run, remake_verdicts
from exitvoice.trace.today import plan_today
from support_claims import OPPOSED, Pretence
from support_ensemble import contents

LEDGER, PRIORS, CHINA = load_ledger(), load_priors(), load_scenario("china-2024")
BOARD = load_board(LEDGER, CHINA)
JUDGED = ("C24", "C26")


def changed(ledger: Ledger, name: str, **fields: object) -> Ledger:
    """The ledger with one statement or claim changed."""
    if name in ledger.claims:
        claims = {**ledger.claims, name: ledger.claims[name].model_copy(update=fields)}
        return replace(ledger, claims=MappingProxyType(claims))
    statements = {**ledger.statements, name: ledger.statements[name].model_copy(update=fields)}
    return replace(ledger, statements=MappingProxyType(statements))


@pytest.mark.parametrize("name", list(PRIORS))
def test_every_parameter_ends_in_origins_or_in_the_word_assumed(name: str) -> None:
    node = trace_parameter(name, CHINA, LEDGER, PRIORS)
    assert all(end.kind in {"origin", "assumed", "statement"} for end in node.ends)
    recalled = [end.name for end in node.ends if end.kind == "statement"]
    assert all(LEDGER.statements[one].quality == "recalled" for one in recalled), "only memory has no source"


def test_every_rule_and_figure_and_verdict_can_be_traced() -> None:
    for rule in CHINA.rules:
        assert list(trace_rule(rule.id, CHINA, LEDGER).ends)
    for variable in EVERY:
        assert trace_figure(variable, CHINA, LEDGER, PRIORS).beneath
    for claim in LEDGER.claims:
        node = trace_verdict(claim, None, BOARD, CHINA, LEDGER, PRIORS)
        assert origins_of([node]), claim


def test_relays_end_in_their_origin() -> None:
    node = trace_record(LEDGER, "C2")
    assert origins_of([node]) == {"scmp-2024-06-06"}
    assert max(depth for depth, _ in lines(node)) >= 3


def test_forward_and_backward_agree() -> None:
    """What a prior's trace passes through names that prior among its dependents."""
    name, prior = next((name, prior) for name, prior in PRIORS.items() if prior.evidence)
    for record in prior.evidence:
        found = dependents(record, LEDGER, priors=PRIORS, scenarios=[CHINA], board=BOARD)
        assert name in found.priors
    paths = parameters_of(BOARD.hypotheses["C24"], BOARD.worlds)
    if f"parameters.{name}" in paths:
        assert "C24" in found.verdicts


def test_a_changed_statement_names_its_priors_and_no_others() -> None:
    prior = next(
        prior for prior in PRIORS.values() if prior.evidence and prior.evidence[0] in LEDGER.statements
    )
    record = prior.evidence[0]
    found = stale_priors(LEDGER, changed(LEDGER, record, note="otherwise"), PRIORS)
    assert record in found[prior.name]
    named = {name for name, one in PRIORS.items() if record in one.evidence}
    assert named <= set(found)
    assert stale_priors(LEDGER, LEDGER, PRIORS) == {}


def rule(world: str, points: np.ndarray, names: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    return {OPPOSED: np.full(len(points), 0.3)}


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "board"
    options = Options(folder, budget=60, only=JUDGED, command="exitvoice claims china-2024")
    write_judgement(folder, judge_claims(BOARD, CHINA, LEDGER, options, execute=Pretence(rule, [])))
    write_grounds(folder, grounds(BOARD, CHINA, LEDGER))
    return folder


def test_only_the_verdicts_that_rest_on_the_change_are_judged_again(judged: Path) -> None:
    assert find_stale(judged.parent, LEDGER) == ((), len(JUDGED))
    other = changed(LEDGER, "C26", text="Otherwise put.")
    found, total = find_stale(judged.parent, other)
    assert total == len(JUDGED)
    assert [(one.name, [str(reason) for reason in one.because]) for one in found] == [
        ("C26", ["claim C26: changed"])
    ]
    pretence = Pretence(rule, [])
    remade = remake_verdicts(judged, names_by_folder(found, "verdict")[judged], other, execute=pretence)
    assert remade.judgement.is_complete
    assert pretence.plans, "something was run"
    assert find_stale(judged.parent, other) == ((), len(JUDGED))
    assert (judged / "claims.json").is_file()


def test_a_change_of_the_scenarios_grounds_makes_all_of_them_stale(judged: Path) -> None:
    record = CHINA.rules[0].evidence[0]
    found, _ = find_stale(judged.parent, changed(LEDGER, record, note="otherwise"))
    assert {one.name for one in found} == set(JUDGED)


@pytest.mark.long
def test_a_stale_run_is_made_again_and_a_fresh_one_is_left(tmp_path: Path) -> None:
    world = load_scenario("minimal")
    run = simulate(world, seed=0, scale=0.0005)
    manifest = new_manifest(
        run.data, scenario_text=world.text, command="exitvoice run minimal", seconds=1.0,
        steps_planned=world.grid.steps,
        details={"rests_on": rests_on(world, LEDGER), "asked": {"scenario": "minimal", "changes": {}}},
    )  # fmt: skip
    folder = tmp_path / "one"
    write_run(folder, run.data, manifest)
    assert find_stale(tmp_path, LEDGER) == ((), 1)
    record = next(name for prior in PRIORS.values() for name in prior.evidence if name in LEDGER.statements)
    other = changed(LEDGER, record, note="otherwise")
    found, _ = find_stale(tmp_path, other)
    assert f"statement {record}: changed" in [str(reason) for reason in found[0].because]
    assert remake_run(folder, other)
    assert find_stale(tmp_path, other) == ((), 1)
    again = read_run(folder).data
    assert all((again[name].values == run.data[name].values).all() for name in ("persons", "fled")), (
        "same numbers"
    )


def test_results_without_hashes_are_named_as_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    found, total = find_stale(tmp_path, LEDGER)
    assert total == 1
    assert found[0].unknown


def test_a_stale_ensemble_is_replaced_once_it_is_whole_and_not_before(tmp_path: Path) -> None:
    world = load_scenario("minimal").with_changes({"clock.end": "2020-02-05"})
    folder = tmp_path / "many"
    plan = Plan(world, scale=0.005, replications=3)
    execute(plan, folder, executor="serial")
    assert find_stale(tmp_path, LEDGER) == ((), 1)
    record = next(name for prior in PRIORS.values() for name in prior.evidence if name in LEDGER.statements)
    other = changed(LEDGER, record, note="otherwise")
    assert [one.kind for one in find_stale(tmp_path, other)[0]] == ["ensemble"]
    before = contents(folder)

    def serial(plan: Plan, folder: Path, **options: object) -> Ensemble:
        return execute(plan, folder, executor="serial", **options)  # type: ignore[arg-type]

    assert remake_ensemble(folder, other, progress=lambda done, runs, failed: False, execute=serial) is None
    assert contents(folder) == before, "stopped: the old result stays"
    assert find_stale(tmp_path, other)[1] == 1, "what is half made is no result"
    begun = len(read_plan_runs(tmp_path / ".many.remade"))
    assert 0 < begun < 3
    made = remake_ensemble(folder, other, execute=serial)
    assert made is not None and made.done == 3
    assert find_stale(tmp_path, other) == ((), 1)
    assert not (tmp_path / ".many.remade").exists()


def read_plan_runs(folder: Path) -> list[str]:
    return (folder / "done.jsonl").read_text(encoding="utf-8").splitlines()


def test_a_derived_default_follows_its_statement_and_results_follow_it() -> None:
    """Informants are a share of two statements: with half as many residents it is twice as high; nothing else moves."""
    half = changed(LEDGER, "gdr-population-1989", value=8.2e6)
    assert {name: value for name, (_, value) in derived_anew(half).items()} == {"informants": 0.023}
    plan = Plan(CHINA, asked={"scenario": "china-2024", "changes": {}})
    today = plan_today(plan, half).scenario
    assert today.values["informants"] == 0.023
    assert {name for name, value in today.values.items() if value != CHINA.values[name]} == {"informants"}
    own = plan_today(
        replace(plan, asked={"scenario": "china-2024", "changes": {"parameters.informants": 0.01}}), half
    )
    assert own.scenario.values["informants"] == 0.01, "what a scenario sets itself stays"
    assert plan_today(plan, LEDGER).scenario.hash == CHINA.hash, "nothing changed, nothing follows"


def test_a_prior_whose_range_moved_moves_the_points_of_a_plan_with_it() -> None:
    (now,) = factors_of(CHINA, ["informants"])
    then = replace(now, low=0.0, high=1.0)
    plan = Plan(
        CHINA, factors=(then,), points=np.array([[0.25], [1.0]]),
        asked={"scenario": "china-2024", "changes": {}, "vary": [now.path]},
    )  # fmt: skip
    today = plan_today(plan, LEDGER)
    assert today.factors == (now,)
    np.testing.assert_allclose(today.points[:, 0], [now.low + 0.25 * (now.high - now.low), now.high])
    own = plan_today(replace(plan, asked={"scenario": "china-2024", "changes": {}, "vary": []}), LEDGER)
    assert own.factors == (then,), "a range of somebody's own stays"


def test_patterns_rest_on_what_they_and_their_worlds_name() -> None:
    patterns = load_patterns(LEDGER)
    then = pattern_grounds(patterns, LEDGER)
    now = pattern_grounds(patterns, changed(LEDGER, "gdr-leipzig-monday-1989", note="otherwise"))
    assert {name for name in then if then[name] != now[name]} >= {"P9"}
    assert then["P4"] == now["P4"] or "gdr-leipzig-monday-1989" in str(then["P4"])


def test_who_is_held_on_a_day_ends_in_head_counts_and_rules() -> None:
    """Of one sector the numbers are its own, and only rules that can bind it are named."""
    node = trace_held(CHINA, date(2024, 6, 7), LEDGER, sector="teachers")
    kinds = [child.kind for child in node.beneath]
    assert kinds.count("head-count") == 1 and kinds.count("rule") >= 1
    assert len(kinds) < len(trace_held(CHINA, date(2024, 6, 7), LEDGER).beneath)
    assert origins_of([node])


def test_a_run_names_what_was_changed_in_its_world() -> None:
    changed = CHINA.with_changes({"rules.teachers-2024": None, "rules.leaders-1999.coverage": 0.5})
    node = trace_run(changed, CHINA, LEDGER, scale=0.01, seed=3)
    assert {child.name for child in node.beneath} == {"rules.teachers-2024", "rules.leaders-1999.coverage"}
    assert not trace_run(CHINA, CHINA, LEDGER, scale=0.01, seed=3).beneath
