"""What the form of a lot says while somebody types."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from lots.admin.lot_check import Checked, names_of
from lots.admin.words import sentences, warnings
from lots.config.gate import UnsafeValue
from lots.models import ParkingLot
from lots.publish.setup import lot_of
from lots.publish.translated import translated


def said(form: Any, formsets: Any) -> dict[str, Any]:
    """For the page's script: sentences while nothing is wrong, and sentences at the fields that are."""
    form.is_valid()
    errors = dict(_errors(form, formsets))
    checked: Checked | None = getattr(form, "checked", None)
    if checked is None or checked.lot is None:
        return {"sentences": [], "warnings": list(_first(form)) if checked is None else [], "errors": errors}
    return {"sentences": checked.sentences(form.instance.pbx), "warnings": checked.warnings(), "errors": errors}


def _first(form: Any) -> Iterator[str]:
    """Why nothing is said of the lot as a whole: its label alone would not hinder."""
    labels = [str(form.fields[name].label) for name in form.errors if name in form.fields and name != "label"]
    if labels:
        words = _(
            "Correct the marked fields first (%(fields)s): what the lot does, and what it collides with, is said then."
        )
        yield words % {"fields": ", ".join(label[:1].upper() + label[1:] for label in labels)}


def _errors(form: Any, formsets: Any) -> Iterator[tuple[str, list[str]]]:
    """By the name of the field in the page; ``""``: all of it."""
    for name, found in form.errors.items():
        yield "" if name == "__all__" else name, list(found)
    for formset in formsets:
        for part in formset.forms:
            if not (part.empty_permitted and not part.has_changed()):
                for name, found in part.errors.items():
                    yield f"{part.prefix}-{name}", list(found)


def shown(form: Any, lot: ParkingLot | None) -> dict[str, list[str]]:
    """The same for a page without script: of what was typed, else of what is saved."""
    checked: Checked | None = getattr(form, "checked", None)
    if checked and checked.lot:
        return {"sentences": checked.sentences(form.instance.pbx), "warnings": checked.warnings()}
    if lot is None or lot.observed or lot.retired:
        return {"sentences": [], "warnings": []}
    try:
        value = lot_of(ParkingLot.objects.get(pk=lot.pk))
    except UnsafeValue as error:
        return {"sentences": [], "warnings": [translated(error)]}
    return {"sentences": sentences(value, names_of(lot.pbx)), "warnings": warnings(value)}
