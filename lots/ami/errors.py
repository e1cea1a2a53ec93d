"""What can go wrong between us and Asterisk, one class per decision a caller can make.

AmiError
├── Disconnected     nobody can say whether the action was done: look at the board, do not send it again
├── ActionTimedOut   the same, though the link is still there
├── ActionRefused    Asterisk answered no; nothing happened
├── AccountRefused   Asterisk took neither user nor secret: trying again soon changes nothing
└── UnsafeValue      never left this process
"""


class AmiError(Exception):
    """Base of everything ``lots.ami`` raises for a reason outside our own code."""


class Disconnected(AmiError):  # noqa: N818 - reads as what happened
    """There is no link, or it was lost while we waited: the outcome is unknown."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or "There is no connection to Asterisk.")


class ActionTimedOut(AmiError):  # noqa: N818 - reads as what happened
    """Asterisk did not answer in time: the outcome is unknown. ``seconds`` is how long we waited."""

    def __init__(self, action: str, seconds: float) -> None:
        super().__init__(f"Asterisk did not answer {action} within {seconds:g} seconds.")
        self.action = action
        self.seconds = seconds


class ActionRefused(AmiError):  # noqa: N818 - reads as what happened
    """``Response: Error``; ``message`` is Asterisk's own word for why."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"Asterisk refused {action}: {message or 'no reason given'}")
        self.action = action
        self.message = message


class AccountRefused(AmiError):  # noqa: N818 - reads as what happened
    """The login was refused; ``message`` is Asterisk's own word for why."""

    def __init__(self, user: str, message: str) -> None:
        super().__init__(f"Asterisk refused the account {user!r}: {message or 'no reason given'}")
        self.message = message


class UnsafeValue(AmiError):  # noqa: N818 - reads as what happened
    """A value that would end a line or not fit in a message. The value itself is never repeated: it may be a secret."""
