"""A small blocking AMI client for tests, independent of the code under test."""

import socket
import time
from collections.abc import Callable
from itertools import count
from typing import Self

Event = dict[str, str]
PATIENCE = 60.0
"""Seconds a test waits for something that should happen at once."""


class Ami:
    """One logged-in session. Events are kept until somebody asks for them, in order."""

    def __init__(self, port: int, username: str, secret: str, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port), timeout=PATIENCE)
        self._unread = b""
        self._ids = count(1)
        self.events: list[Event] = []
        self.banner = self._line()
        self.action("Login", Username=username, Secret=secret, Events="on")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up without a goodbye."""
        self._socket.close()

    def action(self, name: str, **headers: str | list[str]) -> Event:
        """Send an action and return its response; AssertionError when that is an error."""
        response = self.request(name, **headers)
        assert response["Response"] != "Error", (name, headers, response)
        return response

    def request(self, name: str, **headers: str | list[str]) -> Event:
        """Send an action and return its response, whatever it says."""
        action_id = self.send(name, **headers)
        return self._read_until(
            lambda m: "Response" in m and m.get("ActionID") == action_id and "Event" not in m, what=name
        )

    def send(self, name: str, **headers: str | list[str]) -> str:
        """Send an action without waiting; its ActionID."""
        action_id = f"test-{next(self._ids)}"
        lines = [f"Action: {name}", f"ActionID: {action_id}"]
        for key, value in headers.items():
            lines += [f"{key}: {one}" for one in ([value] if isinstance(value, str) else value)]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return action_id

    def items(self, name: str, **headers: str) -> list[Event]:
        """Send a list action; its items."""
        action_id = self.action(name, **headers)["ActionID"]
        mine: list[Event] = []
        while not mine or mine[-1].get("EventList") != "Complete":
            mine.append(self.event(lambda e: e.get("ActionID") == action_id))
        return mine[:-1]

    def event(self, wanted: str | Callable[[Event], bool], timeout: float = PATIENCE, **fields: str) -> Event:
        """The first event not yet taken that has this name (or satisfies the function) and these fields."""

        def match(event: Event) -> bool:
            named = event.get("Event") == wanted if isinstance(wanted, str) else wanted(event)
            return named and all(event.get(key) == value for key, value in fields.items())

        for event in self.events:
            if match(event):
                self.events.remove(event)
                return event
        found = self._read_until(lambda m: "Event" in m and match(m), timeout, what=f"{wanted} {fields}")
        self.events.remove(found)
        return found

    def ping(self) -> None:
        """Read everything Asterisk has queued for us until now."""
        self.action("Ping")

    def _read_until(self, wanted: Callable[[Event], bool], timeout: float = PATIENCE, what: str = "") -> Event:
        deadline = time.monotonic() + timeout
        while True:
            message = self._message(deadline, what)
            if "Event" in message:
                self.events.append(message)
            if wanted(message):
                return message

    def _message(self, deadline: float, what: str) -> Event:
        message: Event = {}
        while line := self._line(deadline, what):
            key, _, value = line.partition(":")
            message.setdefault(key, value.strip())
        return message

    def _line(self, deadline: float | None = None, what: str = "the banner") -> str:
        while b"\r\n" not in self._unread:
            left = PATIENCE if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"No {what}; heard {[e['Event'] for e in self.events][-40:]}")
            self._socket.settimeout(left)
            try:
                chunk = self._socket.recv(65536)
            except TimeoutError:
                continue
            if not chunk:
                raise ConnectionError("Asterisk closed the AMI session")
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line.decode("utf-8", "replace")
