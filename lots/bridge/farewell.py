"""A sentence for a parked caller who is then hung up on: what Asterisk is asked for, and what is written down.

Tried live on 16.28 and 22.10. A ``Redirect`` of the caller would tear out of their talk who was taken a moment ago, and
no check before it is late enough. So a channel of ours takes the call like any phone, through the dialplan's guard:
Asterisk itself lets one retriever have a call, and this one plays the sentence to whom it got, or to nobody. Its end
is the end of the call.
"""

from django.db import transaction

from lots.ami import OWN_CHANNEL_PREFIX
from lots.bridge.messages import News
from lots.config import gate
from lots.models import ParkedCall, Pbx
from lots.types.calls import Call

FAREWELL = f"{OWN_CHANNEL_PREFIX}farewell-"
"""How the Uniqueid of such a channel starts: a call it takes was ended, not answered."""
LONGEST = 200
"""Characters of a sentence; about 15 seconds."""
ANSWER = 5.0
"""Seconds the guard has to take the call; it takes milliseconds."""
BEFORE = "silence/1"
"""So that no syllable is lost while the music ends."""


def check(text: str) -> None:
    """Raises ``UnsafeValue`` for what cannot be said."""
    gate.check_phrase("Message", text, longest=LONGEST)


def other_half(leg: str) -> str:
    """The Uniqueid of the half that stands in the guard and takes the call; ``leg`` is the one that speaks."""
    return f"{leg}-2"


def originate(guard: str, call: Call, leg: str, address: str) -> list[tuple[str, str]]:
    """Headers of the Originate that takes ``call`` and plays the recording at ``address`` to it."""
    gate.check_context("Guard", guard)
    gate.check_sound("Recording", address, own=address.rpartition("/")[0] + "/")
    variables = {
        "PL_LOT": call.lot,
        "PL_SLOT": str(call.slot),
        "PL_UNIQUEID": call.uniqueid,
        "PL_NUMBER": "",
        "PL_NAME": "",
    }
    return [
        ("Channel", f"Local/s@{guard}/n"),
        ("ChannelId", leg),
        ("OtherChannelId", other_half(leg)),
        ("Application", "Playback"),
        ("Data", f"{BEFORE}&{address}"),
        ("Timeout", str(int(ANSWER * 1000))),
        ("Async", "true"),
        *(("Variable", f"{key}={value}") for key, value in variables.items()),
    ]


@transaction.atomic
def note(pbx: Pbx, uniqueid: str, text: str) -> list[News]:
    """What was said stays with the last stay of the call, whether that has ended already or not; no board shows it."""
    last = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid).order_by("-pk").first()
    if last is not None:
        ParkedCall.objects.filter(pk=last.pk).update(remark=text)
    return []
