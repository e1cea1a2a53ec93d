"""The whole truth on demand: ``Parkinglots``, ``ParkedCalls``, then a ``Ping`` as the barrier.

List replies may overtake events that Asterisk had queued before; it hands those out before it answers the Ping.
Each step is begun in the place of the answer before it, so that ``Listed`` and ``Settled`` stand in wire order.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from lots.ami import translate
from lots.ami.errors import Disconnected
from lots.ami.message import Reply
from lots.ami.requests import Outcome
from lots.ami.session import Session
from lots.types.calls import Lot
from lots.types.events import Listed, Settled

T = TypeVar("T")

log = logging.getLogger("lots.ami")


class Listing:
    """One at a time; requests that come meanwhile become one more. A failure ends the session."""

    def __init__(
        self,
        session: Session,
        report: Callable[[Listed | Settled], None],
        *,
        limit: float,
        clock: Callable[[], datetime],
    ) -> None:
        """``limit``: seconds for each of the three steps."""
        self._session, self._report, self._limit, self._clock = session, report, limit, clock
        self._lots: tuple[Lot, ...] = ()
        self._running = False
        self._answered = False
        self._again = False

    def request(self) -> None:
        """Soon: now, or when the one that runs is done."""
        if self._running:
            self._again = True
        else:
            self._start()

    def request_unless_asked(self) -> None:
        """The same for news older than an answer we still wait for, such as ``FullyBooted`` right after login."""
        if not self._running or self._answered:
            self.request()

    def _start(self) -> None:
        self._running, self._answered, self._again = True, False, False
        self._session.ask("Parkinglots", (), self._take_lots, self._limit)

    def _take_lots(self, outcome: Outcome) -> None:
        if (reply := self._reply(outcome)) is None:
            return
        self._answered = True
        self._lots = tuple(_readable(reply.items, translate.lot))
        self._session.ask("ParkedCalls", (), self._take_calls, self._limit)

    def _take_calls(self, outcome: Outcome) -> None:
        if (reply := self._reply(outcome)) is None:
            return
        at = self._clock()
        calls = tuple(_readable(reply.items, lambda item: translate.call(item, at)))
        self._report(Listed(lots=self._lots, calls=calls, at=at))
        self._session.ask("Ping", (), self._settle, self._limit)

    def _settle(self, outcome: Outcome) -> None:
        if self._reply(outcome) is None:
            return
        self._report(Settled(at=self._clock()))
        self._running = False
        if self._again:
            self._start()

    def _reply(self, outcome: Outcome) -> Reply | None:
        if isinstance(outcome, Reply):
            return outcome
        if not isinstance(outcome, Disconnected):
            # A board without its list would lie; the next connection asks again.
            self._session.end(f"The list of parked calls could not be read. {outcome}")
        return None


def _readable(items: Iterable[Mapping[str, str]], read: Callable[[Mapping[str, str]], T]) -> Iterator[T]:
    """What can be read. Asking again would bring the same item again, so one bad item is logged and left out."""
    for item in items:
        try:
            yield read(item)
        except (KeyError, ValueError, OverflowError) as error:
            log.error("An item of Asterisk's list cannot be read: %s (%r)", item.get("Event"), error)  # noqa: TRY400
