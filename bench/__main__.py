"""`./vigil bench NAME …`: one question, answered by measuring it. Without a name: which questions there are."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__", "cpu", "footage"}


def questions() -> list[str]:
    """The names that can be given."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HELPERS)


def main() -> int:
    """Run the benchmark that the first argument names with the rest of the arguments."""
    if len(sys.argv) < 2 or sys.argv[1] not in questions():
        print(f"usage: vigil bench {{{','.join(questions())}}} [--json] …", file=sys.stderr)  # noqa: T201
        return 2
    name = sys.argv.pop(1)
    runpy.run_module(f"bench.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
