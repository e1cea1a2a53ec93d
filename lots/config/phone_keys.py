"""Settings of desk phones, ready to paste: a key for each slot (lamp; parks or picks up), to park, and to take next.

Asterisk's side of it is ``public``: transferring a call to a slot's number parks it there, dialling the number picks
up, and its hint lights the lamp. So a key must *watch* the number, *dial* it when pressed, and *transfer* a call in
progress to it. The first key of a phone stays its line.

Where the names come from, and for which firmware:

* Yealink (T3x to T5x, firmware 80 and newer; Yealink's "Auto Provisioning Guide", parameters ``linekey.X.*`` and
  ``transfer.dsskey_deal_type``): type 16 is BLF, 13 speed dial; deal type 2 makes a key transfer blind.
* Grandstream (GRP26xx, firmware 1.0.5.15 and newer; the template of names that Grandstream gives away with it):
  ``pks.vpk.N.*``; keys must follow one another without a gap; descriptions have at most 32 characters.
* Snom (D3xx to D8xx; Snom's wiki, "Function Key Types" and "<functionKeys> tag"): ``orbit`` is "Park Orbit"; keys
  are counted from 0.
* Poly / Polycom (VVX and Edge E, UC Software 5 and newer; "UC Software Administrator Guide", ``attendant.*`` and
  enhanced feature keys): ``automata`` dials whatever the lamp says; a slot's key does not transfer by itself.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from xml.sax.saxutils import escape

from lots.config.gate import UnsafeValue
from lots.config.setup import Lot
from lots.types.words import gettext_noop

MOST_KEYS = 120
"""Keys that the largest phones have, with all the modules they take."""
LONGEST_LABEL = 32
FIRST_KEY = 2

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?")
PARK, NEXT = gettext_noop("Park"), gettext_noop("Next")
_SPECIAL = frozenset("<>&\"'%$#|\\=;`{}[]")
"""What some brand's file, or its display, takes for more than a letter."""


class Brand(StrEnum):
    """Who made the phone; names as in ``lots.models.phone``."""

    YEALINK = "yealink"
    POLY = "poly"
    GRANDSTREAM = "grandstream"
    SNOM = "snom"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``lamp``: the number has a hint, and a call in progress can be transferred to it."""

    place: int
    number: str
    label: str
    lamp: bool = True


def keys(
    lot: Lot, slot_names: Mapping[int, str], brand: Brand, host: str = "pbx.example", say: Callable[[str], str] = str
) -> str:
    """The settings as text. ``host`` is the PBX as phones reach it (Snom needs it). Raises ``UnsafeValue``.

    ``say`` translates what people read on their phone.
    """
    check_host(host)
    wanted = wanted_keys(lot, slot_names, say)
    match brand:
        case Brand.YEALINK:
            lines = _yealink(wanted)
        case Brand.POLY:
            lines = _poly(wanted, lot, say)
        case Brand.GRANDSTREAM:
            lines = _grandstream(wanted)
        case Brand.SNOM:
            lines = _snom(wanted, host)
        case Brand.GENERIC:
            lines = _generic(wanted, say)
    return "\n".join(lines) + "\n"


def check_host(host: str) -> None:
    """A host's name or IPv4 address, with a port where it is not 5060."""
    if not _HOST.fullmatch(host):
        rule = gettext_noop("write a name or an IP address, such as pbx.example or 192.0.2.5.")
        raise UnsafeValue(gettext_noop("Address"), rule)


def wanted_keys(lot: Lot, slot_names: Mapping[int, str], say: Callable[[str], str] = str) -> list[Key]:
    """Park, take next (where there is a code for it), then the slots; no more than a phone can have."""
    places = count(FIRST_KEY)
    title = lot.label or lot.name
    found = [Key(next(places), lot.park_code, plain(say(gettext_noop("Park {lot}")).format(lot=title)))]
    if lot.next_code:
        label = plain(say(gettext_noop("Next {lot}")).format(lot=title))
        found.append(Key(next(places), lot.next_code, label, lamp=False))
    shown = lot.slots[: MOST_KEYS - len(found)]
    return found + [Key(next(places), str(slot), plain(f"{slot} {slot_names.get(slot, '')}")) for slot in shown]


