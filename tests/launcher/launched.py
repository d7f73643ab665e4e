"""The launcher as it is once everything is installed and built: `python -m tests.launcher.launched ARGUMENTS`."""

from __future__ import annotations

import sys

from project.launcher import cli, install, web_build


def main() -> int:
    """Run it."""
    # Another test of this run may be using both.
    install.install = lambda *_: None
    web_build.build = lambda: None
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
