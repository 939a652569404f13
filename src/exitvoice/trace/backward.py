"""Backward: from a figure, verdict, parameter or rule to statements, sources and origins."""

from collections.abc import Iterable, Mapping, Sequence

from exitvoice.claims.findings import Judgement
from exitvoice.claims.load import Board, parameters_of
from exitvoice.evidence import Claim, Ledger, Statement
from exitvoice.run.variables import Variable
from exitvoice.scenario import Prior, Scenario, supports
from exitvoice.scenario.base import Supported
from exitvoice.trace.board import trace_board
from exitvoice.trace.node import Node

_PARAMETERS = "parameters."


def trace_record(ledger: Ledger, record_id: str) -> Node:
    """Return a statement or a claim with what it is derived from and its sources down to their origins."""
    record = ledger.resolve(record_id)
    sources = tuple(_source(ledger, name) for name in record.sources)
    if isinstance(record, Claim):
        return Node(
            "claim", record.id, f"{record.text} ({', '.join(record.speakers)}, {record.date})", sources
        )
    parents = tuple(trace_record(ledger, name) for name in record.derived_from)
    return Node("statement", record.id, _says(record), (*parents, *sources))


def trace_parameter(name: str, scenario: Scenario, ledger: Ledger, priors: Mapping[str, Prior]) -> Node:
    """Return a parameter of a world: its value there, and what the value and its range rest on."""
    prior, override = priors[name], scenario.parameters.get(name)
    value = f"{scenario.values[name]:g} {prior.unit if prior.unit != '1' else ''}".strip()
    own = f"{prior.title}: {value}; plausible from {prior.low:g} to {prior.high:g}"
    beneath: list[Node] = []
    if override is not None:
        beneath.append(trace_block("scenario", scenario.name, "sets the value", override, ledger))
    beneath.append(trace_block("prior", name, "default and range", prior, ledger))
    return Node("parameter", name, own, tuple(beneath))


def trace_rule(rule_id: str, scenario: Scenario, ledger: Ledger) -> Node:
    """Return a dated rule of a world and on whose word it stands."""
    rule = next(one for one in scenario.rules if one.id == rule_id)
    return trace_block("rule", rule_id, rule.title, rule, ledger)


def trace_figure(variable: Variable, scenario: Scenario, ledger: Ledger, priors: Mapping[str, Prior]) -> Node:
    """Return a figure: the mechanism that makes it, that mechanism's parameters, and the rules of the world.

    Whatever else the world holds acts on the figure through other mechanisms; the last line counts it.
    """
    mechanism = variable.source.rpartition("/")[2]
    own = [name for name, prior in priors.items() if prior.mechanism == mechanism]
    parameters = tuple(trace_parameter(name, scenario, ledger, priors) for name in own)
    rules = tuple(trace_rule(rule.id, scenario, ledger) for rule in scenario.rules)
    others = Node(
        "others", "the rest", f"{len(priors) - len(own)} parameters of other mechanisms act through these"
    )
    made = Node("mechanism", mechanism, f"{variable.source}: {len(own)} parameters of its own", parameters)
    bound = Node("rules", scenario.name, f"{len(rules)} dated rules say who is bound when", rules)
    return Node("figure", variable.name, f"{variable.long_name} ({variable.unit})", (made, bound, others))


def trace_panel(
    title: str,
    variables: Sequence[Variable],
    scenario: Scenario,
    ledger: Ledger,
    priors: Mapping[str, Prior],
) -> Node:
    """Return a figure of a report as a reader sees it: each variable that it is drawn from, traced."""
    beneath = tuple(trace_figure(one, scenario, ledger, priors) for one in variables)
    return Node("figure", title, f"drawn from {len(beneath)} variables of the run", beneath)


def trace_verdict(
    claim_id: str,
    judgement: Judgement | None,
    board: Board,
    scenario: Scenario,
    ledger: Ledger,
    priors: Mapping[str, Prior],
) -> Node:
    """Return a verdict: the claim with its sources, the board's runs, the data it is held against, what was varied."""
    hypothesis = board.hypotheses[claim_id]
    varied = parameters_of(hypothesis, board.worlds) if hypothesis.is_testable else ()
    parameters = [path.removeprefix(_PARAMETERS) for path in varied if path.startswith(_PARAMETERS)]
    held = tuple(
        trace_block("data", datum.outcome, "what is seen", datum, ledger) for datum in hypothesis.data
    )
    assumptions = tuple(trace_parameter(name, scenario, ledger, priors) for name in parameters)
    finding = next((one for one in judgement.findings if one.claim == claim_id), None) if judgement else None
    verdict = "no board is at hand" if finding is None else finding.verdict
    runs = () if judgement is None or finding is None else (trace_board(judgement, finding),)
    says = f"{verdict}. {hypothesis.question or 'Not testable here.'}"
    varied_node = Node("assumptions", claim_id, f"{len(parameters)} parameters were varied", assumptions)
    return Node(
        "verdict",
        claim_id,
        says,
        (trace_record(ledger, claim_id), *runs, *held, *((varied_node,) if parameters else ())),
    )


def named_evidence(scenario: Scenario) -> Mapping[str, Sequence[str]]:
    """Return which parts of a scenario name which records."""
    return {path: block.evidence for path, block in supports(scenario).items()}


def trace_block(kind: str, name: str, says: str, block: Supported, ledger: Ledger) -> Node:
    """Return anything that names its evidence, and on whose word it stands."""
    assumed = block.assumed or ""
    beneath = [trace_record(ledger, one) if one in ledger else Node("unknown", one, "not in this ledger")
               for one in block.evidence]  # fmt: skip
    if assumed:
        beneath.append(Node("assumed", name, assumed))
    return Node(kind, name, says, tuple(beneath))


def _says(record: Statement) -> str:
    value = record.value
    shown = "" if value is None else f" {value:,.10g}" if isinstance(value, float) else f" {value}"
    return f"{record.subject}: {record.property}, {record.period}:{shown} {record.unit} ({record.quality})"


def _source(ledger: Ledger, source_id: str) -> Node:
    source = ledger.sources[source_id]
    who = f"{source.publisher}, {source.date or 'undated'}: {source.title}"
    if source.relays:
        origins = tuple(_source(ledger, name) for name in source.relays)
        return Node("source", source_id, f"{who}; repeats", origins)
    who += ", anonymous" if source.anonymous else ""
    who += ", partisan" if source.partisan else ""
    return Node("origin", source_id, f"{who} {source.url or ''}".strip())


def origins_of(nodes: Iterable[Node]) -> frozenset[str]:
    """Return the origins in which traces end."""
    return frozenset(end.name for node in nodes for end in node.ends if end.kind == "origin")
