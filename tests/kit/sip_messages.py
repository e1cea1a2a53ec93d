"""Reading what a SIPp wrote to its message log (``-trace_msg``)."""

import re
from dataclasses import dataclass
from pathlib import Path

HEAD = re.compile(rb"^-{40,} [^\n]*\n(?:UDP|TCP) message (sent|received) [(\[](\d+)[^\n]*\n\n", re.MULTILINE)
"""Before each message: a rule with the time, then which way and how many bytes."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message; ``sent`` by the user agent, else received."""

    sent: bool
    text: str

    @property
    def start(self) -> str:
        """The request or status line."""
        return self.text.split("\n", 1)[0].strip()

    @property
    def method(self) -> str:
        """``INVITE``; of a response, ``""``."""
        word = self.start.split(" ", 1)[0]
        return "" if word.startswith("SIP/") else word

    @property
    def status(self) -> int:
        """200; of a request, 0."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/") else 0

    def header(self, name: str) -> str:
        """The first value of a header, ``""`` when it is not there."""
        found = re.search(rf"^{re.escape(name)}\s*:[ \t]*(.*?)\r?$", self.text, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""

    def tag(self, name: str) -> str:
        """The tag parameter of ``From`` or ``To``."""
        found = re.search(r";tag=([^;>\s]+)", self.header(name))
        return found[1] if found else ""

    def display(self, name: str = "From") -> str:
        """The name a telephone shows from ``From`` or ``P-Asserted-Identity``."""
        return self.header(name).split("<", 1)[0].strip().strip('"')

    def user(self, name: str = "From") -> str:
        """The number a telephone shows."""
        found = re.search(r"sips?:([^@;>]+)@", self.header(name))
        return found[1] if found else ""


def own_calls(messages: list[Message]) -> list[Message]:
    """Without what Asterisk still sends to the port because of a call of a user agent that is gone.

    Such a call begins here with a request inside a dialog (RFC 3261, 12.2: its To has a tag).
    """
    first: dict[str, Message] = {}
    for message in messages:
        first.setdefault(message.header("Call-ID"), message)
    strays = {call for call, begin in first.items() if not begin.sent and begin.method and begin.tag("To")}
    return [message for message in messages if message.header("Call-ID") not in strays]


def read_messages(log: Path) -> list[Message]:
    """All whole messages in ``log``, in order."""
    if not log.exists():
        return []
    data, found = log.read_bytes(), []
    for head in HEAD.finditer(data):
        raw = data[head.end() : head.end() + int(head[2])]
        if len(raw) == int(head[2]):  # else SIPp is still writing it
            found.append(Message(head[1] == b"sent", raw.decode("utf-8", "replace").strip()))
    return found
