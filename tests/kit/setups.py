"""Setups of any shape as documents of ``lots.setup_file``, for property tests."""

from typing import Any

from hypothesis import strategies as st

from lots.config.gate import UnsafeValue, check_name, check_text
from lots.setup_file import fields

GROUPS, USERS = ("Administrators", "Night shift", "Zoë & co"), ("ann", "ben")
RECORDINGS = [("Jazz", "a" * 64), ("Jazz", "b" * 64), ("Wir sind gleich da …", "c" * 64)]
"""Title and hash of what was uploaded before."""


def _is_name(name: str) -> bool:
    try:
        check_name("", name)
    except UnsafeValue:
        return False
    return True


def _is_plain(text: str) -> bool:
    try:
        check_text("", text, longest=99)
    except UnsafeValue:
        return False
    return True


LABELS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40)
PLAIN = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20).filter(_is_plain)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True).filter(_is_name)
DIGITS = st.from_regex(r"[1-9][0-9]{2,5}", fullmatch=True)
RECORDING = st.sampled_from([{"title": title, "file": digest} for title, digest in RECORDINGS])
SOUND = st.sampled_from(["", "beep", "pls-hold-while-try"])
TIMES = st.times().map(lambda time: time.replace(microsecond=0).isoformat("auto" if time.second else "minutes"))
SIDES = st.sampled_from(["no", "caller", "callee", "both"])
RIGHTS = st.lists(
    st.fixed_dictionaries({"group": st.sampled_from(GROUPS), **dict.fromkeys(fields.RIGHT, st.booleans())}),
    max_size=3,
    unique_by=lambda right: right["group"],
).map(lambda rights: sorted(rights, key=lambda right: right["group"]))


