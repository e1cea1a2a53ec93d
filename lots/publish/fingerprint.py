"""A mark of everything a publication would be made of: as long as it is the same, so is the publication.

It is read from the rows themselves, so a change counts whoever made it: another web process, an import, a shell, SQL.
Synchronous ORM code; some milliseconds at 300 lots.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db.models import Model

from lots.models import FallbackStep, HoldMusic, MusicTrack, OutsideNumber, ParkedCall, ParkingLot, Pbx, Publication

MOVING = frozenset(
    {
        *("revision", "present", "on_board", "long_after", "soon_before", "description"),
        *("live_first", "live_last", "live_timeout", "live_reminder", "live_total"),
    }
)
"""Fields of a lot that change by themselves, or are the board's alone. What is not named here counts."""


def fingerprint(pbx: Pbx) -> str:
    """Of ``pbx`` as the database has it now, and of what was published to it last."""
    digest = blake2b(digest_size=16)
    for rows in _read(pbx):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def _read(pbx: Pbx) -> Iterator[Iterable[Any]]:
    """In one order, whatever the database thinks of."""
    yield (settings.PORTAL_URL, settings.DECODER_DIR)
    live = Publication.objects.filter(pbx=pbx, state=Publication.State.LIVE)
    yield live.order_by("-pk").values_list("pk", "made_at", "ended_at")[:1]
    lots = ParkingLot.objects.filter(pbx=pbx).order_by("pk")
    yield lots.values_list(*_columns(ParkingLot), "overflow__name", "music__name", "message_recording__digest")
    steps = FallbackStep.objects.filter(lot__pbx=pbx).order_by("pk")
    yield steps.values_list(*_columns(FallbackStep), "target__name")
    rings = FallbackStep.phones.through.objects.filter(fallbackstep__lot__pbx=pbx).order_by("pk")
    yield rings.values_list("fallbackstep", "phone", "phone__number", "phone__device")
    yield OutsideNumber.objects.filter(lot__pbx=pbx).order_by("pk").values_list("lot", "number")
    yield HoldMusic.objects.filter(pbx=pbx).order_by("pk").values_list(*_columns(HoldMusic))
    tracks = MusicTrack.objects.filter(music__pbx=pbx).order_by("pk")
    yield tracks.values_list("pk", "music", "position", "audio__digest")
    waiting = ParkedCall.objects.filter(lot__pbx=pbx, lot__retired=True, ended_at=None).order_by("lot")
    yield waiting.values_list("lot").distinct()


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in MOVING]  # noqa: SLF001
