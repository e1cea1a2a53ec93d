"""What is said on one connection: login, filters, the list, and the keep-alive."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from lots.ami import translate
from lots.ami.address import AmiAddress
from lots.ami.errors import ActionRefused
from lots.ami.filters import FILTERS
from lots.ami.keepalive import KeepAlive
from lots.ami.listing import Listing
from lots.ami.message import Headers, Reply
from lots.ami.requests import Outcome
from lots.ami.session import NOTHING_SAID, Session
from lots.ami.timing import Timing
from lots.types.events import Event, LinkUp, Listed
from lots.types.words import Said, gettext_noop

log = logging.getLogger("lots.ami")

FALLEN_BEHIND = Said(gettext_noop("The portal fell behind Asterisk's events and asks for everything again."))


class Conversation:
    """``report`` takes an event and says whether there was room for it.

    Everything happens inside the reading of the message that caused it, so events are reported in wire order.
    """

    def __init__(
        self,
        address: AmiAddress,
        report: Callable[[Event], bool],
        *,
        timing: Timing,
        clock: Callable[[], datetime],
        filtering: bool = True,
    ) -> None:
        self._address, self._report, self._timing, self._clock = address, report, timing, clock
        self._filtering = filtering
        self._deadline: asyncio.TimerHandle | None = None
        self.session = Session(self._log_in, self._hear)
        self.version = ""
        self.logged_in = False
        self.refused = ""
        """Asterisk's word for why it refused the account."""
        self.listed = False
        self.filters_taken = self.filters_refused = 0
        self._listing = Listing(self.session, self._tell, limit=timing.action, clock=clock)
        self._keepalive = KeepAlive(self.session, timing)

    @property
    def is_up(self) -> bool:
        """Logged in, and not known to be lost."""
        return self.logged_in and not self.session.ended.done()

    def relist(self) -> None:
        """Before the login there is nothing to do: a list follows it anyway."""
        if self.is_up:
            self._listing.request()

    def start(self) -> None:
        """The socket is open; from here the login has its time."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._timing.login, self._check_login)
        self.session.ended.add_done_callback(lambda _: self._stop())

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()

    def _check_login(self) -> None:
        if not self.version:
            self.session.end(NOTHING_SAID)
        elif not self.logged_in:
            self.session.end(Said(gettext_noop("Asterisk did not answer the login in time.")))

    def _log_in(self, version: str) -> None:
        self.version = version
        account = (("Username", self._address.user), ("Secret", self._address.secret))
        self.session.ask("Login", account, self._logged_in, self._timing.login)

    def _logged_in(self, outcome: Outcome) -> None:
        if isinstance(outcome, Reply):
            self.logged_in = True
            self._tell(LinkUp(version=self.version, at=self._clock()))
            if self._filtering:
                self._filter()
            self._listing.request()
            self._keepalive.start()
        elif isinstance(outcome, ActionRefused):
            self.refused = outcome.message or "no reason given"
            words = gettext_noop("Asterisk refused the account “{user}”: {why}")
            self.session.end(Said(words, user=self._address.user, why=self.refused))
        else:
            self.session.end(Said(gettext_noop("Asterisk did not answer the login in time.")))

    def _filter(self) -> None:
        for pattern in FILTERS:
            headers = (("Operation", "Add"), ("Filter", pattern))
            self.session.ask("Filter", headers, self._filtered, self._timing.action)

    def _filtered(self, outcome: Outcome) -> None:
        self.filters_taken += isinstance(outcome, Reply)
        self.filters_refused += isinstance(outcome, ActionRefused)
        if self.filters_taken and self.filters_refused:
            # One filter that counts hides every event that only a refused one would have let in.
            words = gettext_noop(
                "Asterisk took only some of the event filters; the portal connects again without them."
            )
            self.session.end(Said(words))

    def _hear(self, headers: Headers) -> None:
        name = headers["Event"]
        if name == "FullyBooted":
            self._listing.request_unless_asked()
            return
        try:
            event = translate.event(headers, self._clock())
        except Exception:
            # One event that cannot be read must cost neither the link nor the truth.
            log.exception("Asterisk's event %s cannot be read; asking for the whole list", name)
            self.relist()
            return
        if event is not None and self.logged_in:
            self._tell(event)

    def _tell(self, event: Event) -> None:
        if self.session.ended.done():
            return
        if not self._report(event):
            self.session.end(FALLEN_BEHIND)
        elif isinstance(event, Listed):
            self.listed = True
