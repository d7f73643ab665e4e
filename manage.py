#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    import celery_app  # noqa: F401  so that a command can send tasks by name

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
