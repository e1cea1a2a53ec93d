"""The numbers people outside dial to be connected with a parked call, past a PIN where the lot has one.

All of it is one routine of the dialplan, shared by all lots, so that no lot's words or pace differ from another's.
Nothing that a caller sent is ever part of an expression: the caller's number and every key they press pass
``FILTER()`` first, and what is left are digits, letters and ``+``. The name of the context has an underscore, which
no lot's name can have.
"""

from lots.config.conf import Section, exten, routine
from lots.config.outside_locks import LOCK_ROUTINES
from lots.config.pin import NESTED, TURNS
from lots.config.setup import Lot, Setup

OUTSIDE = "parkinglot-outside"
"""The context that trunks include."""
DOOR = f"{OUTSIDE}_door"
"""The routine. Variables: PL_NUMBER that was dialled, PL_LOT, PL_FIRST and PL_LAST slot, PL_CALLER's number."""
TRIES = 3
"""For the PIN in one call, and for the slot."""
PATIENCE = 6
"""Seconds to wait for the first and for each further key."""


MUTEX = "parkinglot-door-${PL_LOT}"
_RELEASE = f"Set(PL_UNLOCKED=${{UNLOCK({MUTEX})}})"


def outside_sections(setup: Setup) -> tuple[Section, ...]:
    """The context trunks include: every number of every lot. It is there, though empty, when no lot has a number."""
    numbers = (_number(lot, number) for lot in setup.lots for number in lot.door.numbers)
    return (Section(OUTSIDE, tuple(exten(number, 1, application) for number, application in numbers)),)


def _number(lot: Lot, number: str) -> tuple[str, str]:
    door = lot.door
    arguments = (number, lot.name, str(lot.first), str(lot.last), door.pin_salt, door.pin_hash)
    return number, f"Gosub({DOOR},s,1({','.join(arguments)}))"


def _hashed(value: str, rounds: int) -> str:
    """``value`` after so many rounds, as an expression of the dialplan."""
    return value if rounds == 0 else f"${{SHA1(${{ARG5}}{_hashed(value, rounds - 1)})}}"


_START = routine(
    "s",
    (
        "Set(PL_NUMBER=${ARG1})",
        "Set(PL_LOT=${ARG2})",
        "Set(PL_FIRST=${ARG3})",
        "Set(PL_LAST=${ARG4})",
        "Set(PL_CALLER=${FILTER(0-9A-Za-z+,${CALLERID(num)}):0:32})",
        'Set(PL_CALLER=${IF($["${PL_CALLER}" = ""]?anonymous:${PL_CALLER})})',
        "Set(PL_TRY=1)",
        # Lots may let who takes a call transfer it by keys: from outside that leads nowhere, or it were free calls.
        f"Set(TRANSFER_CONTEXT={DOOR})",
        "Answer(500)",
        'GotoIf($["${ARG6}" = ""]?calls,1)',
        "Gosub(locked,1)",
        "GotoIf(${GOSUB_RETVAL}?refused,1)",
        # 13 keys: a PIN of 12 and the # behind it
        ("ask", f"Read(PL_TYPED,${{IF($[${{PL_TRY}} = 1]?agent-pass:auth-incorrect)}},13,,1,{PATIENCE})"),
        # From here to the count only one call of the lot at a time: many at once would be many guesses for one lock.
        f'GotoIf($["${{LOCK({MUTEX})}}" = "0"]?refused,1)',
        "Gosub(locked,1)",
        "GotoIf(${GOSUB_RETVAL}?release)",
        # The keys themselves are in no application's data: not in call records, not in the log at its usual level.
        "Set(PL_NOTHING=${ISNULL(${FILTER(0-9,${PL_TYPED})})})",
        f"Set(PL_HASH={_hashed('${FILTER(0-9,${PL_TYPED})}', 1)})",
        "Set(PL_TYPED=)",
        "Set(PL_TURN=1)",
        ("turn", f"Set(PL_HASH={_hashed('${PL_HASH}', NESTED)})"),
        "Set(PL_TURN=$[${PL_TURN} + 1])",
        f"GotoIf($[${{PL_TURN}} <= {TURNS}]?turn)",
        'GotoIf($["${PL_HASH}" = "${ARG6}"]?right,1)',
        "Gosub(wrong,1)",
        _RELEASE,
        "Set(PL_TRY=$[${PL_TRY} + 1])",
        f"GotoIf($[${{PL_TRY}} <= {TRIES}]?ask)",
        "Playback(vm-incorrect&vm-goodbye)",
        "Hangup()",
        ("release", _RELEASE),
        "Goto(refused,1)",
    ),
)
"""Arguments: the number, the lot, its first and last slot, salt and hash of its PIN or nothing."""

_REFUSED = routine(
    "refused",
    ("Gosub(log,1(locked))", "Playback(im-sorry&please-try-call-later&vm-goodbye)", "Hangup()"),
)

_RIGHT = routine(
    "right",
    ("Gosub(forgive,1)", _RELEASE, "Goto(calls,1)"),
)

_CALLS = routine(
    "calls",
    (
        "Set(PL_FOUND=)",
        "Set(PL_SLOT=${PL_FIRST})",
        ("look", "GotoIf(${ISNULL(${PARK_GET_CHANNEL(${PL_SLOT},${PL_LOT})})}?next)"),
        'GotoIf($["${PL_FOUND}" != ""]?several,1)',
        "Set(PL_FOUND=${PL_SLOT})",
        ("next", "Set(PL_SLOT=$[${PL_SLOT} + 1])"),
        "GotoIf($[${PL_SLOT} <= ${PL_LAST}]?look)",
        'GotoIf($["${PL_FOUND}" = ""]?nothing)',
        "Gosub(log,1(opened))",
        "ParkedCall(${PL_LOT},${PL_FOUND})",
        ("nothing", "Gosub(log,1(nothing))"),
        "Playback(pbx-invalidpark&vm-goodbye)",
        "Hangup()",
    ),
)
"""Looks until it has found two. ``ParkedCall`` does not come back."""

_SEVERAL = routine(
    "several",
    (
        "Gosub(log,1(opened))",
        "Set(PL_TRY=1)",
        "Set(PL_PROMPT=vm-enter-num-to-call)",
        ("ask", f"Read(PL_TYPED,${{PL_PROMPT}},${{LEN(${{PL_LAST}})}},,1,{PATIENCE})"),
        "Set(PL_SLOT=0${FILTER(0-9,${PL_TYPED})})",
        "GotoIf(${ISNULL(${PARK_GET_CHANNEL(${PL_SLOT},${PL_LOT})})}?wrong)",
        "ParkedCall(${PL_LOT},$[${PL_SLOT} + 0])",
        ("wrong", "Set(PL_PROMPT=pbx-invalidpark)"),
        "Set(PL_TRY=$[${PL_TRY} + 1])",
        f"GotoIf($[${{PL_TRY}} <= {TRIES}]?ask)",
        "Playback(pbx-invalidpark&vm-goodbye)",
        "Hangup()",
    ),
)
"""Calls outside the lot's range (it was changed while they waited) are reached by their number as well."""

_LOG = routine(
    "log",
    (
        "UserEvent(ParkinglotDoor,Lot: ${PL_LOT},Number: ${PL_NUMBER},Caller: ${PL_CALLER},Result: ${ARG1})",
        "Return()",
    ),
)

OUTSIDE_ROUTINES: tuple[Section, ...] = (
    Section(DOOR, (*_START, *_REFUSED, *_RIGHT, *_CALLS, *_SEVERAL, *_LOG, *LOCK_ROUTINES)),
)
