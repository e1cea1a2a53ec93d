"""A lot as somebody else's res_parking.conf has it -> the settings of a lot of ours. PURE.

Options and their defaults are res_parking's own (``aco_option_register`` in res/res_parking.c).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lots.config import gate
from lots.config.gate import UnsafeValue
from lots.config.setup import Side
from lots.config.stock import YES, slots_of
from lots.types.words import gettext_noop

LONGEST = 3600
"""Seconds a lot of ours may wait."""
CODE = "700"
Value = str | int | bool
Note = tuple[str, str]
"""A code of ``NOTES``, and what it is about."""

NOTES = {
    "no_code": gettext_noop("It has no park code; {value} becomes its code."),
    "code": gettext_noop("Its park code {value} cannot be used here: a code is 1 to 12 digits, * and #. Choose one."),
    "slots": gettext_noop("Its slots {value} cannot be used here: at most 1000 in a row. Choose them."),
    "time": gettext_noop("Its timeout of {value} s is longer than one here may be; it becomes an hour."),
    "left_out": gettext_noop("{value} cannot be used here, and is left out."),
    "place": gettext_noop(
        "Calls that waited too long go to the context {value} today, to an extension for each parker where there "
        "is one. Here they go to its extension s."
    ),
    "stays": gettext_noop(
        "{value} cannot be set here. It stays as it is as long as that line stays in the PBX's own file."
    ),
    "context": gettext_noop(
        "Phones dial it in the context {value} today. Once it is published its numbers are in the context "
        "parkinglot, and lines for its lamps in extensions.conf can go."
    ),
    "unknown": gettext_noop("{value} is not known here."),
}
"""What a person should know, in English; the admin translates."""

SIDES = {"parkedcalltransfers": "transfers", "parkedcallreparking": "reparking"}
STAYS = ("parkedcallhangup", "parkedcallrecording")
FIELDS = {
    "parkext": "park_code",
    "parkpos": "first_slot",
    "parkingtime": "timeout",
    "findslot": "next_slot",
    "courtesytone": "courtesy_tone",
    "parkedplay": "courtesy_to",
    "parkedmusicclass": "music",
    **SIDES,
}
"""Options that are fields of a lot of ours."""
OTHERWISE = frozenset(
    {"context", "parkext_exclusive", "parkinghints", "comebacktoorigin", "comebackdialtime", "comebackcontext"}
)
"""Options whose work is done in another way here."""


@dataclass(frozen=True, slots=True)
class Taken:
    """``values`` by the name of the field."""

    values: dict[str, Value] = field(default_factory=dict)
    music: str | None = None
    """A class the PBX has, ``""``: its default; None: nothing was said of it."""
    location: str = ""
    """Where a call goes that waited too long; ``""``: to the parker."""
    notes: tuple[Note, ...] = ()


def take(options: Mapping[str, str]) -> Taken:
    """A whole lot; what it does not say is Asterisk's default."""
    origin = options.get("comebacktoorigin", "yes").lower() in YES
    place = options.get("comebackcontext", "parkedcallstimeout")
    filled = {"parkext": "", "parkpos": "701-750", "parkingtime": "45", "parkedmusicclass": "", **options}
    found = changed(filled)
    location = "" if origin or _refused(gate.check_context, place) else f"{place},s,1"
    notes = [*found.notes, *([] if origin else [("place", place)]), ("context", options.get("context", "parkedcalls"))]
    ring = _whole(options.get("comebackdialtime", "30")) if origin else 0
    values: dict[str, Value] = {"ring_parker": min(ring if ring is not None else 30, 300), **found.values}
    return Taken(values, found.music, location, (*notes, *_foreign(options)))


def changed(options: Mapping[str, str]) -> Taken:
    """Only what these options say; those done in another way here are passed over."""
    values: dict[str, Value] = {}
    notes: list[Note] = []
    for name, value in options.items():
        if name in FIELDS and name != "parkedmusicclass":
            found, note = READERS[name](value)
            values |= found
            notes += [note] if note else []
    music = options.get("parkedmusicclass")
    if music and _refused(gate.check_class, music):
        music, notes = None, [*notes, ("left_out", f"parkedmusicclass = {music}")]
    return Taken(values, music, "", tuple(notes))


def _foreign(options: Mapping[str, str]) -> Iterator[Note]:
    for name, value in options.items():
        if name in STAYS and value != "no":
            yield "stays", f"{name} = {value}"
        elif name not in FIELDS and name not in OTHERWISE and name not in STAYS:
            yield "unknown", f"{name} = {value}"


def _refused(check: Callable[[str, str], None], value: str) -> bool:
    try:
        check("", value)
    except UnsafeValue:
        return True
    return False


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


Read = tuple[dict[str, Value], Note | None]


def _code(value: str) -> Read:
    if not value:
        return {"park_code": CODE}, ("no_code", CODE)
    return ({}, ("code", value)) if _refused(gate.check_code, value) else ({"park_code": value}, None)


def _slots(value: str) -> Read:
    slots = slots_of(value)
    if slots is None or not 0 < slots[0] <= slots[1] <= gate.HIGHEST_SLOT or slots[1] - slots[0] >= gate.MOST_SLOTS:
        return {}, ("slots", value)
    return {"first_slot": slots[0], "last_slot": slots[1]}, None


def _time(value: str) -> Read:
    seconds = _whole(value)
    if seconds is None:
        return {}, ("left_out", f"parkingtime = {value}")
    return {"timeout": min(seconds, LONGEST)}, ("time", value) if seconds > LONGEST else None


def _order(value: str) -> Read:
    return {"next_slot": value == "next"}, None


def _tone(value: str) -> Read:
    if _refused(gate.check_sound, value):
        return {}, ("left_out", f"courtesytone = {value}")
    return {"courtesy_tone": value}, None


def _side(name: str, option: str) -> Callable[[str], Read]:
    def read(value: str) -> Read:
        if value not in list(Side):
            return {}, ("left_out", f"{option} = {value}")
        return {name: value}, None

    return read


READERS: Mapping[str, Callable[[str], Read]] = {
    "parkext": _code,
    "parkpos": _slots,
    "parkingtime": _time,
    "findslot": _order,
    "courtesytone": _tone,
    "parkedplay": _side("courtesy_to", "parkedplay"),
    **{option: _side(name, option) for option, name in SIDES.items()},
}
