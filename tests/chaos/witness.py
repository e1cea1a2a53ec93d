"""Asterisk's own word, past all that is broken: who was parked, and how each stay ended."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.kit.ami import Ami, Event

FILTERS = ("Event: (Un)?ParkedCall", "Event: Hangup[[:cntrl:]]", "Variable: PL_UNIQUEID")
DIED = "died"
"""The ending of a stay whose Asterisk was killed: nobody was told."""
SILENT = 86_400.0


@dataclass(slots=True)
class Stay:
    """A caller in a slot; times are ``time.monotonic()``. ``outcome`` is "" while they are there."""

    uniqueid: str
    channel: str
    name: str
    lot: str
    slot: int
    began: float
    ended: float | None = None
    outcome: str = ""
    retriever: str = ""
    """Uniqueid of the channel that took the call."""


class Witness:
    """Keeps what it heard over restarts of Asterisk; ``listen()`` once for each."""

    def __init__(self) -> None:
        self.stays: list[Stay] = []
        self.rung: dict[str, set[str]] = {}
        """Channels that the portal had Asterisk ring for a parked call, by the call's Uniqueid."""
        self._last: dict[str, Stay] = {}
        """The newest stay of each call."""
        self._hung_up: set[str] = set()
        self._news = threading.Condition()
        self._ami: Ami | None = None
        self._thread: threading.Thread | None = None

    def listen(self, ami: Ami) -> None:
        """Hear this session from now on."""
        for text in FILTERS:
            ami.action("Filter", Operation="Add", Filter=text)
        self._ami = ami
        self._thread = threading.Thread(target=self._hear, args=(ami,), daemon=True)
        self._thread.start()

    def deaf(self, *, died: bool = False) -> None:
        """Stop hearing. ``died``: Asterisk is gone, and every stay with it."""
        if self._ami is not None and self._thread is not None:
            with suppress(OSError):
                self._ami._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(10)
            self._ami.close()
            self._ami = None
        for stay in self.stays if died else ():
            if stay.outcome in {"", "left"}:
                stay.ended, stay.outcome = time.monotonic(), DIED

    def hear_out(self) -> None:
        """Wait until Asterisk has said its last word."""
        if self._thread is not None:
            self._thread.join(20)
            assert not self._thread.is_alive(), "Asterisk goes on"

    def open(self) -> list[Stay]:
        """Who is parked now."""
        return [stay for stay in list(self.stays) if not stay.outcome]

    def until(self, true: Callable[[], object], what: str, timeout: float = 20.0) -> None:
        """Wait until something that was heard makes this true."""
        with self._news:
            assert self._news.wait_for(true, timeout), f"Asterisk did not say: {what}"

    def parked(self, name: str, timeout: float = 20.0) -> Stay:
        """The newest stay of the caller of this name; waits for it."""

        def found() -> list[Stay]:
            return [stay for stay in self.stays if stay.name == name]

        self.until(found, f"{name} is parked", timeout)
        return found()[-1]

    def _hear(self, ami: Ami) -> None:
        with suppress(OSError):
            while True:
                event = ami._message(time.monotonic() + SILENT, "an event")
                if "Event" in event:
                    with self._news:
                        self._take(event)
                        self._news.notify_all()

    def _take(self, event: Event) -> None:
        at, name, uniqueid = time.monotonic(), event["Event"], event.get("ParkeeUniqueid", "")
        if name == "ParkedCall":
            self._end(uniqueid, "moved", at)
            place = event["Parkinglot"], int(event["ParkingSpace"])
            self._last[uniqueid] = Stay(uniqueid, event["ParkeeChannel"], event["ParkeeCallerIDName"], *place, at)
            self.stays.append(self._last[uniqueid])
        elif name == "UnParkedCall":
            self._end(uniqueid, "retrieved", at, event.get("RetrieverUniqueid", ""))
        elif name == "ParkedCallTimeOut":
            self._end(uniqueid, "timed_out", at)
        elif name == "ParkedCallGiveUp":
            self._end(uniqueid, "abandoned" if uniqueid in self._hung_up else "left", at)
        elif name == "Hangup":
            self._hung_up.add(event["Uniqueid"])
            if (stay := self._last.get(event["Uniqueid"])) and stay.outcome == "left":
                stay.outcome = "abandoned"
        elif name == "VarSet" and event["Uniqueid"].startswith("parkinglot-"):
            self.rung.setdefault(event["Value"], set()).add(event["Uniqueid"].removesuffix("-2"))

    def _end(self, uniqueid: str, outcome: str, at: float, retriever: str = "") -> None:
        if (stay := self._last.get(uniqueid)) and stay.outcome in {"", "left"}:
            stay.ended, stay.outcome, stay.retriever = stay.ended or at, outcome, retriever
