"""Notices a peer that is gone without a word: a TCP connection alone can stay "open" for hours."""

import asyncio

from lots.ami.errors import ActionTimedOut
from lots.ami.requests import Outcome
from lots.ami.session import Session
from lots.ami.timing import Timing
from lots.types.words import Said, gettext_noop


class KeepAlive:
    """Nothing heard for ``idle`` seconds: Ping. No Pong within ``pong`` seconds: the session ends."""

    def __init__(self, session: Session, timing: Timing) -> None:
        self._session, self._timing = session, timing
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """From now until the session ends."""
        self._look_in(self._timing.idle)
        self._session.ended.add_done_callback(lambda _: self._stop())

    def _look_in(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        silent = self._loop.time() - self._session.heard_at
        if silent < self._timing.idle:
            self._look_in(self._timing.idle - silent)
            return
        # Asterisk serves one action at a time: while it works on one we gave a long time, it cannot answer a Ping.
        limit = max(self._timing.pong, self._session.requests.longest_wait() + self._timing.pong / 2)
        self._session.ask("Ping", (), self._answered, limit)

    def _answered(self, outcome: Outcome) -> None:
        if isinstance(outcome, ActionTimedOut):
            self._session.end(Said(gettext_noop("Asterisk stopped answering.")))
        elif not self._session.ended.done():
            self._look_in(self._timing.idle)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
