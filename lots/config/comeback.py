"""What becomes of a call that waited too long: reminder, parker, fallback, and an ending the caller hears.

Asterisk's parking sends it to ``s`` in the lot's own comeback context, with ``PARKING_SPACE``, ``PARKEDLOT`` and
``PARKER`` set (parking_duration_callback in res/parking/parking_bridge_features.c). A lot with a reminder parks it
again at once, and names ``timeout`` as the place for the second time: so no mark on the call can grow stale.
``back`` and ``fallback`` are the doors for calls that found the lot full: to the parker first, or to the fallback.
"""

from collections.abc import Iterator

from lots.config.comeback_routines import COMEBACK, COMEBACK_ROUTINES, MORE, SINCE
from lots.config.conf import Section, routine
from lots.config.routines import call
from lots.config.setup import Lot, Step, StepKind

__all__ = ["COMEBACK_ROUTINES", "comeback_context", "comeback_sections", "first_wait"]

BACK = 20
"""Seconds a call that found the lot full rings a parker whom timed-out calls do not ring."""
TOGETHER = 8
"""Devices named in one line: the longest of them still fit."""


def comeback_context(lot: str) -> str:
    """Where calls of the lot called ``lot`` go that waited too long."""
    return f"{COMEBACK}-{lot}"


def first_wait(lot: Lot) -> int:
    """Seconds until Asterisk looks after a parked call for the first time; 0: never. ``parkingtime`` of the lot."""
    return lot.reminder if _reminds(lot) else lot.timeout


def _reminds(lot: Lot) -> bool:
    return lot.reminder > 0 and (lot.timeout == 0 or lot.reminder < lot.timeout)


def comeback_sections(lot: Lot) -> tuple[Section, ...]:
    """The context of one lot that timed-out calls enter."""
    lines = [
        *routine("s", _first(lot)),
        *routine("timeout", (_known(lot), *_parker(lot.ring_parker), "Goto(steps,1)")),
        *routine("back", (_call("full", lot.name), _known(lot), *_parker(lot.ring_parker or BACK), "Goto(steps,1)")),
        *routine("fallback", (_call("full", lot.name), _known(lot), "Goto(steps,1)")),
        *routine("steps", _steps(lot)),
        *routine("room", (call("room", lot.name, lot.first, lot.last), "Return(${GOSUB_RETVAL})")),
        *(routine("alert", (f"Set(PJSIP_HEADER(add,Alert-Info)={_alert(lot)})", "Return()")) if _alert(lot) else ()),
    ]
    return (Section(comeback_context(lot.name), tuple(lines), owner=f"lot:{lot.name}"),)


def _call(name: str, *args: object) -> str:
    return f"Gosub({COMEBACK},{name},1({','.join(map(str, args))}))"


def _alert(lot: Lot) -> str:
    return lot.alert_info.strip()


def _known(lot: Lot) -> str:
    """Learn who parked, and dress the call for the phones it will ring."""
    prefix = lot.prefix
    return _call("known", _head(lot), int(prefix.number), int(prefix.name), int(bool(_alert(lot))))


def _head(lot: Lot) -> str:
    """``P701``, but ``Parked 701``: what looks like a word is set apart."""
    text = lot.prefix.text.strip()
    apart = " " if len(text) > 2 else ""  # noqa: PLR2004
    return f"{text}{apart}${{PARKING_SPACE}}" if lot.prefix.slot else text


_FIRST_PARK = '${IF($["${PL_SINCE}" = ""]?${FILTER(0-9.,${CDR(start,u)})}:${FILTER(0-9.,${PL_SINCE})})}'


def _first(lot: Lot) -> tuple[str | tuple[str, str], ...]:
    """The first time. The call's record begins with its park, but only until the first step here is taken.

    It may be a later park than the first: then, as after more time (``MORE``), the call bears a mark of ours.
    """
    if not _reminds(lot):
        waited = f"$[${{STRFTIME(,,%s.%3q)}} - {lot.timeout}]"  # a PBX that keeps no records
        return (
            f"Set({SINCE}={_FIRST_PARK})",
            f'GotoIf($["${{{SINCE}}}" != ""]?kept)',
            f"Set({SINCE}={waited})",
            ("kept", "Set(PL_HOPS=0)"),
            ("again", "Goto(timeout,1)"),
        )
    return (
        f"Set({SINCE}={_FIRST_PARK})",
        "Set(PL_HOPS=0)",
        ("again", f'GotoIf($["${{{MORE}}}" = ""]?remind)'),
        f"Set({MORE}=)",
        "Goto(timeout,1)",
        ("remind", _known(lot)),
        f"Set(PL_WAITED={lot.reminder})",
        f"Set(PL_REST={lot.timeout - lot.reminder if lot.timeout else 0})",
        f"Goto({COMEBACK},remind,1)",
    )


def _parker(seconds: int) -> tuple[str, ...]:
    return (_call("parker", seconds),) if seconds else ()


def _steps(lot: Lot) -> Iterator[str]:
    if lot.message:
        yield f"Playback({lot.message})"  # a sound that is missing is passed over
    for step in lot.steps:
        yield from _step(step)
    yield f"Goto({COMEBACK},end,1)"


def _step(step: Step) -> Iterator[str]:
    match step.kind:
        case StepKind.PHONE | StepKind.GROUP:
            *more, last = ("&".join(step.devices[at : at + TOGETHER]) for at in range(0, len(step.devices), TOGETHER))
            yield from (_call("gather", devices) for devices in more)
            yield _call("ring", step.seconds, last)
        case StepKind.VOICEMAIL:
            yield _call("voicemail", step.mailbox)
        case StepKind.LOT:
            yield _call("park", step.lot)
        case StepKind.LOCATION:
            yield _call("location", step.context, step.exten, step.priority)
