"""The database's setup as a document, and as text. The same setup always gives the same bytes."""

import json
from datetime import time
from typing import Any

from django.db import models

from lots.models import AudioFile, FallbackStep, HoldMusic, LotRight, PagingZone, ParkingLot, Pbx, Phone
from lots.setup_file import fields

Document = dict[str, Any]


def exported(pbx: Pbx) -> str:
    """The whole setup of ``pbx`` as JSON."""
    return dumps(document(pbx))


def dumps(found: Document) -> str:
    """JSON for people: two spaces, one setting a line, letters as they are."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def document(pbx: Pbx) -> Document:
    """The whole setup of ``pbx``. There is no secret in it: of a PIN it says only that there is one."""
    lots = pbx.lots.prefetch_related("slot_names", "rights__group").order_by("name")
    managed = lots.filter(observed=False, retired=False).select_related("music", "overflow", "message_recording")
    managed = managed.prefetch_related("steps__phones", "steps__target", "outside_numbers")
    music = pbx.music.prefetch_related("tracks__audio").order_by("name")
    zones = pbx.zones.select_related("recording").prefetch_related("members").order_by("label")
    return {
        "format": fields.FORMAT,
        "version": fields.VERSION,
        "pbx": _plain(pbx, fields.PBX),
        "phones": [_phone(row) for row in pbx.phones.select_related("owner").order_by("number")],
        "music": [_music(row) for row in music],
        "zones": [_zone(row) for row in zones],
        "lots": [_lot(row) for row in managed],
        "found_lots": [_found(row) for row in lots.filter(observed=True)],
    }


def _plain(row: models.Model, names: tuple[str, ...]) -> Document:
    return {name: _json(getattr(row, name)) for name in names}


def _json(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    return value


def _phone(row: Phone) -> Document:
    return {**_plain(row, fields.PHONE), "owner": row.owner.get_username() if row.owner else None}


def _music(row: HoldMusic) -> Document:
    return {**_plain(row, fields.MUSIC), "tracks": [_recording(track.audio) for track in row.tracks.all()]}


def _recording(row: AudioFile) -> Document:
    return {"title": row.title, "file": row.digest}


def _zone(row: PagingZone) -> Document:
    return {
        **_plain(row, fields.ZONE),
        "members": [phone.number for phone in row.members.all()],
        "recording": _recording(row.recording) if row.recording else None,
    }


def _lot(row: ParkingLot) -> Document:
    return {
        **_plain(row, fields.LOT),
        "message_recording": _recording(row.message_recording) if row.message_recording else None,
        "overflow": row.overflow.name if row.overflow else None,
        "music": row.music.name if row.music else None,
        "fallback": steps_of(row),
        "outside_numbers": [number.number for number in row.outside_numbers.all()],
        "pin": row.has_pin,
        **shared_parts(row),
    }


def steps_of(row: ParkingLot) -> list[Document]:
    """The fallback."""
    return [_step(step) for step in row.steps.all()] if row.pk else []


def _step(row: FallbackStep) -> Document:
    numbers = [phone.number for phone in row.phones.all()]
    return {**_plain(row, fields.STEP), "phones": numbers, "lot": row.target.name if row.target else None}


def _found(row: ParkingLot) -> Document:
    return {**_plain(row, fields.FOUND), **shared_parts(row)}


def shared_parts(row: ParkingLot) -> Document:
    """What every lot has: names of slots, and rights."""
    return {
        "slot_names": {str(name.slot): name.name for name in row.slot_names.all()},
        "rights": [_right(right) for right in row.rights.all()],
    }


def _right(row: LotRight) -> Document:
    return {"group": row.group.name, **_plain(row, fields.RIGHT)}
