"""What the user can put right, in a sentence."""

from __future__ import annotations

import errno


class Refusal(Exception):
    """Vigil cannot go on, and says why and what to do in plain English instead of a traceback."""


def explain(error: OSError) -> str:
    """What an error of the operating system means for the user."""
    place = f": {error.filename}" if error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full{place}. Free some space and start again; nothing that was stored is lost."
        case errno.EACCES | errno.EPERM:
            return f"You have no permission to use this{place}. Change its owner, or name another folder with --data."
        case errno.EROFS:
            return f"This is on a read-only disk{place}. Name another folder with --data."
        case errno.EMFILE | errno.ENFILE:
            return "Too many files are open on this machine. Raise the limit (ulimit -n 4096) and start again."
        case errno.ENOMEM:
            return "This machine is out of memory."
        case errno.ENOTDIR | errno.EEXIST:
            return f"A folder is needed, but this is a file{place}."
    return f"The operating system says: {error.strerror or error}{place}."
