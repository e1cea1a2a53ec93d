"""Locks of the outside numbers, as routines of the dialplan: they live in Asterisk's database and outlast all of us.

A record is ``count-until-last``: failed calls that still count, when the lock ends, when the last failure was (Unix
time). One is kept for each caller of a lot, one for the lot. A failed call is one with a wrong PIN and no right one
after it: it is counted at the first wrong PIN, since a caller may hang up any time, and forgiven when the right one
follows. Old failures stop counting one by one. A call is not refused because of its own failures, but because of
those of any other call, also one that goes on beside it.
"""

from dataclasses import dataclass

from lots.config.conf import Line, routine

FAMILY = "parkinglot-door"
"""Of AstDB. Keys: ``caller/<lot>/<caller>`` and ``lot/<lot>``."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How a lock grows: ``free`` failures cost nothing, the next one ``FIRST`` seconds, each further one twice that."""

    free: int
    longest: int
    """Seconds."""
    forget: int
    """Seconds without a failure after which one failure less counts."""


FIRST = 60
"""Seconds of the first lock."""
DOUBLINGS = 11
"""More would change no lock: the longest has long been reached."""
CALLER = Growth(free=0, longest=86_400, forget=86_400)
LOT = Growth(free=4, longest=3600, forget=3600)

CALLER_KEY, LOT_KEY = "caller/${PL_LOT}/${PL_CALLER}", "lot/${PL_LOT}"


def _count(key: str, growth: Growth) -> str:
    return f"Gosub(count,1({key},{growth.free},{growth.longest},{growth.forget}))"


def _field(number: int) -> str:
    """A field of PL_RECORD as a number, whatever the record is."""
    return f"0${{FILTER(0-9,${{CUT(PL_RECORD,-,{number})}})}}"


def _is_locked(key: str, own: str) -> tuple[str, ...]:
    """Puts 1 into PL_LOCKED when ``key`` is locked by another call than this one."""
    return (
        f"Set(PL_RECORD=${{DB({FAMILY}/{key})}})",
        f"Set(PL_UNTIL={_field(2)})",
        f"Set(PL_LOCKED=$[${{PL_LOCKED}} | (${{PL_UNTIL}} > ${{EPOCH}} & ${{PL_UNTIL}} != 0${{{own}}})])",
    )


_LOCKED = routine(
    "locked",
    (
        "Set(PL_LOCKED=0)",
        *_is_locked(CALLER_KEY, "PL_OWN_CALLER"),
        *_is_locked(LOT_KEY, "PL_OWN_LOT"),
        "Return(${PL_LOCKED})",
    ),
)
"""Returns 1 while this caller, or everybody, is refused."""

_WRONG = routine(
    "wrong",
    (
        "GotoIf(${PL_NOTHING}?done)",  # no key is no guess
        "Gosub(log,1(wrong))",
        'GotoIf($["${PL_OWN_LOT}" != ""]?done)',
        _count(CALLER_KEY, CALLER),
        "Set(PL_OWN_CALLER=${GOSUB_RETVAL})",
        _count(LOT_KEY, LOT),
        "Set(PL_OWN_LOT=${GOSUB_RETVAL})",
        "Gosub(sweep,1)",
        ("done", "Return()"),
    ),
)

_LEFT = routine(
    "left",
    (
        f"Set(PL_RECORD=${{DB({FAMILY}/${{ARG1}})}})",
        f"Set(PL_AGE=$[${{EPOCH}} - {_field(3)}])",
        f"Set(PL_COUNT=$[{_field(1)} - ${{MATH(${{PL_AGE}}/${{ARG2}},int)}}])",
        "Return(${IF($[${PL_COUNT} < 0]?0:${PL_COUNT})})",
    ),
)
"""Arguments: key, seconds to forget a failure. Returns how many failures still count."""

_COUNT = routine(
    "count",
    (
        "Gosub(left,1(${ARG1},${ARG4}))",
        "Set(PL_COUNT=$[${GOSUB_RETVAL} + 1])",
        "Set(PL_OVER=$[${PL_COUNT} - ${ARG2}])",
        "Set(PL_UNTIL=0)",
        "GotoIf($[${PL_OVER} <= 0]?put)",
        f"Set(PL_OVER=${{IF($[${{PL_OVER}} > {DOUBLINGS + 1}]?{DOUBLINGS + 1}:${{PL_OVER}})}})",
        "Set(PL_COUNT=$[${PL_OVER} + ${ARG2}])",
        f"Set(PL_SECONDS=${{MATH({FIRST // 2}<<${{PL_OVER}},int)}})",
        "Set(PL_SECONDS=${IF($[${PL_SECONDS} > ${ARG3}]?${ARG3}:${PL_SECONDS})})",
        "Set(PL_UNTIL=$[${EPOCH} + ${PL_SECONDS}])",
        ("put", f"Set(DB({FAMILY}/${{ARG1}})=${{PL_COUNT}}-${{PL_UNTIL}}-${{EPOCH}})"),
        "Return(${PL_UNTIL})",
    ),
)
"""Arguments: key, free failures, longest lock, seconds to forget one. Returns when the lock ends; 0: there is none."""

_SWEEP = routine(
    "sweep",
    (
        f"Set(PL_KEYS=${{DB_KEYS({FAMILY}/caller/${{PL_LOT}})}})",
        ("next", "Set(PL_KEY=${FILTER(0-9A-Za-z+,${SHIFT(PL_KEYS)})})"),
        'GotoIf($["${PL_KEY}" = ""]?done)',
        f"Gosub(left,1(caller/${{PL_LOT}}/${{PL_KEY}},{CALLER.forget}))",
        "GotoIf($[${GOSUB_RETVAL} > 0]?next)",
        f"Set(PL_GONE=${{DB_DELETE({FAMILY}/caller/${{PL_LOT}}/${{PL_KEY}})}})",
        "Goto(next)",
        ("done", "Return()"),
    ),
)
"""Numbers can be made up: records that no longer count go, or a patient caller would fill the database."""

_FORGIVE = routine(
    "forgive",
    (
        f"Set(PL_GONE=${{DB_DELETE({FAMILY}/{CALLER_KEY})}})",
        'GotoIf($["${PL_OWN_LOT}" = ""]?done)',
        f"Gosub(left,1({LOT_KEY},{LOT.forget}))",
        "Set(PL_COUNT=$[${GOSUB_RETVAL} - 1])",
        f"Set(PL_UNTIL={_field(2)})",
        "Set(PL_UNTIL=${IF($[${PL_UNTIL} = 0${PL_OWN_LOT}]?0:${PL_UNTIL})})",
        "GotoIf($[${PL_COUNT} > 0 | ${PL_UNTIL} > ${EPOCH}]?put)",
        f"Set(PL_GONE=${{DB_DELETE({FAMILY}/{LOT_KEY})}})",
        "Return()",
        ("put", f"Set(DB({FAMILY}/{LOT_KEY})=${{PL_COUNT}}-${{PL_UNTIL}}-${{EPOCH}})"),
        ("done", "Return()"),
    ),
)
"""The right PIN: the caller's failures are forgotten, and the lot's one that was this call's."""

LOCK_ROUTINES: tuple[Line, ...] = (*_LOCKED, *_WRONG, *_LEFT, *_COUNT, *_SWEEP, *_FORGIVE)