def plain(label: str) -> str:
    """A label that means nothing to any brand's file but its letters."""
    kept = (" " if sign in _SPECIAL or unicodedata.category(sign)[0] in "CZ" else sign for sign in label)
    return " ".join("".join(kept).split())[:LONGEST_LABEL].rstrip()


def _yealink(wanted: list[Key]) -> Iterator[str]:
    yield "#!version:1.0.0.1"
    yield "## A key pressed during a call transfers it blind: the caller is parked."
    yield "transfer.dsskey_deal_type = 2"
    for key in wanted:
        yield f"linekey.{key.place}.type = {16 if key.lamp else 13}"
        yield f"linekey.{key.place}.line = 1"
        yield f"linekey.{key.place}.value = {key.number}"
        yield f"linekey.{key.place}.label = {key.label}"


def _grandstream(wanted: list[Key]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gs_provision version="1">'
    yield '  <config version="2">'
    yield '    <item name="call.transfer.modeViaVpk">BlindTransfer</item>'
    yield '    <item name="transfer.nontransfer.mpk.enable">Yes</item>'
    for key in wanted:
        values = {
            "keyMode": "MonitoredCallPark" if key.lamp else "SpeedDial",
            "account": "Account1",
            "description": key.label,
            "value": key.number,
        }
        for name, value in values.items():
            yield f'    <item name="pks.vpk.{key.place}.{name}">{escape(value)}</item>'
    yield "  </config>"
    yield "</gs_provision>"


def _snom(wanted: list[Key], host: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield "<functionKeys>"
    for key in wanted:
        value = f"orbit sip:{key.number}@{host}" if key.lamp else f"speed {key.number}"
        yield f'  <fkey idx="{key.place - 1}" context="1" label="{escape(key.label)}" perm="">{escape(value)}</fkey>'
    yield "</functionKeys>"


def _poly(wanted: list[Key], lot: Lot, say: Callable[[str], str]) -> Iterator[str]:
    """Lamps are an attendant's; what dials or transfers without a lamp is a soft key."""
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield "<!-- To park in a certain slot: Transfer, Blind, then the slot's key. -->"
    yield "<parkinglot"
    yield '  attendant.reg="1"'
    for place, key in enumerate((key for key in wanted if key.lamp), start=1):
        name = f"attendant.resourceList.{place}"
        yield f'  {name}.address="{key.number}" {name}.label="{escape(key.label)}" {name}.type="automata"'
    yield '  feature.enhancedFeatureKeys.enabled="1"'
    yield f"  {_soft_key(1, plain(say(PARK)), f'{lot.park_code}$Trefer$', 'active')}"
    if lot.next_code:
        yield f"  {_soft_key(2, plain(say(NEXT)), f'{lot.next_code}$Tinvite$', 'idle')}"
    yield "/>"


def _soft_key(place: int, label: str, action: str, shown: str) -> str:
    name = f"softkey.{place}"
    return f'{name}.enable="1" {name}.label="{label}" {name}.action="{action}" {name}.use.{shown}="1"'


def _generic(wanted: list[Key], say: Callable[[str], str]) -> Iterator[str]:
    place, kind, number = say(gettext_noop("Key")), say(gettext_noop("Type")), say(gettext_noop("Number"))
    kinds = {True: "BLF", False: say(gettext_noop("Speed dial"))}
    rows = [(place, kind, number, say(gettext_noop("Label")))]
    rows += [(str(key.place), kinds[key.lamp], key.number, key.label) for key in wanted]
    first, second, third = (max(len(row[at]) for row in rows) for at in range(3))
    for one, two, three, label in rows:
        yield f"{one:<{first}}  {two:<{second}}  {three:<{third}}  {label}".rstrip()
    yield ""
    yield say(
        gettext_noop(
            "BLF (busy lamp field): the key watches the number and dials it. During a call it must transfer blind\n"
            "(often called “transfer mode via key: blind”). Account or line: the first."
        )
    )
