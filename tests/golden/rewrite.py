"""Write golden summaries anew, `python tests/golden/rewrite.py [WORLD ...]`; read what changes before you keep it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support_golden import SETTINGS, rewrite  # noqa: E402

if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(SETTINGS):
        rewrite(name)
        sys.stdout.write(f"{name}\n")
