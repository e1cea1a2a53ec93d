"""Taking a lot away without losing who was parked in it."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lots.models import FallbackStep, ParkingLot
from lots.publish.publications import live


def in_use(lot: ParkingLot, leaving: Collection[int] = ()) -> list[str]:
    """Sentences: which lots, but for those ``leaving`` with it, send their calls here: while any do it cannot go."""
    told = [
        _("%(lot)s: its calls are parked in %(this)s when it is full.") % {"lot": other, "this": lot}
        for other in ParkingLot.objects.filter(overflow=lot, retired=False).exclude(pk__in=leaving)
    ]
    steps = FallbackStep.objects.filter(target=lot, lot__retired=False).exclude(lot__in=leaving)
    words = _("%(lot)s: its fallback leads to %(this)s.")
    return told + [words % {"lot": step.lot, "this": lot} for step in steps.select_related("lot")]


def remove(lot: ParkingLot) -> None:
    """Out of the setup. What the PBX or the history still knows stays as a row, marked as removed.

    A lot that was taken over from the PBX, and is not published from here yet, is one that was found there again.
    """
    if is_theirs(lot):
        ParkingLot.objects.filter(pk=lot.pk).update(observed=True)
    elif is_remembered(lot):
        ParkingLot.objects.filter(pk=lot.pk).update(retired=True)
    else:
        lot.delete()


def is_remembered(lot: ParkingLot) -> bool:
    """Whether the PBX has it, or may have it, or the history names it."""
    return lot.calls.exists() or is_on_pbx(lot)


def removed_words(lots: Collection[ParkingLot]) -> str:
    """What becomes of lots that are about to be removed."""
    told = []
    theirs = [str(lot) for lot in lots if is_theirs(lot)]
    waiting = [str(lot) for lot in lots if not is_theirs(lot) and is_on_pbx(lot)]
    if theirs:
        words = ngettext(
            "%(lots)s is the PBX’s own again: nothing of it was published from here.",
            "%(lots)s are the PBX’s own again: nothing of them was published from here.",
            len(theirs),
        )
        told.append(words % {"lots": ", ".join(theirs)})
    if waiting:
        words = ngettext(
            "%(lots)s is removed with the next publication; until then phones can use it.",
            "%(lots)s are removed with the next publication; until then phones can use them.",
            len(waiting),
        )
        told.append(words % {"lots": ", ".join(waiting)})
    if gone := [str(lot) for lot in lots if not is_on_pbx(lot)]:
        words = ngettext("%(lots)s is removed.", "%(lots)s are removed.", len(gone))
        told.append(words % {"lots": ", ".join(gone)})
    return " ".join(told)


def is_theirs(lot: ParkingLot) -> bool:
    """Whether the PBX has it from its own files: it was taken over, and not published from here yet."""
    return lot.present and not lot.retired and not _is_published(lot)


def is_on_pbx(lot: ParkingLot) -> bool:
    """Whether the PBX has it, or may have it."""
    return lot.present or _is_published(lot)


def _is_published(lot: ParkingLot) -> bool:
    published = live(lot.pbx)
    files: dict[str, list[list[Any]]] = published.files if published else {}
    return any(section[1] == f"lot:{lot.name}" for sections in files.values() for section in sections)


def consequences(lots: Any) -> list[str]:
    """What removing ``lots`` means, in sentences."""
    told = []
    for lot in lots:
        waiting, past = lot.calls.filter(ended_at=None).count(), lot.calls.filter(~Q(ended_at=None)).count()
        told.append(
            _("%(lot)s: %(waiting)s %(past)s") % {"lot": lot, "waiting": _waiting(waiting), "past": _past(past)}
        )
    return told


def _waiting(count: int) -> str:
    if not count:
        return _("nobody is waiting in it.")
    words = ngettext(
        "%(count)d caller waits in it at this moment, and can be taken until the call ends.",
        "%(count)d callers wait in it at this moment, and can be taken until the calls end.",
        count,
    )
    return words % {"count": count}


def _past(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)d call of the past stays in the history.", "%(count)d calls of the past stay in the history.", count
    )
    return words % {"count": count}
