"""A telephone that watches lamps (RFC 4235: dialog event package) until the test ends."""

from contextlib import suppress
from pathlib import Path

from tests.kit.sip_messages import Message
from tests.kit.sip_scenarios import SELF, grab, scenario, send
from tests.kit.sipp import Sipp, free_udp_port


def lamp(number: str, watched: str) -> str:
    """``number`` SUBSCRIBEs to the lamp of ``watched`` and answers every NOTIFY."""
    ok = send(
        f"""SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
{SELF}
Content-Length: 0
""",
        next="watching",
    )
    return scenario(
        send(
            f"""SUBSCRIBE sip:{watched}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]s[call_number]
To: <sip:{watched}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 SUBSCRIBE
{SELF}
Event: dialog
Accept: application/dialog-info+xml
Expires: 300
Max-Forwards: 70
Content-Length: 0
""",
            retrans=True,
        )
        + f"""<label id="watching"/>
<recv response="200" optional="true" next="watching"/>
<recv request="NOTIFY"><action>{grab("CSeq", "cseq")}</action></recv>
{ok}<Reference variables="cseq"/>
"""
    )


class Lamp(Sipp):
    """A key of the telephone ``number`` with a lamp that watches ``watched``."""

    def __init__(self, folder: Path, sip_port: int, number: str, watched: str) -> None:
        super().__init__(folder, lamp(number, watched), port=free_udp_port(), server=sip_port)

    @property
    def states(self) -> list[str]:
        """What it was told so far: ``confirmed`` (lit), ``terminated`` (dark)."""
        return [state(message) for message in self.messages if message.method == "NOTIFY"]

    def shows(self, *states: str) -> None:
        """Wait until these, and no others, are what it was told. AssertionError when they are not."""
        with suppress(AssertionError):
            self.until(lambda: len(self.states) >= len(states), "lamp")
        assert self.states == list(states)


def state(notify: Message) -> str:
    """Of the watched extension; a telephone turns its lamp on at ``confirmed``."""
    return notify.text.partition("<state>")[2].partition("</state>")[0]
