"""A board without a browser: speaks docs/protocol.md, keeps what it was told, and waits for what should come."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

PATIENCE = 60.0
"""Seconds: a machine may be busy with other tests; whoever waits does so for something that comes."""
ENDS = {"connected", "failed", "done"}
"""States that end an order."""
Message = dict[str, Any]
LISTS = ("colleagues", "zones", "missed", "notices", "calls", "returning", "own")


class BoardSocket:
    """Applies snapshots and changes as the page does. ``heard`` is every message, in order."""

    def __init__(self, url: str, cookie: str, origin: str) -> None:
        self._open = ExitStack()
        asked = connect(url, additional_headers={"Cookie": cookie}, origin=Origin(origin), open_timeout=PATIENCE)
        self.socket = self._open.enter_context(asked)
        self.heard: list[Message] = []
        self.lots: dict[str, Message] = {}
        self.slots: dict[tuple[str, int], Message] = {}
        self.link: Message = {}
        self.links: dict[str, Message] = {}
        self.me: Message = {}
        self.lists: dict[str, list[Message]] = {}
        """``colleagues``, ``zones``, ``missed``, ``notices``: as last told."""
        self.ended: dict[str, str] = {}
        """Each order that ended, and its code."""
        self.closed: int | None = None
        self.ordered = 0
        """How many orders were given."""

    def __enter__(self) -> Self:
        self.until(lambda: bool(self.me) or self.closed, "a snapshot")
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def read(self, timeout: float) -> bool:
        """Take in one message; False when none came in time or the socket is closed."""
        try:
            message: Message = json.loads(self.socket.recv(timeout=timeout))
        except TimeoutError:
            return False
        except ConnectionClosed as error:
            self.closed = error.rcvd.code if error.rcvd else 1006
            return False
        self.heard.append(message)
        self._apply(message)
        return True

    def _apply(self, message: Message) -> None:
        kind = message["type"]
        if kind == "snapshot":
            self.lots = _named(message["lots"])
            self.slots.clear()  # the same one: somebody may be about to look something up in it
            self.slots |= {(name, slot["slot"]): slot for name, lot in self.lots.items() for slot in lot["slots"]}
            self.me = message["me"]
        for name in LISTS:
            if name in message:
                self.lists[name] = message[name]
        if kind in {"snapshot", "link"}:
            self.link = message["link"]
            self.links = {link["name"]: link for link in message["links"]}
        elif kind == "change":
            self._change(message)
        elif kind == "progress" and message["state"] in ENDS:
            assert message["command"] not in self.ended, f"{message} after {self.ended[message['command']]}"
            self.ended[message["command"]] = message["code"]
        elif kind == "beat":
            self.say(type="ack", beat=message["beat"])

    def _change(self, message: Message) -> None:
        name, lot = next((name, lot) for name, lot in self.lots.items() if lot["id"] == message["lot"])
        if message["revision"] <= lot["revision"]:
            return
        assert message["after"] <= lot["revision"], "a gap the server should not have made"
        lot["revision"] = message["revision"]
        for slot in message["slots"]:
            self.slots.pop((name, slot["slot"]), None)
            if slot["state"] != "free":
                self.slots[name, slot["slot"]] = slot

    def until(self, true: Callable[[], object], what: str, timeout: float = PATIENCE) -> None:
        """Read until ``true()``. AssertionError with what was heard last when it does not become so."""
        deadline = time.monotonic() + timeout
        while not true():
            left = deadline - time.monotonic()
            if left <= 0 or (not self.read(left) and self.closed is not None and not true()):
                raise AssertionError(f"No {what}; closed {self.closed}; last heard {self.heard[-6:]}")

    def say(self, **message: Any) -> None:
        """Send one message."""
        self.socket.send(json.dumps(message))

    def slot(self, slot: int, lot: str = "reception") -> Message:
        """The occupied slot; waits for somebody to be in it."""
        self.until(lambda: (lot, slot) in self.slots, f"call in {lot} {slot}")
        return self.slots[lot, slot]

    def shows(self, parked: Mapping[str, str]) -> int:
        """The slot of a ``ParkedCall`` event; waits for that very call, not one that was there before."""
        place = parked["Parkinglot"], int(parked["ParkingSpace"])
        uniqueid = parked["ParkeeUniqueid"]
        self.until(lambda: self.slots.get(place, {}).get("uniqueid") == uniqueid, f"{uniqueid} in {place}")
        return place[1]

    def free(self, slot: int, lot: str = "reception", timeout: float = PATIENCE) -> None:
        """Wait until the slot is free."""
        self.until(lambda: (lot, slot) not in self.slots, f"free {lot} {slot}", timeout)

    def parked(self) -> dict[str, tuple[str, int]]:
        """Uniqueid to lot and slot of every call on the board."""
        return {slot["uniqueid"]: place for place, slot in self.slots.items()}

    def hearing(self, state: str = "hearing", timeout: float = PATIENCE) -> None:
        """Wait for a state of the link."""
        self.until(lambda: self.link.get("state") == state, f"link {state}", timeout)

    def retrieve(self, slot: int, lot: str = "reception", uniqueid: str = "", phone: int | None = None) -> str:
        """Click Retrieve; the command's name."""
        uniqueid = uniqueid or self.slots[lot, slot]["uniqueid"]
        return self.order("retrieve", lot=self.lots[lot]["id"], slot=slot, uniqueid=uniqueid, phone=phone)

    def act(self, kind: str, slot: int, lot: str = "reception", **fields: Any) -> str:
        """An order about the call in the slot; the command's name."""
        uniqueid = self.slots[lot, slot]["uniqueid"]
        return self.order(kind, **{"lot": self.lots[lot]["id"], "slot": slot, "uniqueid": uniqueid, **fields})

    def order(self, kind: str, **fields: Any) -> str:
        """An order of any kind; the command's name."""
        self.ordered += 1
        command = f"c{self.ordered}"
        self.say(type=kind, command=command, **fields)
        return command

    def named(self, name: str, **fields: Any) -> Message:
        """The entry of a list (such as ``colleagues``) with these values; waits for it."""

        def found() -> list[Message]:
            return [one for one in self.lists.get(name, []) if fields.items() <= one.items()]

        self.until(found, f"{fields} in {name}")
        return found()[0]

    def progress(self, command: str, state: str, timeout: float = PATIENCE) -> Message:
        """The progress message of ``command`` in ``state``; fails at once when the command ended otherwise."""

        def found() -> list[Message]:
            mine = [m for m in self.heard if m["type"] == "progress" and m["command"] == command]
            ended = [m for m in mine if m["state"] in ENDS and m["state"] != state]
            assert not ended, ended
            return [m for m in mine if m["state"] == state]

        self.until(found, f"progress {state} of {command}", timeout)
        return found()[0]


def _named(lots: list[Message]) -> dict[str, Message]:
    """Lots by Asterisk's name of them; where two PBXs have the same, the later is called ``name@pbx``."""
    found: dict[str, Message] = {}
    for lot in lots:
        found[f"{lot['name']}@{lot['pbx']}" if lot["name"] in found else lot["name"]] = lot
    return found
