"""Callers who press keys."""

import re
from pathlib import Path
from typing import Self

from tests.kit import sip_scenarios as scenarios
from tests.kit.rtp_keys import Keypad
from tests.kit.sip import Caller
from tests.kit.sipp import free_udp_port


class KeyCaller(Caller):
    """A caller with a keypad."""

    def __init__(self, folder: Path, scenario: str, *, server: int) -> None:
        self.keypad = Keypad()
        scenario = scenario.replace("[media_port]", str(self.keypad.port))
        super().__init__(folder, scenario, port=free_udp_port(), server=server)

    def end(self) -> None:
        """End the process, and unplug the keypad."""
        super().end()
        self.keypad.close()

    @property
    def other_port(self) -> int:
        """Where Asterisk listens; waits for the answer."""
        found = re.search(r"^m=audio (\d+) ", self.answered(200).text, re.MULTILINE)
        assert found, self.answered(200).text
        return int(found[1])

    def speak(self) -> Self:
        """Be heard, once the call is answered."""
        self.keypad.speak(self.other_port)
        return self

    def press(self, keys: str) -> Self:
        """Press ``keys``, once the call is answered."""
        self.keypad.press(keys, self.other_port)
        return self


def key_caller(folder: Path, sip_port: int, to: str, number: str = "5551001", name: str = "Carla") -> KeyCaller:
    """Somebody outside calls ``to`` and stays until the other side hangs up, or ``hang_up()``."""
    return KeyCaller(folder, scenarios.caller(to, number, name), server=sip_port)
