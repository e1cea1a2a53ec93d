"""One connection to Asterisk, from greeting to end. It never comes back; ``AmiLink`` makes the next one.

panoramisk's ``AMIProtocol`` is not used: it decodes each read by itself, keeps entries for ever, logs whole messages
with their secrets, and sends actions again after a reconnect. All of it would have to be overridden.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence

from panoramisk.actions import Action

from lots.ami import translate
from lots.ami.errors import Disconnected
from lots.ami.message import Headers, parse
from lots.ami.requests import Done, Requests
from lots.ami.wire import LONGEST_MESSAGE, BadStream, Splitter, build, encode
from lots.types.words import Said, gettext_noop

log = logging.getLogger("lots.ami")

SHUTTING_DOWN = Said(gettext_noop("Asterisk is shutting down."))
NOTHING_SAID = Said(gettext_noop("Something took the connection and said nothing: is it Asterisk's AMI port?"))
_ALSO_HEARD = frozenset({"FullyBooted", "Shutdown"})


class Session(asyncio.Protocol):
    """``on_greeting`` gets the AMI version, ``on_event`` every event that is not a list item, both synchronously."""

    def __init__(
        self,
        on_greeting: Callable[[str], None],
        on_event: Callable[[Headers], None],
        *,
        longest: int = LONGEST_MESSAGE,
        read: Callable[[bytes], Headers | None] = parse,
    ) -> None:
        """``longest``: bytes one message of Asterisk may have. ``read`` makes headers of it."""
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[str] = loop.create_future()
        """The sentence why."""
        self.gone: asyncio.Future[None] = loop.create_future()
        """The socket is closed."""
        self.requests = Requests()
        self.heard_at = loop.time()
        """When the last byte came, by the event loop's clock."""
        self._on_greeting, self._on_event = on_greeting, on_event
        self._splitter, self._read = Splitter(longest), read
        self._greeted = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio; the kernel's keep-alive is a second line of defence."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what TCP and TLS give, for the type checker
        self._transport = transport
        if (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio. Never waits: Asterisk hangs up on a reader that lets it wait."""
        self.heard_at = asyncio.get_running_loop().time()
        try:
            self._greet_once_and(data)
        except BadStream as error:
            self.end(str(error))
        except Exception:
            # asyncio would cut the connection too, but tell nobody who waits.
            log.exception("A message of Asterisk could not be handled")
            self.end(Said(gettext_noop("The portal failed on a message of Asterisk.")))

    def _greet_once_and(self, data: bytes) -> None:
        blocks = self._splitter.feed(data)
        block = next(blocks, None)
        if self._splitter.version is not None and not self._greeted:
            self._greeted = True
            self._on_greeting(self._splitter.version)
        while block is not None and not self.ended.done():
            self._take(block)
            block = next(blocks, None)

    def _take(self, block: bytes) -> None:
        if _is_noise(block) or (headers := self._read(block)) is None:
            return
        name = headers.get("Event", "")
        log.debug("Asterisk says %s", name or headers.get("Response"))
        if headers.get("Response") == "Goodbye" or name == "Shutdown":
            self.end(SHUTTING_DOWN)
        elif not name:
            self.requests.take_response(headers)
        elif "ActionID" in headers and name != "OriginateResponse":
            # The items of ParkedCalls bear the name of a live park; only the ActionID tells them apart.
            self.requests.take_item(headers)
        else:
            self._on_event(headers)

    def request(self, action: Action, done: Done, limit: float) -> None:
        """Send once and never again. ``done`` is called exactly once, at once when the connection has ended."""
        data = encode(action)
        if self.ended.done() or self._transport is None:
            done(Disconnected())
            return
        self.requests.add(action.id, action["Action"], done, limit)
        self._transport.write(data)

    def ask(self, action: str, headers: Sequence[tuple[str, str]], done: Done, limit: float) -> None:
        """``request`` for those who do not need the ActionID."""
        self.request(build(action, headers), done, limit)

    def end(self, reason: str) -> None:
        """Cut the connection; everyone who waits hears at once."""
        if self._finish(reason) and self._transport is not None:
            self._transport.abort()

    async def leave(self, patience: float) -> None:
        """Log off and close; cut the connection when that takes longer than ``patience`` seconds."""
        if self._finish(Said(gettext_noop("The portal closed the connection."))) and self._transport is not None:
            self._transport.write(encode(build("Logoff", ())))
            self._transport.close()
            try:
                await asyncio.wait({self.gone}, timeout=patience)
            finally:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio, also after ``end``."""
        closed = Said(gettext_noop("Asterisk closed the connection."))
        self._finish(Said(gettext_noop("The connection to Asterisk broke: {why}."), why=exc) if exc else closed)
        if not self.gone.done():
            self.gone.set_result(None)

    def _finish(self, reason: str) -> bool:
        if self.ended.done():
            return False
        self.ended.set_result(reason)
        self.requests.fail_all(lambda: Disconnected(f"The connection was lost while waiting. {reason}"))
        return True


def _is_noise(block: bytes) -> bool:
    """Cheap look at an event nobody here reads: most of the traffic, when the account may not filter."""
    if not block.startswith(b"Event: "):
        return False
    name = block.partition(b"\r\n")[0].removeprefix(b"Event: ").decode("utf-8", "replace")
    return not translate.knows(name) and name not in _ALSO_HEARD and b"\r\nActionID: " not in block
