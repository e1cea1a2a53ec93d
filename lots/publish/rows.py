"""What the publisher reads from and writes to the database. Synchronous ORM code."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lots.config.comeback import first_wait
from lots.config.conf import FILES
from lots.config.content import Content, content_of_stored
from lots.models import ParkingLot, Pbx, Publication
from lots.publish.publications import UNDER_WAY, State, close_interrupted, live
from lots.publish.stored import setup_of_publication

Contents = Mapping[str, Content]


class NotWanted(Exception):  # noqa: N818  (an answer)
    """The publication is not waiting any more: somebody else did it, or called it off."""


@dataclass(frozen=True, slots=True)
class Task:
    """One publication to be done. ``good`` is what runs as far as we know; None: nothing was ever published."""

    goal: Contents
    good: Contents | None
    suspect: bool
    """The try before this one ended who knows how: what runs may be older than the files."""


@transaction.atomic
def begin(publication: Publication) -> Task:
    """It runs from now on. Raises ``NotWanted``. The publisher's lock must be ours: others that ran are dead."""
    pbx = publication.pbx
    close_interrupted(pbx, lock_is_ours=True)
    wanted = Publication.objects.filter(pk=publication.pk, state=State.WANTED)
    if not wanted.update(state=State.RUNNING):
        raise NotWanted
    before = pbx.publications.exclude(pk=publication.pk).first()
    suspect = bool(before and before.state == State.FAILED) or bool(pbx.drift)
    return Task(contents_of(publication) or {}, contents_of(live(pbx)), suspect)


def contents_of(publication: Publication | None) -> Contents | None:
    """What it says, file by file."""
    if publication is None:
        return None
    return {name: content_of_stored(publication.files.get(name, [])) for name in FILES}


def note(publication: Publication, step: str, done: int, total: int) -> None:
    """How far it is."""
    Publication.objects.filter(pk=publication.pk).update(step=step[:100], done=done, total=total)


def end(publication: Publication, state: State, message: str = "") -> None:
    """The verdict. One that is live is what the PBX has now: there is no drift."""
    rows = Publication.objects.filter(pk=publication.pk, state=State.RUNNING)
    if not rows.update(state=state, message=message, ended_at=timezone.now(), step=""):
        return  # somebody has closed it: the lock was theirs
    if state != State.FAILED:
        now = timezone.now()
        Pbx.objects.filter(pk=publication.pbx_id).update(drift={}, drift_error="", drift_checked_at=now)
    if state == State.LIVE:
        _note_times(publication)
    _forget_old(publication.pbx)


def _forget_old(pbx: Pbx) -> None:
    """Old publications keep who, when and what in words; of all but the newest and the live one the text goes."""
    newest = pbx.publications.values_list("pk", flat=True)[: settings.PUBLICATIONS_KEPT]
    running = pbx.publications.filter(state=State.LIVE).values_list("pk", flat=True)[:1]
    old = pbx.publications.exclude(pk__in=[*newest, *running]).exclude(state__in=UNDER_WAY)
    old.exclude(files={}, setup={}).update(files={}, setup={})


def _note_times(publication: Publication) -> None:
    """What boards must know of a lot that Asterisk does not tell: the whole time where there is a reminder."""
    times = {lot.name: (first_wait(lot), lot.timeout) for lot in setup_of_publication(publication).lots if lot.reminder}
    rows = list(ParkingLot.objects.filter(pbx=publication.pbx_id, observed=False))
    for row in rows:
        row.live_reminder, row.live_total = times.get(row.name, (None, None))
    ParkingLot.objects.bulk_update(rows, ["live_reminder", "live_total"], batch_size=200)


def write_drift(pbx: Pbx, drift: Mapping[str, str], error: str = "") -> None:
    """What was found, or why nothing could be."""
    values = {"drift_error": error[:300]} if error else {"drift": dict(drift), "drift_error": ""}
    Pbx.objects.filter(pk=pbx.pk).update(drift_checked_at=timezone.now(), **values)
