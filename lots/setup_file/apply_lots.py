"""Lots of a document become rows, with all that belongs to them."""

import secrets

from django.utils.translation import gettext as _

from lots.config.pin import SALT_BYTES
from lots.models import FallbackStep, LotRight, OutsideNumber, ParkingLot, SlotName
from lots.setup_file import fields
from lots.setup_file.context import Import, assign
from lots.setup_file.export import Document, shared_parts, steps_of
from lots.setup_file.recordings import Recordings

FOREIGN = ["pbx", "overflow", "music", "message_recording", "pin_salt", "pin_hash"]


def apply_lots(work: Import, recordings: Recordings) -> None:
    """Lots that are set up here. First all of them, then what leads from one to another."""
    rows = {row.name: row for row in _with_parts(work)}
    managed = {name: row for name, row in rows.items() if not row.observed and not row.retired}
    work.lots = work.staying("lots", managed)
    for place, entry in work.entries("lots"):
        row = rows.get(entry["name"]) or ParkingLot(pbx=work.pbx, present=False)
        if _lot(work, recordings, row, entry, place):
            work.lots[row.name] = row
    for place, entry in work.entries("lots"):
        if entry["name"] in work.lots:
            _overflow(work, work.lots[entry["name"]], entry, place)
            _steps(work, work.lots[entry["name"]], entry, place)


def _with_parts(work: Import) -> list[ParkingLot]:
    parts = ("slot_names", "rights__group", "outside_numbers", "steps__phones", "steps__target")
    return list(work.pbx.lots.prefetch_related(*parts))


def _lot(work: Import, recordings: Recordings, row: ParkingLot, entry: Document, place: str) -> bool:
    changed = assign(row, entry, fields.LOT) or row.observed or row.retired
    row.observed = row.retired = False
    music = work.find(work.music, entry["music"], f"{place}.music")
    recording = recordings.find(entry["message_recording"], f"{place}.message_recording")
    before = row.music_id, row.message_recording_id
    row.music, row.message_recording = music, recording
    changed |= before != (row.music_id, row.message_recording_id)
    changed |= _pin(work, row, entry, place)
    if changed:
        if not work.clean(row, place, FOREIGN):
            return False
        row.save()
    _numbers(row, entry)
    _shared(work, row, entry, place)
    return True


def _pin(work: Import, row: ParkingLot, entry: Document, place: str) -> bool:
    """A PIN that is here stays. One that was elsewhere becomes a closed door, not an open one."""
    if row.has_pin or not entry["pin"]:
        return False
    row.pin_salt, row.pin_hash = secrets.token_hex(SALT_BYTES), secrets.token_hex(20)
    work.note(f"{place}.pin", _("PINs are not in the file: until you set a new one nobody gets in from outside."))
    return True


def _numbers(row: ParkingLot, entry: Document) -> None:
    if [number.number for number in row.outside_numbers.all()] != entry["outside_numbers"]:
        row.outside_numbers.all().delete()
        OutsideNumber.objects.bulk_create(OutsideNumber(lot=row, number=one) for one in entry["outside_numbers"])


def _shared(work: Import, row: ParkingLot, entry: Document, place: str) -> None:
    """What observed lots have too: names of slots, and rights."""
    now = shared_parts(row)
    if now["slot_names"] != {str(slot): name for slot, name in entry["slot_names"].items()}:
        _names(work, row, entry, place)
    if now["rights"] != entry["rights"]:
        _rights(work, row, entry, place)


def _names(work: Import, row: ParkingLot, entry: Document, place: str) -> None:
    names = [SlotName(lot=row, slot=slot, name=name) for slot, name in entry["slot_names"].items()]
    clean = [work.clean(name, f"{place}.slot_names.{name.slot}", ["lot"]) for name in names]
    if all(clean):
        row.slot_names.all().delete()
        SlotName.objects.bulk_create(names)


def _rights(work: Import, row: ParkingLot, entry: Document, place: str) -> None:
    wanted: dict[int, LotRight] = {}
    for number, one in enumerate(entry["rights"]):
        here = f"{place}.rights[{number}]"
        group = work.find(work.groups, one["group"], f"{here}.group")
        if group and group.pk in wanted:
            work.faults.say(f"{here}.group", _("“%s” is there twice.") % group.name)
        elif group:
            wanted[group.pk] = LotRight(lot=row, group=group)
            assign(wanted[group.pk], one, fields.RIGHT)
    row.rights.all().delete()
    LotRight.objects.bulk_create(wanted.values())


def _overflow(work: Import, row: ParkingLot, entry: Document, place: str) -> None:
    overflow = work.find(work.lots, entry["overflow"], f"{place}.overflow")
    if row.overflow_id != (overflow.pk if overflow else None):
        row.overflow = overflow
        row.save(update_fields=["overflow"])


def _steps(work: Import, row: ParkingLot, entry: Document, place: str) -> None:
    stay = all(phone in work.phones for one in entry["fallback"] for phone in one["phones"])
    if stay and steps_of(row) == entry["fallback"]:
        return
    row.steps.all().delete()
    for number, one in enumerate(entry["fallback"]):
        here = f"{place}.fallback[{number}]"
        step = FallbackStep(lot=row, position=number + 1)
        assign(step, one, fields.STEP)
        step.target = work.find(work.lots, one["lot"], f"{here}.lot")
        phones = [work.find(work.phones, phone, f"{here}.phones[{at}]") for at, phone in enumerate(one["phones"])]
        if work.clean(step, here, ["lot", "target"]):
            step.save()
            step.phones.set(phone for phone in phones if phone)


def apply_found(work: Import) -> None:
    """Lots that were found on the PBX: what people see of them is ours. One that is not found yet is kept in mind."""
    rows = {row.name: row for row in _with_parts(work)}
    for place, entry in work.entries("found_lots"):
        row = rows.get(entry["name"]) or ParkingLot(pbx=work.pbx, observed=True, present=False)
        if not row.observed and not row.retired:
            work.note(f"{place}.name", _("“%s” is set up here; that stays.") % row.name)
            continue
        changed = assign(row, entry, fields.FOUND) or row.retired
        row.observed, row.retired = True, False
        if changed:
            if not work.clean(row, place, FOREIGN):
                continue
            row.save()
        _shared(work, row, entry, place)
