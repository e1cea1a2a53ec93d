"""One short session with Asterisk: connect, log in, ask, log off. No events, no reconnecting."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from lots.ami.address import AmiAddress
from lots.ami.errors import AccountRefused, ActionRefused, ActionTimedOut, AmiError, Disconnected, UnsafeValue
from lots.ami.message import Headers, Reply, parse_lightly
from lots.ami.reasons import why
from lots.ami.requests import Outcome
from lots.ami.session import NOTHING_SAID, Session
from lots.ami.timing import Timing
from lots.ami.wire import build, encode

LONGEST_ANSWER = 64 << 20
"""Bytes one answer may have: a whole file of configuration comes in one message."""


class AmiClient:
    """``async with AmiClient(address) as ami: await ami.send("GetConfig", [("Filename", "x.conf")])``.

    Entering raises ``Disconnected`` or ``AccountRefused``. Once the connection is lost every ``send`` raises.
    """

    def __init__(self, address: AmiAddress, *, timing: Timing | None = None) -> None:
        self._address, self._timing = address, timing or Timing()
        self._session: Session | None = None
        self.version = ""
        """Asterisk's AMI version (``11.0.0`` is Asterisk 22)."""

    async def __aenter__(self) -> Self:
        self._session = await self._connect()
        try:
            await self._log_in()
        except BaseException:
            await self._session.leave(self._timing.farewell)
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._session is not None:
            await self._session.leave(self._timing.farewell)

    @property
    def is_up(self) -> bool:
        """Not known to be lost."""
        return self._session is not None and not self._session.ended.done()

    async def _connect(self) -> Session:
        address, greeted = self._address, asyncio.get_running_loop().create_future()
        session = Session(greeted.set_result, _nobody_listens, longest=LONGEST_ANSWER, read=parse_lightly)
        try:
            async with asyncio.timeout(self._timing.connect):
                await asyncio.get_running_loop().create_connection(
                    lambda: session, address.host, address.port, ssl=address.tls_context()
                )
        except (OSError, TimeoutError, UnicodeError) as error:
            raise Disconnected(why(error, address)) from error
        await asyncio.wait({greeted, session.ended}, timeout=self._timing.login, return_when=asyncio.FIRST_COMPLETED)
        if not greeted.done():
            session.end(NOTHING_SAID)
            raise Disconnected(session.ended.result())
        self.version = greeted.result()
        return session

    async def _log_in(self) -> None:
        account = [("Username", self._address.user), ("Secret", self._address.secret), ("Events", "off")]
        try:
            await self.send("Login", account, timeout=self._timing.login)
        except ActionRefused as error:
            raise AccountRefused(self._address.user, error.message) from error
        except ActionTimedOut as error:
            raise Disconnected("Asterisk did not answer the login in time.") from error

    async def send(
        self,
        action: str,
        headers: Sequence[tuple[str, str]] = (),
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - the outcome is unknown then, which needs its own error
    ) -> Reply:
        """Send one action, once, and wait for its reply (``timeout`` in seconds, list items included).

        Several may wait at a time; Asterisk works on one after the other. Raises ``UnsafeValue`` before anything is
        sent, ``Disconnected``, ``ActionTimedOut``, ``ActionRefused``.
        """
        session = self._session
        if session is None:
            raise Disconnected
        if session.ended.done():
            raise Disconnected(f"The connection was lost. {session.ended.result()}")
        message = build(action, headers)
        encode(message)
        if message.id in session.requests:
            raise UnsafeValue("An action with this ActionID is still waiting for its answer.")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def settle(outcome: Outcome) -> None:
            if not answer.done():
                answer.set_result(outcome)

        session.request(message, settle, self._timing.action if timeout is None else timeout)
        try:
            outcome = await answer
        finally:
            session.requests.forget(message.id)
        if isinstance(outcome, AmiError):
            raise outcome
        return outcome


def _nobody_listens(_event: Headers) -> None:
    pass
