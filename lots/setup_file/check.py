"""What only whole lots can say: the gate of Asterisk's text, and clashes between lots."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from lots.config import gate
from lots.config.clash import Clash, clashes
from lots.config.gate import UnsafeValue
from lots.config.setup import Lot, Music, Setup, Step
from lots.models import FallbackStep, OutsideNumber, ParkingLot
from lots.publish.setup import lot_with, music_of, step_of
from lots.publish.translated import clash_words, rule, translated
from lots.setup_file import fields
from lots.setup_file.context import Import
from lots.setup_file.faults import Fault

Made = TypeVar("Made")
SETTINGS = {
    "Name": "name",
    "Park code": "park_code",
    "Retrieve code": "retrieve_code",
    "Take-next code": "next_code",
    "Slots": "first_slot",
    "Prefix": "prefix_text",
    "Message": "message",
    "Courtesy tone": "courtesy_tone",
    "Alert-Info": "alert_info",
    "Music": "music",
    "Overflow lot": "overflow",
    "Music name": "name",
    "Music directory": "directory",
    "Stream address": "stream",
}
"""The gate's names of values, and ours in the file."""
PARTS = {"steps": "fallback"}
"""Fields of the model that are called otherwise in the file."""


def check(work: Import) -> None:
    """Complain of what Asterisk would not take."""
    for name in fields.PBX:
        for context in work.document["pbx"][name].split():
            _passed(work, f"pbx.{name}", partial(gate.check_context, context, context))
    setup = Setup(lots=tuple(_lots(work)), music=tuple(_music(work)))
    if not work.faults:
        _clashes(work, setup)


def _lots(work: Import) -> list[Lot]:
    """All lots there will be; of those that are not in the file faults were there before."""
    places = {entry["name"]: place for place, entry in work.entries("lots")}
    rows = work.pbx.lots.filter(pk__in=[row.pk for row in work.lots.values()])
    rows = rows.select_related("music", "overflow", "message_recording")
    rows = rows.prefetch_related("steps__phones", "steps__target", "outside_numbers").order_by("name")
    found = [_lot(work, row, places.get(row.name, "")) for row in rows]
    return [lot for lot in found if lot is not None]


def _lot(work: Import, row: ParkingLot, place: str) -> Lot | None:
    """Its parts first: a fault in one of them has a place of its own."""
    steps = _parts(work, f"{place}.fallback", row.steps.all(), _step)
    numbers = _parts(work, f"{place}.outside_numbers", row.outside_numbers.all(), _number)
    return _passed(work, place, partial(lot_with, row, steps, numbers))


def _parts(work: Import, place: str, rows: Iterable[Any], value_of: Callable[[Any], Made]) -> tuple[Made, ...]:
    found = [_passed(work, f"{place}[{at}]", partial(value_of, row)) for at, row in enumerate(rows)]
    return tuple(part for part in found if part is not None)


def _step(row: FallbackStep) -> Step:
    return step_of(row, tuple(phone.device for phone in row.phones.all()))


def _number(row: OutsideNumber) -> str:
    gate.check_exten("", row.number)
    return row.number


def _music(work: Import) -> list[Music]:
    places = {entry["name"]: place for place, entry in work.entries("music")}
    rows = work.pbx.music.filter(name__in=work.music).prefetch_related("tracks__audio").order_by("name")
    found = [_passed(work, places.get(row.name, ""), partial(music_of, row)) for row in rows]
    return [music for music in found if music is not None]


def _passed(work: Import, place: str, make: Callable[[], Made]) -> Made | None:
    """What ``make`` gives, or None and a complaint when the gate refuses it."""
    try:
        return make()
    except UnsafeValue as error:
        if place and not place.startswith("."):
            name = "name" if error.what == "Music" and place.startswith("music") else SETTINGS.get(error.what)
            work.faults.say(f"{place}.{name}" if name else place, rule(error) if name else translated(error))
    return None


def _clashes(work: Import, setup: Setup) -> None:
    places = {entry["name"]: place for place, entry in work.entries("lots")}
    for clash in clashes(setup):
        if place := _place(clash, places):
            work.faults.append(Fault(place, clash_words(clash)))


def _place(clash: Clash, places: dict[str, str]) -> str:
    """The first side that is in the file; ``""``: none is, so it was so before."""
    for lot in clash.lots:
        if lot in places:
            name = clash.field_of(lot)
            return f"{places[lot]}.{PARTS.get(name, name)}" if name else places[lot]
    return "" if clash.lots else "music"
