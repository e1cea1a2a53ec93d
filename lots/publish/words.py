"""What changes, in sentences for people."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lots.config.conf import PARKING
from lots.config.diff import Difference, Files, option
from lots.models import HoldMusic, ParkedCall, ParkingLot, Pbx

LOT, MUSIC = "lot", "music"


def sentences(pbx: Pbx, found: tuple[Difference, ...], before: Files, after: Files) -> tuple[str, ...]:
    """One for each of ``found``, in their order."""
    labels = dict(ParkingLot.objects.filter(pbx=pbx).values_list("name", "label"))
    music = dict(HoldMusic.objects.filter(pbx=pbx).values_list("name", "label"))
    return tuple(_sentence(pbx, one, before, after, labels, music) for one in found)


def _sentence(  # noqa: PLR0913, PLR0917
    pbx: Pbx, one: Difference, before: Files, after: Files, labels: dict[str, str], music: dict[str, str]
) -> str:
    kind, _colon, name = one.owner.partition(":")
    if kind == LOT:
        return " ".join([f"{labels.get(name) or name}:", *_about_lot(pbx, name, one, before, after)])
    if kind == MUSIC:
        return _about_music(music.get(name) or name, one)
    return _("What all lots share in the dialplan: new.") if one.kind == "added" else _("What all lots share changes.")


def _about_music(label: str, one: Difference) -> str:
    words = {
        "added": _("Hold music %(label)s: new."),
        "changed": _("Hold music %(label)s: changed."),
        "removed": _("Hold music %(label)s: removed."),
    }
    return words[one.kind] % {"label": label}


def _about_lot(pbx: Pbx, name: str, one: Difference, before: Files, after: Files) -> list[str]:
    new, old = _range(after, name), _range(before, name)
    if one.kind == "added":
        code = option(after, PARKING, name, "parkext")
        new_lot = _("new, with the slots %(first)s to %(last)s and the park code %(code)s.")
        if not code:
            new_lot = _("new, with the slots %(first)s to %(last)s.")
        return [new_lot % {"first": new.start, "last": new.stop - 1, "code": code}]
    if one.kind == "removed":
        return [_("removed."), *_left_behind(pbx, name, range(0))]
    told = [*_slots(pbx, name, old, new), *_options(name, before, after)]
    return told or [_("its dialplan changes.")]


def _range(files: Files, name: str) -> range:
    first, _dash, last = option(files, PARKING, name, "parkpos").partition("-")
    return range(int(first), int(last) + 1) if first.isdigit() and last.isdigit() else range(0)


def _slots(pbx: Pbx, name: str, old: range, new: range) -> list[str]:
    told = [_("%(slots)s become available.") % {"slots": part} for part in _parts(new, old)]
    told += [_("%(slots)s are no more.") % {"slots": part} for part in _parts(old, new)]
    return [*told, *_left_behind(pbx, name, new)] if old != new else []


def _parts(some: range, others: range) -> list[str]:
    """What of ``some`` is not in ``others``, as words."""
    if not others or others.stop <= some.start or some.stop <= others.start:
        pieces = [some]
    else:
        pieces = [range(some.start, others.start), range(others.stop, some.stop)]
    between = _("%(first)s to %(last)s")
    return [between % {"first": part.start, "last": part.stop - 1} for part in pieces if len(part)]


def _left_behind(pbx: Pbx, name: str, new: range) -> list[str]:
    """Asterisk keeps calls that are parked where the lot ends to be: they are taken by code, board and timeout."""
    calls = ParkedCall.objects.filter(lot__pbx=pbx, lot__name=name, ended_at=None)
    count = calls.exclude(slot__range=(new.start, new.stop - 1)).count() if new else calls.count()
    if not count:
        return []
    told = ngettext(
        "%(count)d call is parked outside the new slots and stays reachable.",
        "%(count)d calls are parked outside the new slots and stay reachable.",
        count,
    )
    return [told % {"count": count}]


def _options(name: str, before: Files, after: Files) -> list[str]:
    words = {
        "parkext": _("park code"),
        "parkingtime": _("seconds until a call goes back or the parker is reminded"),
        "parkedmusicclass": _("hold music"),
        "findslot": _("slot choice"),
        "courtesytone": _("courtesy tone"),
    }
    becomes = _("%(what)s: %(old)s becomes %(new)s.")
    told = []
    for key, what in words.items():
        old, new = option(before, PARKING, name, key), option(after, PARKING, name, key)
        if old != new:
            told.append(becomes % {"what": what, "old": old or _("none"), "new": new or _("none")})
    return told
