"""A run of a published model at rest: one folder with its page and a manifest that holds what was obtained."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from exitvoice.models.reference.base import Finding, ReferenceModel, Setting
from exitvoice.results.folders import whole_folder, write_whole_file
from exitvoice.results.manifest import machine, versions
from exitvoice.results.store import MANIFEST, REPORT, check_target, is_format

FORMAT = "exitvoice-reference/1"


def write_reference(
    folder: str | Path,
    model: ReferenceModel,
    setting: Setting,
    *,
    findings: Sequence[Finding],
    page: str,
    command: str,
    force: bool = False,
) -> Path:
    """Write a run of a published model as one folder, whole or not at all; return its absolute path.

    Raises
    ------
    OutputError
        If the place is taken, the disk is full or may not be written; nothing is left behind then.
    """
    manifest: Mapping[str, object] = {
        "format": FORMAT,
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "machine": machine(),
        "model": model.name,
        "seed": str(setting.seed),
        "setting": dict(setting.values),
        "findings": [
            {
                "target": found.target.what,
                "published": found.target.published,
                "quality": found.target.quality,
                "obtained": found.obtained,
                "verdict": found.verdict,
                "reason": found.reason,
            }
            for found in findings
        ],
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    target = check_target(folder, force=force)
    with whole_folder(target) as draft:
        write_whole_file(draft / REPORT, page)
        write_whole_file(draft / MANIFEST, text)
    return target


def is_reference(folder: str | Path) -> bool:
    """Whether a folder holds a run of a published model."""
    return is_format(folder, FORMAT)