AGES = st.none() | st.integers(1, 3600)
"""Seconds from which a call is said to wait long, or to go back soon."""


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A whole setup that the portal takes, exactly as it would be exported."""
    numbers = sorted(draw(st.lists(DIGITS, max_size=4, unique=True)))
    names = sorted(draw(st.lists(NAMES, max_size=4, unique=True)))
    music = [draw(_music(name)) for name in sorted(draw(st.lists(NAMES, max_size=2, unique=True)))]
    managed, found = names[:3], names[3:]
    return {
        "format": fields.FORMAT,
        "version": fields.VERSION,
        "pbx": {"phone_contexts": draw(st.sampled_from(["phones", "phones desk_1"])), "trunk_contexts": "outside"},
        "phones": [draw(_phone(number)) for number in numbers],
        "music": music,
        "zones": [draw(_zone(label, numbers)) for label in sorted(draw(st.lists(LABELS, max_size=2, unique=True)))],
        "lots": [draw(_lot(at, managed, numbers, [one["name"] for one in music])) for at in range(len(managed))],
        "found_lots": [draw(_found(name)) for name in found],
    }


def _phone(number: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "number": st.just(number),
            "name": LABELS,
            "device": st.just(f"PJSIP/{number}"),
            "brand": st.sampled_from(["generic", "yealink", "snom"]),
            "owner": st.sampled_from([None, *USERS]),
        }
    )


def _music(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": st.just(name),
            "label": LABELS,
            "kind": st.sampled_from(["uploads", "directory", "stream"]),
            "directory": st.just("/var/lib/asterisk/moh"),
            "stream": st.just("https://radio.example/jazz.mp3"),
            "decoder": st.sampled_from(["ffmpeg", "mpg123"]),
            "sort": st.sampled_from(["alpha", "random", "randstart"]),
            "tracks": st.lists(RECORDING, max_size=3),
        }
    )


def _zone(label: str, numbers: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    quiet = st.one_of(st.just((None, None)), st.tuples(TIMES, TIMES).filter(lambda times: times[0] != times[1]))
    zone = st.fixed_dictionaries(
        {
            "label": st.just(label),
            "overhead": st.sampled_from(["", "PJSIP/overhead"]),
            "multicast": st.sampled_from(["", "239.255.0.1:5004"]),
            "text": st.sampled_from(["", "call for {name}, line {slot}"]),
            "quiet": quiet,
            "gap": st.integers(0, 3600),
            "repeats": st.integers(0, 5),
            "members": _some(numbers),
            "recording": st.none() | RECORDING,
        }
    )
    return zone.map(_with_times)


def _with_times(zone: dict[str, Any]) -> dict[str, Any]:
    """In the order of an export."""
    zone["quiet_from"], zone["quiet_until"] = zone.pop("quiet")
    return {name: zone[name] for name in (*fields.ZONE, "members", "recording")}


def _some(values: list[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    if not values:
        return st.just([])
    most = min(3, len(values))
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True).map(sorted)


@st.composite
def _lot(draw: st.DrawFn, at: int, names: list[str], numbers: list[str], music: list[str]) -> dict[str, Any]:
    """Lots keep apart: 100 numbers each."""
    start, others = 1000 + 100 * at, [name for name in names if name != names[at]]
    last = draw(st.integers(start + 1, start + 90))
    timeout = draw(st.just(0) | st.integers(10, 3600))
    full = draw(st.sampled_from(["parker", "fallback", *(["overflow"] if others else [])]))
    slots = draw(st.lists(st.integers(start + 1, last), max_size=3, unique=True).map(sorted))
    return {
        "name": names[at],
        "label": draw(LABELS),
        "description": draw(st.sampled_from(["", "Two\nlines, “quoted”"])),
        "on_board": draw(st.booleans()),
        "first_slot": start + 1,
        "last_slot": last,
        "next_slot": draw(st.booleans()),
        "park_code": str(start),
        "retrieve_code": draw(st.sampled_from(["", "*85"])),
        "next_code": draw(st.sampled_from(["", f"*9{at}"])),
        "separate": draw(st.booleans()),
        "timeout": timeout,
        "reminder": draw(st.integers(0, max(0, timeout - 1))) if timeout else 0,
        "ring_parker": draw(st.integers(0, 300)),
        "prefix_text": draw(PLAIN),
        "prefix_slot": draw(st.booleans()),
        "prefix_number": draw(st.booleans()),
        "prefix_name": draw(st.booleans()),
        "alert_info": draw(st.sampled_from(["", "<http://x/y>;info=ring2"])),
        "message": draw(SOUND),
        "when_full": full,
        "announce": draw(st.booleans()),
        "courtesy_tone": draw(SOUND),
        "courtesy_to": draw(SIDES),
        "transfers": draw(SIDES),
        "reparking": draw(SIDES),
        "long_after": draw(AGES),
        "soon_before": draw(AGES),
        "message_recording": draw(st.none() | RECORDING),
        "overflow": draw(st.sampled_from(others)) if full == "overflow" else None,
        "music": draw(st.sampled_from([None, *music])),
        "fallback": draw(_steps(others, numbers)),
        "outside_numbers": [f"+4930{at}{digits}" for digits in sorted(draw(st.lists(DIGITS, max_size=2, unique=True)))],
        "pin": draw(st.booleans()),
        "slot_names": {str(slot): draw(LABELS) for slot in slots},
        "rights": draw(RIGHTS),
    }


def _steps(others: list[str], numbers: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    seconds = st.integers(1, 300)
    kinds = [
        _step("voicemail", seconds, mailbox=st.sampled_from(["201", "201@default"])),
        _step("location", seconds, location=st.just("ivr,s,1")),
    ]
    if numbers:
        one = st.sampled_from(numbers).map(lambda number: [number])
        kinds += [_step("phone", seconds, phones=one), _step("group", seconds, phones=_some(numbers, 1))]
    if others:
        kinds.append(_step("lot", seconds, lot=st.sampled_from(others)))
    return st.lists(st.one_of(kinds), max_size=3)


def _step(kind: str, seconds: Any, **own: Any) -> st.SearchStrategy[dict[str, Any]]:
    nothing = {"mailbox": st.just(""), "location": st.just(""), "phones": st.just([]), "lot": st.none()}
    return st.fixed_dictionaries({"kind": st.just(kind), "seconds": seconds, **nothing, **own})


def _found(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": st.just(name),
            "label": LABELS,
            "on_board": st.booleans(),
            "long_after": AGES,
            "soon_before": AGES,
            "slot_names": st.dictionaries(st.integers(1, 999).map(str), LABELS, max_size=2).map(
                lambda names: dict(sorted(names.items(), key=lambda item: int(item[0])))
            ),
            "rights": RIGHTS,
        }
    )
