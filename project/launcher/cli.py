"""The command line of ./vigil."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable, Sequence

from project.launcher import checks, control, doctor, tools
from project.launcher.console import complain
from project.launcher.discretion import hide_from_command_line, taken_over
from project.launcher.errors import Refusal, explain
from project.launcher.listen import listen_at
from project.launcher.paths import home_of
from project.launcher.testing import test
from project.launcher.up import Wanted, up

INTERRUPTED = 130
PASSED_ON: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "test": (test, "run the tests on SQLite and on PostgreSQL: [--sqlite|--postgres] [--nightly] [pytest arguments]"),
    "evaluate": (tools.evaluate, "how well it tells the unusual: DATASET_FOLDER | VIDEO | FOLDER_OF_VIDEOS [--help]"),
    "bench": (tools.bench, "measure: cameras --json, …"),
    "manage": (tools.manage, "Django's commands, in the environment of the instance: [--data DIR] COMMAND …"),
}
"""Commands whose arguments another program reads."""


def main(arguments: Sequence[str]) -> int:
    """Runs a command; returns its exit code."""
    os.environ.pop("PYTHONPATH", None)  # it was for the launcher itself
    _interrupt_on_signals()
    try:
        if arguments and arguments[0] in PASSED_ON:
            return PASSED_ON[arguments[0]][0](list(arguments[1:]))
        options = _parser().parse_args(arguments or ["--help"])
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except Refusal as refusal:
        complain(str(refusal))
    except OSError as error:
        complain(explain(error))
    except KeyboardInterrupt:
        return 0 if arguments[:1] == ["up"] else INTERRUPTED
    return 1


def _interrupt_on_signals() -> None:
    """Makes all the ways to end a program one. A shell's background job ignores SIGINT unless it is told not to."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, signal.default_int_handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./vigil",
        description="Watches cameras, learns what is normal for each, and tells an operator when something is not.",
        epilog="Begin with ./vigil up --demo. More is in docs/operations.md.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_up(commands.add_parser("up", help="install what is missing and start everything; Ctrl-C stops it"))
    for name, run, text in (
        ("status", lambda options: control.status(home_of(options.data)), "what runs"),
        ("stop", lambda options: control.stop(home_of(options.data)), "end what runs, and what a killed launcher left"),
        ("doctor", lambda options: doctor.doctor(home_of(options.data), options.port), "what this machine lacks"),
    ):
        command = commands.add_parser(name, help=text)
        _add_data(command)
        command.set_defaults(run=run)
        if name == "doctor":
            command.add_argument("--port", type=int, default=8000, help="the port that Vigil is to use (8000)")
    _add_logs(commands.add_parser("logs", help="what the processes said"))
    commands.add_parser("check", help="style, types, imports, contracts, sizes").set_defaults(run=checks.check)
    for name, (_, text) in PASSED_ON.items():
        commands.add_parser(name, help=text, add_help=False)
    return parser


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", metavar="DIR", help="the folder of the instance (./data, or VIGIL_HOME)")


def _add_logs(command: argparse.ArgumentParser) -> None:
    _add_data(command)
    command.add_argument("name", nargs="?", help="web, inference, control, beat, valkey …; all of them")
    command.add_argument("-n", "--lines", type=int, default=40, help="how many lines of each (40)")
    command.add_argument("-f", "--follow", action="store_true", help="go on with what is added")
    command.set_defaults(
        run=lambda options: control.logs(
            home_of(options.data), options.name, lines=options.lines, follow=options.follow
        )
    )


def _add_up(command: argparse.ArgumentParser) -> None:
    _add_data(command)
    command.add_argument("--demo", action="store_true", help="add a site with four cameras that play rendered scenes")
    command.add_argument("--camera", action="append", default=[], metavar="NAME=URL", help="watch this camera too")
    command.add_argument("--port", type=int, default=8000, help="of the web server (8000)")
    command.add_argument("--host", default="127.0.0.1", help="listen at this address; 0.0.0.0 for all of this machine")
    command.add_argument("--certificate", default="", metavar="FILE", help="PEM, with --key: speak HTTPS")
    command.add_argument("--key", default="", metavar="FILE", help="PEM, unencrypted")
    command.add_argument("--behind-proxy", action="store_true", help="a proxy speaks HTTPS for Vigil; needs --url")
    command.add_argument("--url", default="", help="the address that people type, if it is another")
    command.set_defaults(run=_up)


def _up(options: argparse.Namespace) -> int:
    for camera in options.camera:
        name, equals, url = camera.partition("=")
        if not (name.strip() and equals and url.strip()):
            raise Refusal(f"--camera {camera}: write NAME=URL, such as --camera Gate=rtsp://192.168.1.20/stream1")
    hide_from_command_line(options.camera)
    listen = listen_at(
        options.host,
        options.port,
        url=options.url,
        certificate=options.certificate,
        key=options.key,
        behind_proxy=options.behind_proxy,
    )
    return up(Wanted(home_of(options.data), listen, taken_over(), options.demo))
