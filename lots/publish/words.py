"""What changes, in sentences for people."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lots.config.diff import Difference
from lots.config.setup import Lot, Music, Setup
from lots.config.summary import SENTENCES, Item, lot_items, music_items
from lots.models import HoldMusic, ParkedCall, ParkingLot, Pbx

LOT, MUSIC = "lot", "music"


def sentences(pbx: Pbx, found: Sequence[Difference], before: Setup, after: Setup) -> tuple[str, ...]:
    """One for each of ``found``, in their order."""
    return tuple(_Words(pbx, before, after).of(one) for one in found)


class _Words:
    def __init__(self, pbx: Pbx, before: Setup, after: Setup) -> None:
        self._waiting: defaultdict[str, list[int]] = defaultdict(list)
        for name, slot in ParkedCall.objects.filter(lot__pbx=pbx, ended_at=None).values_list("lot__name", "slot"):
            self._waiting[name].append(slot)
        self._lots: list[dict[str, Lot]] = [{lot.name: lot for lot in setup.lots} for setup in (before, after)]
        self._music: list[dict[str, Music]] = [{one.name: one for one in setup.music} for setup in (before, after)]
        self._labels = {
            LOT: dict(ParkingLot.objects.filter(pbx=pbx).values_list("name", "label")),
            MUSIC: dict(HoldMusic.objects.filter(pbx=pbx).values_list("name", "label")),
        }

    def of(self, one: Difference) -> str:
        """What changes for whose difference it is; a newer portal may write the same settings otherwise."""
        kind, _colon, name = one.owner.partition(":")
        if kind not in self._labels:
            return _("What all lots share in the dialplan changes.")
        items = self._about_lot(name) if kind == LOT else self._about_music(name)
        told = [self._said(item) for item in items] or [_("Is written otherwise, and does the same.")]
        return f"{self._label(kind, name)}: {' '.join(told)}"

    def _about_lot(self, name: str) -> list[Item]:
        was, now = (lots.get(name) for lots in self._lots)
        return lot_items(was, now, self._waiting[name]) if was != now else []

    def _about_music(self, name: str) -> list[Item]:
        was, now = (music.get(name) for music in self._music)
        return music_items(was, now)

    def _label(self, kind: str, name: str) -> str:
        return self._labels[kind].get(name) or name

    def _said(self, item: Item) -> str:
        params = dict(item.params)
        if "what" in params:
            params["what"] = _(params["what"])
        if item.code == "music":
            params["after"] = self._label(MUSIC, params["after"])
        return _(SENTENCES[item.code]).format_map(params)
