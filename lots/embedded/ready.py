"""Waiting until Asterisk can be used: AMI answers, and the login is told FullyBooted."""

import socket
import time
from collections.abc import Callable

from lots.embedded.config import LOOPBACK, Account

PAUSE = 0.02
"""Seconds between two attempts to connect; nothing announces a listening port."""


def wait_booted(port: int, account: Account, alive: Callable[[], bool], deadline: float) -> bool:
    """Whether Asterisk said FullyBooted to ``account`` before ``deadline`` (monotonic seconds), while ``alive``."""
    while alive() and time.monotonic() < deadline:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1) as sock:
                if _greeted(sock, account, deadline):
                    return True
        except OSError:
            time.sleep(PAUSE)
    return False


def _greeted(sock: socket.socket, account: Account, deadline: float) -> bool:
    login = f"Action: Login\r\nUsername: {account.name}\r\nSecret: {account.secret}\r\nEvents: on\r\n\r\n"
    sock.sendall(login.encode())
    heard = b""
    while b"Event: FullyBooted" not in heard:
        sock.settimeout(max(0.01, deadline - time.monotonic()))
        chunk = sock.recv(4096)
        if not chunk:
            return False
        heard += chunk
    return heard.startswith(b"Asterisk Call Manager")
