"""One SIPp process: started, told what to do, read, ended."""

import itertools
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.kit.sip_messages import Message, own_calls, read_messages
from tests.kit.unplugged import LOOPBACK, is_stray, plug_in, unplug

PATIENCE = 60.0
"""Seconds to wait for a message that should come at once, on a machine with more to do."""
PAUSE = 0.01
"""Seconds between two looks at a log file; SIPp announces nothing."""
NUMBERS = itertools.count(1)


def free_udp_port() -> int:
    """A UDP port that is free now on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((LOOPBACK, 0))
        return int(sock.getsockname()[1])


class Sipp:
    """A SIPp that runs ``scenario`` on ``port``; with ``server`` (a port) it calls that once, else it is called."""

    def __init__(self, folder: Path, scenario: str, *, port: int, server: int | None = None) -> None:
        binary = shutil.which("sipp")
        assert binary, "SIPp is missing: install the package sip-tester"
        stem = folder / f"sipp-{next(NUMBERS)}"
        stem.with_suffix(".xml").write_text(scenario, encoding="utf-8")
        self.port = port
        self._is_called = server is None
        if self._is_called:
            plug_in(port)
        self.log = stem.with_suffix(".log")
        self.errors = stem.with_suffix(".err")
        self._commands = itertools.count(1)
        command = [
            binary,
            *([f"{LOOPBACK}:{server}", "-m", "1"] if server else []),
            "-sf",
            str(stem.with_suffix(".xml")),
        ]
        command += ["-i", LOOPBACK, "-mi", LOOPBACK, "-p", str(port), "-nostdin", "-timer_resol", "1", "-r", "100"]
        command += ["-trace_msg", "-message_file", str(self.log), "-trace_err", "-error_file", str(self.errors)]
        with stem.with_suffix(".out").open("wb") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder)
        if server is None:
            self.until(lambda: _listens(port), f"SIPp on port {port}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the process; a call it was in stays up, as when a telephone loses power."""
        self.process.kill()
        self.process.wait()
        if self._is_called:
            unplug(self.port)

    @property
    def messages(self) -> list[Message]:
        """All messages so far of its own calls."""
        own = own_calls(read_messages(self.log))
        return [message for message in own if not is_stray(self.port, message.header("Call-ID"))]

    @property
    def invited(self) -> list[Message]:
        """The calls that came in. Of other things Asterisk may still send some for a user agent that is gone."""
        return [message for message in self.messages if not message.sent and message.method == "INVITE"]

    def message(self, wanted: Callable[[Message], bool], what: str, timeout: float = PATIENCE) -> Message:
        """The latest message that is ``wanted``; waits for the first. AssertionError after ``timeout`` seconds."""
        found: list[Message] = []

        def look() -> bool:
            found[:] = [message for message in self.messages if wanted(message)]
            return bool(found)

        self.until(look, what, timeout)
        return found[-1]

    def received(self, method: str, timeout: float = PATIENCE) -> Message:
        """The latest request of this method that came in."""
        return self.message(lambda m: not m.sent and m.method == method, f"received {method}", timeout)

    def answered(self, status: int, method: str = "INVITE", timeout: float = PATIENCE) -> Message:
        """The latest response of this status to ``method``, sent or received."""
        return self.message(lambda m: m.status == status and m.header("CSeq").endswith(method), f"{status}", timeout)

    def tell(self, command: str, *headers: str) -> None:
        """Tell the latest call's scenario ``command``, by a SIP message with its Call-ID."""
        call_id = self.message(lambda m: m.method == "INVITE", "any call").header("Call-ID")
        number = next(self._commands)  # or SIPp takes a second one for a repetition of the first
        lines = [
            f"{command} sip:kit@{LOOPBACK} SIP/2.0",
            f"Via: SIP/2.0/UDP {LOOPBACK}:9;branch=z9hG4bK-tell-{number}",
            f"From: <sip:test@{LOOPBACK}>;tag=tell{number}",
            f"To: <sip:kit@{LOOPBACK}>",
            f"Call-ID: {call_id}",
            f"CSeq: {number} {command}",
            *headers,
            "Content-Length: 0",
        ]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), (LOOPBACK, self.port))

    def until(self, true: Callable[[], bool], what: str, timeout: float = PATIENCE) -> None:
        """Wait until ``true()``. AssertionError with the log when it does not become so, or SIPp failed."""
        deadline = time.monotonic() + timeout
        while not true():
            if time.monotonic() > deadline or self.process.poll() not in (None, 0):
                said = self.errors.read_text() if self.errors.exists() else ""
                starts = [f"{'>' if m.sent else '<'} {m.start}" for m in self.messages]
                others = len(read_messages(self.log)) - len(starts)
                end = f"exit {self.process.poll()}; {starts} and {others} of calls that are not its own; {said[-2000:]}"
                raise AssertionError(f"No {what}; {end}")
            time.sleep(PAUSE)


def _listens(port: int) -> bool:
    """Whether somebody has bound this UDP port on loopback (``proc_net_udp(5)``: address and port in hex)."""
    return f"0100007F:{port:04X} " in Path("/proc/net/udp").read_text(encoding="ascii")
