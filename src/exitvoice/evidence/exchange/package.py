"""The descriptor beside exported files: a data package (Frictionless Data, tabular data resource)."""

import json
from pathlib import Path
from typing import Any

from exitvoice import __version__
from exitvoice.evidence.exchange.kinds import KINDS
from exitvoice.evidence.schema import Record

_TYPES = {"float": "number", "bool": "boolean"}


def descriptor_path(path: Path) -> Path:
    """Return where the descriptor of an exported file stands."""
    return path.with_name(f"{path.name}.datapackage.json")


def csv_descriptor(files: dict[Path, str], *, name: str) -> str:
    """Return the descriptor of CSV files, with the type of every column."""
    resources = []
    for path, text in files.items():
        kind = next((kind for kind in KINDS if path.stem.endswith(f".{kind}")), "statements")
        header = text.partition("\n")[0].split(",")
        resources.append(
            {
                "name": kind,
                "path": path.name,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(text.encode("utf-8")),
                "schema": _schema(KINDS[kind], header),
            }
        )
    return _descriptor(name, resources)


def lines_descriptor(path: Path, text: str) -> str:
    """Return the descriptor of a JSON Lines file; its records are of several kinds, so it has no schema."""
    resource = {
        "name": "ledger",
        "type": "file",
        "path": path.name,
        "format": "jsonl",
        "mediatype": "application/jsonl",
        "encoding": "utf-8",
        "bytes": len(text.encode("utf-8")),
    }
    return _descriptor(path.stem, [resource])


def _descriptor(name: str, resources: list[dict[str, Any]]) -> str:
    package = {
        "profile": "data-package",
        "name": "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")
        or "ledger",
        "title": "A ledger of evidence: sources, statements, claims",
        "description": "Facts and figures with who says so; every statement carries its sources and its quality.",
        "created_by": f"exitvoice {__version__}",
        "resources": resources,
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _schema(model: type[Record], header: list[str]) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _type(model, name), "description": _says(model, name)} for name in header
    ]
    keyed = {"primaryKey": "id"} if "id" in header else {}
    return {"fields": fields, "missingValues": [""], **keyed}


def _type(model: type[Record], name: str) -> str:
    kind = str(model.model_fields[name].annotation)
    if "tuple[" in kind or "schema.parts" in kind or "str" in kind or "Literal" in kind:
        return "string"
    return next((found for word, found in _TYPES.items() if word in kind), "string")


def _says(model: type[Record], name: str) -> str:
    kind = str(model.model_fields[name].annotation)
    return "ids, separated by a blank, or a JSON list" if "tuple[" in kind else name.replace("_", " ")
