"""Where ./vigil arrives."""

import sys

from project.launcher.cli import main

sys.exit(main(sys.argv[1:]))
