"""Bytes to messages and messages to bytes. No sockets here.

Messages are cut as bytes and decoded whole: no read can split a character, however the network cuts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from panoramisk.actions import Action

from lots.ami.errors import AmiError, UnsafeValue

GREETING = b"Asterisk Call Manager/"
LONGEST_MESSAGE = 1 << 20
LONGEST_GREETING = 128
LONGEST_LINE = 1024
"""Bytes with the line end, as Asterisk 16 and 22 count (``line too long``)."""
MOST_LINES = 128
"""Action and ActionID included (``Too many lines in message``)."""

_LINE_END = b"\r\n"
_MESSAGE_END = b"\r\n\r\n"
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_ENDS_A_LINE = re.compile(r"[\r\n\0]")


class BadStream(AmiError):  # noqa: N818 - reads as what happened
    """What arrives is not AMI. The sentence is for a person."""


class Splitter:
    """Fed with reads of any size, gives whole messages. ``version`` is set once the greeting is in."""

    def __init__(self, longest: int = LONGEST_MESSAGE) -> None:
        self.version: str | None = None
        self._longest = longest
        self._rest = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Messages without their end. Raises ``BadStream`` after those that were still good."""
        self._rest += data
        if self.version is None:
            self._greet()
        while self.version is not None:
            end = self._rest.find(_MESSAGE_END, self._searched)
            # Of an end that is not in yet, up to three bytes may be: look at them again next time.
            unfinished = max(0, len(self._rest) - len(_MESSAGE_END) + 1)
            if (unfinished if end < 0 else end) > self._longest:
                raise BadStream("Asterisk sent a message without end.")
            if end < 0:
                self._searched = unfinished
                return
            block = bytes(self._rest[:end]).lstrip(_LINE_END)
            del self._rest[: end + len(_MESSAGE_END)]
            self._searched = 0
            if block:
                yield block

    def _greet(self) -> None:
        start = bytes(self._rest[: len(GREETING)])
        end = self._rest.find(_LINE_END)
        if not GREETING.startswith(start) or (len(self._rest) if end < 0 else end) > LONGEST_GREETING:
            raise BadStream("What answers there is not Asterisk's manager interface (AMI): is it the right port?")
        if end >= 0:
            self.version = self._rest[len(GREETING) : end].decode("ascii", "replace").strip()
            del self._rest[: end + len(_LINE_END)]


def build(action: str, headers: Sequence[tuple[str, str]]) -> Action:
    """An action with an ActionID, checked by the gate: raises ``UnsafeValue`` before a byte is sent.

    Names may repeat (``Variable``) and keep their order. A caller may bring an ActionID of its own.
    """
    _check("Action", action)
    grouped: dict[str, list[str]] = defaultdict(list)
    spelling: dict[str, str] = {}
    for name, value in headers:
        _check(name, value)
        grouped[spelling.setdefault(name.lower(), name)].append(value)
    if "action" in spelling or len(grouped.get(spelling.get("actionid", ""), ())) > 1:
        raise UnsafeValue("An action has one Action and one ActionID.")
    return Action(
        {"Action": action} | {name: values[0] if len(values) == 1 else values for name, values in grouped.items()},
    )


def encode(action: Action) -> bytes:
    """The bytes of an action. Raises ``UnsafeValue`` when Asterisk would not read them as one message."""
    data = str(action).encode()
    lines = data.removesuffix(_MESSAGE_END).split(_LINE_END)
    if len(lines) > MOST_LINES:
        raise UnsafeValue(f"An action of {len(lines)} lines is too long: Asterisk reads {MOST_LINES}.")
    if max(map(len, lines)) + len(_LINE_END) > LONGEST_LINE:
        raise UnsafeValue(f"A line of the action is over {LONGEST_LINE} bytes: Asterisk would not read it.")
    return data


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise UnsafeValue("The name of a header may hold letters, digits, - and _ only.")
    if _ENDS_A_LINE.search(value):
        raise UnsafeValue(f"The value of {name} holds a line end or a NUL, which would start another header.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UnsafeValue(f"The value of {name} is not valid text.") from None
