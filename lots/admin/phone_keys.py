"""Key settings for desk phones, per lot and brand, to copy or to download."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lots.admin.lot_fields import explained
from lots.admin.pages import register_page
from lots.admin.seen import lots_known
from lots.admin.tools import register_tool
from lots.config.gate import UnsafeValue
from lots.config.phone_keys import Brand, check_host, keys, wanted_keys
from lots.models import ParkingLot
from lots.models.phone import BRANDS
from lots.publish.accounts import CannotStart, watch_address
from lots.publish.setup import lot_of
from lots.publish.translated import translated

MAY = "lots.view_parkinglot"
NOWHERE = "pbx.example"
ENDINGS = {Brand.YEALINK: "cfg", Brand.POLY: "cfg", Brand.GRANDSTREAM: "xml", Brand.SNOM: "xml", Brand.GENERIC: "txt"}
NOTES = {
    Brand.YEALINK: gettext_lazy(
        "For T3x to T5x, firmware 80 and newer. Add the lines to the phone’s .cfg file, or import them on its web page "
        "(Settings, Configuration)."
    ),
    Brand.POLY: gettext_lazy(
        "For VVX and Edge E with UC Software 5 or newer. A configuration file of its own, named in CONFIG_FILES. "
        "During a call: the soft key Park; or Transfer, Blind, and a slot’s key."
    ),
    Brand.GRANDSTREAM: gettext_lazy(
        "For GRP26xx, firmware 1.0.5.15 and newer. On a GXP21xx choose the same modes on its web page (Programmable "
        "Keys): “Monitored Call Park” with the slot as value."
    ),
    Brand.SNOM: gettext_lazy("For D3xx to D8xx. Put it inside <settings> of the phone’s file, or load it as it is."),
    Brand.GENERIC: gettext_lazy("For any phone with lamps that watch a number (BLF)."),
}


@require_safe
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """All lots to choose from, or one lot's keys; ``?download`` gives the text alone."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    lots = lots_known(request.user).filter(observed=False, retired=False)
    lot = get_object_or_404(lots, pk=pk) if pk else None
    context = {
        **admin.site.each_context(request),
        "title": _("Phone keys of %s") % lot if lot else _("Phone keys"),
        "lots": lots,
        "lot": lot,
        "brands": [(value, words) for value, words in BRANDS if value in set(Brand)],
    }
    if lot is None:
        return TemplateResponse(request, "admin/lots/phone_keys.html", context)
    return _of_lot(request, lot, context)


def _of_lot(request: HttpRequest, lot: ParkingLot, context: dict[str, object]) -> HttpResponse:
    brand = _brand(request, lot)
    host, trouble = _host(request, lot)
    names = dict(lot.slot_names.values_list("slot", "name"))
    text, cut = "", 0
    try:
        value = lot_of(lot)
        text = keys(value, names, brand, host, _)
        slots = sum(key.number.isdecimal() and int(key.number) in value.slots for key in wanted_keys(value, names))
        cut = max(0, len(value.slots) - slots)
    except UnsafeValue as error:
        trouble = translated(error)
    if text and "download" in request.GET:
        return _file(text, f"{lot.name}-{brand}.{ENDINGS[brand]}")
    context |= {"brand": brand.value, "host": host, "text": text, "trouble": trouble, "cut": cut, "note": NOTES[brand]}
    context |= {"needs_host": brand is Brand.SNOM}
    return TemplateResponse(request, "admin/lots/phone_keys.html", context)


def _brand(request: HttpRequest, lot: ParkingLot) -> Brand:
    """The one asked for, else that of most phones."""
    asked = request.GET.get("brand", "")
    if asked in set(Brand):
        return Brand(asked)
    found = [brand for brand in lot.pbx.phones.values_list("brand", flat=True) if brand in set(Brand)]
    return Brand(max(found, key=found.count)) if found else Brand.GENERIC


def _host(request: HttpRequest, lot: ParkingLot) -> tuple[str, str]:
    """The PBX as phones reach it: as typed, else as we do when that is from elsewhere; and what is wrong with it."""
    known = _place(lot)
    host = request.GET.get("host", "").strip() or (
        "" if known in {"localhost", "::1"} or known[:4] == "127." else known
    )
    try:
        check_host(host or NOWHERE)
    except UnsafeValue as error:
        return NOWHERE, explained(error)
    return host or NOWHERE, ""


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


register_page("phone-keys/", page, "lots_phone_keys")
register_page("phone-keys/<int:pk>/", page, "lots_phone_keys_lot")
register_tool(
    "admin:lots_phone_keys",
    gettext_lazy("Phone keys"),
    gettext_lazy(
        "Settings for desk phones, ready to paste: lamps for slots, a key to park, one to take the next caller"
    ),
    permission=MAY,
)
register_tool(
    "admin:lots_phone_keys_lot",
    gettext_lazy("Phone keys"),
    gettext_lazy("Settings for desk phones with this lot’s slots, ready to paste"),
    place="lot",
    permission=MAY,
    shown=lambda lot: not lot.observed and not lot.retired,
)


def _place(lot: ParkingLot) -> str:
    """Where we reach the PBX; empty where that is not known."""
    try:
        address = watch_address(lot.pbx)
    except CannotStart:
        return ""
    return address.host if address else ""
