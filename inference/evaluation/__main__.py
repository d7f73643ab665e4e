"""`python -m inference.evaluation`, as the launcher starts it."""

from __future__ import annotations

import sys

from inference.evaluation.cli import main

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
