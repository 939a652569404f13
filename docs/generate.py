"""Write the reference pages from the code: the command line, the keys of a scenario, the parameters, the checks.

`python docs/generate.py` writes them; with `--check` it writes nothing and fails where one is out of date.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from exitvoice.cli.app import app
from exitvoice.evidence import CHECKS
from exitvoice.scenario import Scenario, load_priors

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code; change it there. -->\n"


def pages() -> Mapping[str, str]:
    return {
        "cli.md": "\n".join(command_line()),
        "scenario.md": "\n".join(scenario_keys()),
        "parameters.md": "\n".join(parameters()),
        "evidence-checks.md": "\n".join(evidence_checks()),
    }


def command_line() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    yield NOTE + "# Command line\n"
    yield f"{group.help}\n"
    yield "Exit codes: 0 all is well; 1 a mistake in the input, or a disk that cannot be written; 2 a wrong call;"
    yield "3 some runs of an ensemble failed; 130 interrupted.\n"
    for name, command in group.commands.items():
        yield f"## exitvoice {name}\n"
        yield paragraphs(command.help)
        parameters = [parameter for parameter in command.params if parameter.name != "help"]
        if parameters:
            yield "| option | what it does | default |\n|---|---|---|"
        for parameter in parameters:
            yield table_row(spelling(parameter), parameter.help or "", shown_default(parameter))
        yield "\n```console"
        yield from (f"$ {line}" for line in example_lines(command.epilog))
        yield "```\n"


def evidence_checks() -> Iterator[str]:
    yield NOTE + "# Checks of a ledger\n"
    yield "Each check looks at the fields of records alone. Its example is found by it and by no other check; its"
    yield "innocent twin, the nearest ledger without the fault, is passed over by all. A test holds both.\n"
    for check in CHECKS:
        yield f"## {check.title}\n"
        yield f"`{check.id}`. {check.rule} {check.teaches}\n"
        yield f"Found:\n\n```yaml\n{check.example.rstrip()}\n```\n"
        yield f"Passed over:\n\n```yaml\n{check.innocent.rstrip()}\n```\n"


def paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")) + "\n"


def spelling(parameter: Any) -> str:
    words = parameter.metavar if parameter.param_type_name == "argument" else ", ".join(parameter.opts)
    return f"`{words or parameter.name.upper()}`"


def shown_default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, False) or callable(parameter.default):
        return ""
    return f"`{parameter.default}`"


def example_lines(epilog: str) -> list[str]:
    lines = [line.strip() for line in epilog.split("\n\n")[1:]]
    return [line.removeprefix("[cyan]").removesuffix("[/cyan]") for line in lines]


def scenario_keys() -> Iterator[str]:
    schema = Scenario.model_json_schema(by_alias=True)
    yield NOTE + "# Scenario files\n"
    yield "Every key of a scenario, from the model that checks it. An unknown key is a mistake.\n"
    yield from block("scenario", schema)
    for name, part in schema.get("$defs", {}).items():
        if "properties" in part:
            yield from block(name, part)


def block(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    if schema.get("description"):
        yield paragraphs(schema["description"])
    yield "| key | value | default |\n|---|---|---|"
    required = schema.get("required", ())
    for key, value in schema.get("properties", {}).items():
        default = "required" if key in required else said_default(value)
        described = value.get("description", "")
        yield table_row(f"`{key}`", f"{kind(value)}{'. ' if described else ''}{described}", default)
    yield ""


def said_default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default in (None, [], {}):
        return "none"
    return "as below" if isinstance(default, dict) else f"`{default}`"


def kind(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{word}`" for word in value["enum"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in value:
            return " or ".join(dict.fromkeys(kind(part) for part in value[several]))
    word = {"null": "nothing", "array": "list", "object": "mapping", "string": "text"}.get(
        value.get("type", ""), value.get("type", "anything")
    )
    if value.get("type") == "array" and isinstance(value.get("items"), dict):
        word = f"list of {kind(value['items'])}"
    if value.get("type") == "object" and isinstance(value.get("additionalProperties"), dict):
        word = f"mapping to {kind(value['additionalProperties'])}"
    return word + bounds(value)


def bounds(value: Mapping[str, Any]) -> str:
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    found = [f"{sign} {value[key]:g}" for key, sign in signs.items() if key in value]
    return f" ({', '.join(found)})" if found else ""


def parameters() -> Iterator[str]:
    yield NOTE + "# Parameters\n"
    yield "Set them under `parameters:` in a scenario, or with `--set name=value`. The range is the prior.\n"
    yield "| name | symbol | what it is | unit | default | range | rests on |\n|---|---|---|---|---|---|---|"
    for prior in load_priors().values():
        support = ", ".join(prior.evidence) or f"assumed: {prior.assumed}"
        span = f"{prior.low:g} to {prior.high:g}"
        yield table_row(
            f"`{prior.name}`",
            prior.symbol or "",
            prior.title,
            prior.unit,
            f"{prior.default:g}",
            span,
            support,
        )
    yield ""


def table_row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    is_check = "--check" in sys.argv[1:]
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if is_check and stale:
        print(f"out of date: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
