"""A lot as it was typed, looked at as a whole: the value Asterisk's text is made of, and what it would collide with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lots.admin.lot_parts_forms import NumberFormSet, StepFormSet, kept
from lots.admin.words import Names, sentences, warnings
from lots.config.clash import clashes
from lots.config.gate import UnsafeValue
from lots.config.render import render
from lots.config.setup import Lot, Setup, Step
from lots.models import HoldMusic, ParkingLot, Pbx, Phone
from lots.publish.setup import lot_with, setup_of, step_of
from lots.publish.translated import clash_words, translated


@dataclass(frozen=True)
class Checked:
    """``errors`` are fields ("" or a name that is none of the form's: all of it) with a sentence."""

    lot: Lot | None = None
    errors: tuple[tuple[str, str], ...] = ()

    def sentences(self, pbx: Pbx) -> list[str]:
        """What the lot does."""
        return sentences(self.lot, names_of(pbx)) if self.lot else []

    def warnings(self) -> list[str]:
        """What is allowed and mostly not meant."""
        return warnings(self.lot) if self.lot else []


def checked(row: ParkingLot, typed: Mapping[str, Any]) -> Checked:
    """``row`` with the steps and numbers that were ``typed`` with it; parts that are wrong say so themselves."""
    try:
        lot = lot_with(row, tuple(_steps(row, typed)), tuple(_numbers(row, typed)))
        setup = _beside(row, lot)
        _render(lot, setup)
    except UnsafeValue as error:
        return Checked(errors=(("", translated(error)),))
    return Checked(lot, tuple(_clashes(lot, setup)))


def _steps(row: ParkingLot, typed: Mapping[str, Any]) -> Iterator[Step]:
    formset = StepFormSet(typed, instance=row)
    for form in sorted(kept(formset), key=lambda form: form.cleaned_data.get("position") or 0):
        devices = tuple(phone.device for phone in form.cleaned_data.get("phones") or ())
        yield step_of(form.instance, devices)


def _numbers(row: ParkingLot, typed: Mapping[str, Any]) -> Iterator[str]:
    formset = NumberFormSet(typed, instance=row)
    yield from (form.cleaned_data["number"] for form in kept(formset))


def _render(lot: Lot, setup: Setup) -> None:
    """Write it, with the lots it names: what is too long for a line of Asterisk's is found only so."""
    named = {lot.name, lot.overflow, *(step.lot for step in lot.steps)}
    render(Setup(lots=tuple(one for one in setup.lots if one.name in named)))


def _clashes(lot: Lot, setup: Setup) -> Iterator[tuple[str, str]]:
    for clash in clashes(setup):
        if lot.name in clash.lots:
            yield clash.field_of(lot.name), clash_words(clash)


def _beside(row: ParkingLot, lot: Lot) -> Setup:
    """The whole setup with this lot in it; where another lot is broken, only this one: that one says so itself."""
    try:
        others = setup_of(row.pbx)
    except UnsafeValue:
        return Setup(lots=(lot,))
    known = [other for other in others.lots if other.name != lot.name]
    return replace(others, lots=(*known, lot))


def names_of(pbx: Pbx) -> Names:
    """What people call lots, music and phones of ``pbx``."""
    return Names(
        lots=dict(ParkingLot.objects.filter(pbx=pbx).values_list("name", "label")),
        music=dict(HoldMusic.objects.filter(pbx=pbx).values_list("name", "label")),
        phones={phone.device: str(phone) for phone in Phone.objects.filter(pbx=pbx)},
    )
