"""Telephones that are not plugged in: their ports answer nothing, and it is kept who called them meanwhile.

Asterisk repeats an INVITE that nobody answers for half a minute (RFC 3261, 17.1.1.2), even when its caller has hung up
long since: the next telephone at that port would take it for a call of its own.
"""

import re
import socket
import threading
from collections import defaultdict

LOOPBACK = "127.0.0.1"
LOOK = 0.05
"""Seconds between two looks whether somebody plugs in."""
_CALL_ID = re.compile(rb"^(?:Call-ID|i)\s*:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_silent: dict[int, "Silence"] = {}
_missed: defaultdict[int, set[str]] = defaultdict(set)
_over: defaultdict[int, set[str]] = defaultdict(set)


class Silence(threading.Thread):
    """Holds a port until ``end``."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True, name=f"nobody at {port}")
        self.port, self._over = port, threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, port))
        self._socket.settimeout(LOOK)

    def run(self) -> None:
        """Listen, say nothing."""
        while not self._over.is_set():
            try:
                data = self._socket.recv(65535)
            except TimeoutError:
                continue
            if found := _CALL_ID.search(data):
                _missed[self.port].add(found[1].decode("utf-8", "replace"))

    def end(self) -> None:
        """Give the port back."""
        self._over.set()
        self.join()
        self._socket.close()


def unplug(port: int) -> None:
    """Nobody is there from now on."""
    if port not in _silent:
        _silent[port] = Silence(port)
        _silent[port].start()


def plug_in(port: int) -> None:
    """Somebody is about to be."""
    if silence := _silent.pop(port, None):
        silence.end()


def all_over() -> None:
    """Every call has been ended: those that came while nobody was there are nobody's from now on."""
    for port, calls in _missed.items():
        _over[port] |= calls


def is_stray(port: int, call_id: str) -> bool:
    """Whether this call came when nobody was there, and was over before somebody was."""
    return call_id in _over[port]
