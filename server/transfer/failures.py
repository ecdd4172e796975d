"""What ends an import or an export before its time.

CannotTransfer
├── WrongOption      the command's words; nothing was read or sent
├── BrokenFile       a file ends too early, or is not what it is said to be
├── Unreachable      no server answers, or it stays busy
└── Refused          the server answers, but does not take it
"""

from __future__ import annotations

from graph import errors


class CannotTransfer(errors.SegraphError):
    """The transfer cannot go on."""

    code = "CANNOT_TRANSFER"


class WrongOption(CannotTransfer):
    """An option does not fit the file, or is not one it may be."""

    code = "WRONG_OPTION"


class BrokenFile(CannotTransfer):
    """A file cannot be read to its end."""

    code = "BROKEN_FILE"


class Unreachable(CannotTransfer):
    """The server does not answer, or stays busy."""

    code = "UNREACHABLE"


class Refused(CannotTransfer):
    """The server does not take what was sent."""

    code = "REFUSED"
