"""A lamp of a desk phone: it subscribes to an extension and lights as Asterisk says (RFC 4235, ``Event: dialog``)."""

import queue
import re
import socket
import threading
from typing import Self

from tests.kit.ami import PATIENCE
from tests.kit.sip_messages import Message
from tests.kit.sipp import LOOPBACK


class Lamp:
    """Of the telephone ``phone`` (203 to 205, which need no password) for ``exten``. Subscribed once, never again."""

    def __init__(self, sip_port: int, exten: str, phone: str = "203") -> None:
        self._exten, self._phone, self._server = exten, phone, (LOOPBACK, sip_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._heard: queue.Queue[Message] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.told: list[str] = []
        """What each NOTIFY said: the state of the slot, or why the subscription ended."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._send(self._subscribe())
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def becomes(self, state: str) -> None:
        """Wait until the lamp is ``dark`` or ``lit``; AssertionError when the subscription ends."""
        while not self.told or self.told[-1] != state:
            message = self._heard.get(timeout=PATIENCE)
            self.told.append(_meaning(message))
            assert not self.told[-1].startswith("ended"), self.told

    def _subscribe(self) -> str:
        port = self._socket.getsockname()[1]
        return "\r\n".join(
            [
                f"SUBSCRIBE sip:{self._exten}@{LOOPBACK}:{self._server[1]} SIP/2.0",
                f"Via: SIP/2.0/UDP {LOOPBACK}:{port};branch=z9hG4bK-{self._exten}-{port};rport",
                f"From: <sip:{self._phone}@{LOOPBACK}>;tag=lamp{port}",
                f"To: <sip:{self._exten}@{LOOPBACK}>",
                f"Call-ID: lamp-{self._exten}-{port}",
                "CSeq: 1 SUBSCRIBE",
                f"Contact: <sip:{self._phone}@{LOOPBACK}:{port}>",
                "Max-Forwards: 70",
                "Event: dialog",
                "Accept: application/dialog-info+xml",
                "Expires: 3600",
                "Content-Length: 0",
                "",
                "",
            ]
        )

    def _send(self, text: str) -> None:
        self._socket.sendto(text.encode(), self._server)

    def _listen(self) -> None:
        while True:
            try:
                message = Message(sent=False, text=self._socket.recv(65536).decode("utf-8", "replace"))
                if message.method == "NOTIFY":
                    self._send(_ok(message))
            except OSError:
                return  # unplugged
            if message.method == "NOTIFY" or message.status >= 300:
                self._heard.put(message)


def _ok(message: Message) -> str:
    names = ("Via", "From", "To", "Call-ID", "CSeq")
    return "\r\n".join(
        ["SIP/2.0 200 OK", *(f"{name}: {message.header(name)}" for name in names), "Content-Length: 0", "", ""]
    )


def _meaning(message: Message) -> str:
    if message.status:
        return f"ended: {message.start}"
    if message.header("Subscription-State").startswith("terminated"):
        return f"ended: {message.header('Subscription-State')}"
    found = re.search(r"<state[^>]*>(\w+)</state>", message.text)
    return {"terminated": "dark", "confirmed": "lit"}.get(found[1] if found else "", message.text)
