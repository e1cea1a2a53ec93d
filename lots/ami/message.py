"""One message of Asterisk, and the reply to one action of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from panoramisk.message import Message


class Headers(Mapping[str, str]):
    """Read-only; names compare without case, and a repeated header's values are joined by line ends."""

    __slots__ = ("_names", "_values", "raw")

    def __init__(self, headers: Mapping[str, str], raw: bytes = b"") -> None:
        """``raw``: the whole message where it is too long to be read at once, see ``parse_lightly``."""
        self.raw = raw
        self._names = {name.lower(): name for name in headers}
        self._values = {name.lower(): value for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{self.get('Event') or self.get('Response')} {len(self)} headers>"


@dataclass(frozen=True, slots=True)
class Reply:
    """``Response`` and, for a list action, its items without the closing ``…Complete`` event."""

    headers: Mapping[str, str]
    items: tuple[Mapping[str, str], ...] = ()
    raw: bytes = b""
    """The whole message when it is a file of configuration, see ``parse_lightly``."""


def parse(block: bytes) -> Headers | None:
    """One message without its empty line; None when it is neither event nor response."""
    message = Message.from_line(block.decode("utf-8", "replace"))
    if message is None:
        return None
    # panoramisk adds a header of its own, "content", for a body only Asterisk 13 and older send.
    return Headers(
        {
            name: "\n".join(value) if isinstance(value, list) else value
            for name, value in message.items()
            if name != "content"
        },
    )


_FILE_BEGINS = b"\r\nCategory-"


def parse_lightly(block: bytes) -> Headers | None:
    """The same, but of a file of configuration (tens of thousands of lines) only what stands before it is read.

    The rest is for another thread: it is in ``raw``.
    """
    head, found, _file = block.partition(_FILE_BEGINS)
    headers = parse(head)
    return Headers(headers, block) if found and headers is not None and "Response" in headers else parse(block)
