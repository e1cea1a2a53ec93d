"""What Asterisk is asked for a retrieval: the phone's state first, then the Originate."""

from dataclasses import dataclass

from lots.ami import ActionRefused, AmiLink
from lots.bridge.messages import PhoneFacts
from lots.config.guard import GUARD
from lots.types.calls import Call

GUARDS = (GUARD, "parkinglot-retrieve")
"""Dialplan contexts that check the Uniqueid: the published one, else one written by hand where only watching is set up.
On a PBX with neither the parking application is used as it is."""


async def device_state(link: AmiLink, device: str) -> str:
    """Asterisk's word for the state of ``device``: NOT_INUSE, INUSE, BUSY, RINGING, UNAVAILABLE, INVALID, UNKNOWN ...

    Channel technologies that keep no state (Local) answer UNKNOWN or INVALID; only for PJSIP, SIP and IAX2
    the word is a reason not to ring.
    """
    reply = await link.send("Getvar", [("Variable", f"DEVICE_STATE({device})")])
    state = reply.headers.get("Value", "UNKNOWN")
    return "UNKNOWN" if device.startswith("Local/") else state


async def guard_of(link: AmiLink) -> str:
    """The guard the PBX has; ``""``: none."""
    for guard in GUARDS:
        try:
            await link.send("ShowDialPlan", [("Context", guard)])
        except ActionRefused as refused:
            # Any other refusal (an account that may not look, say) proves nothing: the last is asked for, and decides.
            if guard == GUARDS[-1] and "did not find context" not in str(refused).lower():
                return guard
        else:
            return guard
    return ""


@dataclass(frozen=True, slots=True)
class Leg:
    """The phone that is rung: what it shows of the caller, and the name of who picks it up."""

    phone: PhoneFacts
    channel_id: str
    shown: str
    name: str


async def originate_headers(link: AmiLink, call: Call, leg: Leg, ring: float) -> list[tuple[str, str]]:
    """Headers of the Originate that rings the phone for ``ring`` seconds, showing the caller."""
    common = [
        ("Channel", leg.phone["device"]),
        ("ChannelId", leg.channel_id),
        ("OtherChannelId", f"{leg.channel_id}-2"),
        ("CallerID", caller_id(leg.shown, call.caller.number)),
        ("Timeout", str(int(ring * 1000))),
        ("Async", "true"),
    ]
    guard = await guard_of(link)
    if not guard:
        return [*common, ("Application", "ParkedCall"), ("Data", f"{call.lot},{call.slot}")]
    variables = {
        "PL_LOT": call.lot,
        "PL_SLOT": str(call.slot),
        "PL_UNIQUEID": call.uniqueid,
        "PL_NUMBER": leg.phone["number"],
        "PL_NAME": plain(leg.name),
    }
    where = [("Context", guard), ("Exten", "s"), ("Priority", "1")]
    return [*common, *where, *(("Variable", f"{key}={value}") for key, value in variables.items())]


def caller_name(call: Call) -> str:
    """The caller in a word: the name, else the number, else the slot."""
    return plain(call.caller.name) or plain(call.caller.number) or f"{call.slot}"


def caller_id(name: str, number: str) -> str:
    """The caller as ``"Name" <number>`` for a phone's display; ``name`` is plain."""
    return f'"{name}" <{"".join(c for c in number if c.isalnum() or c in "+*#")}>'


def plain(text: str) -> str:
    """Names shown on phones: what could end a quoted name, a header or a variable becomes a space."""
    return "".join(" " if c in '"\\<>,;${}[]()\r\n\0' or not c.isprintable() else c for c in text).strip()[:60]
