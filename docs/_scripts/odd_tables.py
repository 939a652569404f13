"""Write the parameter tables of the model's ODD from the library of priors.

`python docs/_scripts/odd_tables.py` writes them into the model's README; with `--check` it writes nothing and fails
where a table is out of date. A table stands between two comments, `<!-- parameters: MECHANISM -->` and
`<!-- end -->`, and holds the parameters that the library lists under that mechanism.
"""

import re
import sys
from pathlib import Path

from exitvoice.scenario import load_priors
from exitvoice.scenario.priors import Prior

PAGE = Path(__file__).parents[2] / "src" / "exitvoice" / "models" / "exit_control" / "README.md"
TABLE = re.compile(r"(<!-- parameters: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
HEAD = "| parameter | symbol | default | range | unit | rests on |\n|---|---|---|---|---|---|"


def table(mechanism: str) -> str:
    rows = [row(prior) for prior in load_priors().values() if prior.mechanism == mechanism]
    if not rows:
        raise SystemExit(f"the library lists no parameter under {mechanism!r}")
    return "\n".join([HEAD, *rows])


def row(prior: Prior) -> str:
    support = [*prior.evidence, *(["assumed"] if prior.assumed else [])]
    cells = (
        f"`{prior.name}`",
        prior.symbol or "",
        f"{prior.default:g}",
        f"{prior.low:g} to {prior.high:g}",
        prior.unit,
        ", ".join(support),
    )
    return f"| {' | '.join(cells)} |"


def filled(text: str) -> str:
    return TABLE.sub(lambda found: f"{found[1]}{table(found[2])}\n{found[3]}", text)


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    new = filled(text)
    if "--check" in sys.argv[1:]:
        if new != text:
            print("tables of the ODD are out of date; run docs/_scripts/odd_tables.py", file=sys.stderr)
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
