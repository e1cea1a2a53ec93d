"""The supervisor: one connection after another, one ordered inbox, and the way to send."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from lots.ami.address import AmiAddress
from lots.ami.conversation import Conversation
from lots.ami.errors import AmiError, Disconnected, UnsafeValue
from lots.ami.message import Reply
from lots.ami.reasons import why
from lots.ami.requests import Outcome
from lots.ami.timing import Backoff, Timing, now_utc
from lots.ami.wire import build, encode
from lots.types.events import Event, LinkLost, LinkUp, Listed, LoginRefused

log = logging.getLogger("lots.ami")


class AmiLink:
    """Keeps one Asterisk heard. Events go into ``inbox`` in the order Asterisk sent them, outages in between.

    An outage is told once: ``LinkLost`` or ``LoginRefused`` when it begins or changes its kind, ``LinkUp`` at its end.
    ``inbox`` should be bounded: when it is full the connection is cut, and everything is asked for again once the
    reader has caught up. Nothing is dropped in silence, and nothing is ever sent twice.
    """

    def __init__(
        self,
        address: AmiAddress,
        inbox: "asyncio.Queue[Event]",
        *,
        timing: Timing | None = None,
        clock: Callable[[], datetime] = now_utc,
        log: logging.Logger = log,
    ) -> None:
        self._address, self._inbox, self._clock, self._log = address, inbox, clock, log
        self._timing = timing = timing or Timing()
        self._after_loss = Backoff(timing.backoff_first, timing.backoff_most)
        # No chance in these: a lockout counts tries, and must not see one sooner than promised.
        self._after_refusal = Backoff(timing.refused_first, timing.refused_most, least=1)
        self._told: type[LinkLost | LoginRefused] | None = None
        self._filtering = True
        self._told_unfiltered = False
        self._conversation: Conversation | None = None
        self.version = ""
        """Asterisk's AMI version (``11.0.0`` is Asterisk 22) of the last login."""

    @property
    def is_up(self) -> bool:
        """Logged in, and not known to be lost."""
        return self._conversation is not None and self._conversation.is_up

    def relist(self) -> None:
        """Ask for a fresh ``Listed`` and ``Settled`` soon; requests while one is on its way become one more."""
        if self._conversation is not None:
            self._conversation.relist()

    async def send(
        self,
        action: str,
        headers: Sequence[tuple[str, str]] = (),
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - the outcome is unknown then, which needs its own error
    ) -> Reply:
        """Send one action, once, and wait for its reply (``timeout`` in seconds, lists included).

        Raises ``UnsafeValue`` before anything is sent; ``Disconnected`` at once when there is no link, or when it is
        lost meanwhile; ``ActionTimedOut``; ``ActionRefused``. An ``ActionID`` among the headers is kept, and comes
        back in ``Originated``.
        """
        message = build(action, headers)
        encode(message)  # unsafe values are a fault of the caller, link or no link
        conversation = self._conversation
        if conversation is None or not conversation.is_up:
            raise Disconnected
        if message.id in conversation.session.requests:
            raise UnsafeValue("An action with this ActionID is still waiting for its answer.")
        answer: asyncio.Future[Outcome] = message.future
        limit = self._timing.action if timeout is None else timeout

        def settle(outcome: Outcome) -> None:
            if not answer.done():
                answer.set_result(outcome)

        conversation.session.request(message, settle, limit)
        try:
            outcome = await answer
        finally:
            conversation.session.requests.forget(message.id)
        if isinstance(outcome, AmiError):
            raise outcome
        return outcome

    async def run(self) -> None:
        """Until cancelled. Cancelling logs off and closes; nothing connects again."""
        while True:
            pause = await self._live_once()
            await asyncio.sleep(pause)

    async def _live_once(self) -> float:
        """One connection from first to last; how many seconds to wait before the next one."""
        conversation = Conversation(
            self._address,
            self._report,
            timing=self._timing,
            clock=self._clock,
            filtering=self._filtering,
        )
        began = asyncio.get_running_loop().time()
        try:
            reason = await self._talk(conversation)
        finally:
            await conversation.session.leave(self._timing.farewell)
        await self._tell_end(reason, refused=bool(conversation.refused))
        if conversation.refused:
            return self._after_refusal.pause()
        if conversation.listed or asyncio.get_running_loop().time() - began >= self._timing.settled_after:
            self._after_loss.reset()
        return self._after_loss.pause()

    async def _talk(self, conversation: Conversation) -> str:
        """Connect, and stay until the end; the sentence why it ended."""
        address = self._address
        self._conversation = conversation
        try:
            async with asyncio.timeout(self._timing.connect):
                await asyncio.get_running_loop().create_connection(
                    lambda: conversation.session,
                    address.host,
                    address.port,
                    ssl=address.tls_context(),
                )
        except (OSError, TimeoutError, UnicodeError) as error:
            return why(error, address)
        conversation.start()
        # Shielded: who cancels us must not settle the question of how the connection ended.
        reason = await asyncio.shield(conversation.session.ended)
        if conversation.filters_refused and conversation.filters_taken:
            self._filtering = False
        return reason

    def _report(self, event: Event) -> bool:
        try:
            self._inbox.put_nowait(event)
        except asyncio.QueueFull:
            return False
        if isinstance(event, LinkUp):
            self._told = None
            self.version = event.version
            self._after_refusal.reset()
            self._log.info("Asterisk at %s is heard (AMI %s)", self._address.place, event.version)
        elif isinstance(event, Listed) and not self._told_unfiltered:
            self._tell_unfiltered()
        return True

    def _tell_unfiltered(self) -> None:
        if self._conversation is not None and self._conversation.filters_refused:
            self._told_unfiltered = True
            self._log.debug(
                "The account %r may not choose its events; eventfilter lines in manager.conf do",
                self._address.user,
            )

    async def _tell_end(self, reason: str, *, refused: bool) -> None:
        kind = LoginRefused if refused else LinkLost
        if self._told is kind:
            self._log.debug("Asterisk at %s is still not heard: %s", self._address.place, reason)
            return
        self._told = kind
        self._log.warning("Asterisk at %s is not heard: %s", self._address.place, reason)
        # A full inbox is waited for: until the reader has caught up there is no use in another connection.
        await self._inbox.put(kind(reason=reason, at=self._clock()))
