"""Lots found on the PBX become lots that are set up here; and hand edits of our own file become their settings."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lots.admin.pages import register_page
from lots.admin.publishing import MAY
from lots.admin.tools import register_tool
from lots.admin.which_pbx import asked_pbx, which
from lots.ami import AmiClient, AmiError
from lots.bridge.announce import announce
from lots.config.conf import FILES
from lots.config.taking import NOTES, Taken
from lots.models import ParkingLot, Pbx
from lots.publish import rows
from lots.publish.accounts import CannotStart, publish_address, where_set
from lots.publish.publications import live
from lots.publish.take_in import TakeIn, read_take_in, take_in
from lots.publish.takeover import Offer, TheirLots, leftovers, offer, read_lots, take_over

T = TypeVar("T")
MAY_TAKE = ("lots.add_parkinglot", "lots.change_parkinglot")


class Unreachable(Exception):  # noqa: N818  (an answer)
    """The PBX could not be asked; the sentence says why."""


def _ask(pbx: Pbx, act: Callable[[AmiClient], Awaitable[T]]) -> T:
    async def asked() -> T:
        address = publish_address(pbx)
        if address is None:
            words = _("%(setting)s is not set: the portal cannot read the PBX's files.")
            raise CannotStart(words % {"setting": where_set(pbx, "ASTERISK_AMI_PUBLISH_URL")})
        async with AmiClient(address) as ami:
            return await act(ami)

    try:
        return async_to_sync(asked)()
    except (AmiError, CannotStart) as error:
        raise Unreachable(str(error)) from error


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every observed lot with what taking it over would do."""
    _refuse_without(request, MAY_TAKE)
    pbx = asked_pbx(request)
    try:
        there, trouble = _ask(pbx, read_lots), ""
    except Unreachable as error:
        there, trouble = TheirLots(), str(error)
    found = ParkingLot.objects.filter(pbx=pbx, observed=True, present=True).order_by("label")
    managed = dict(pbx.lots.filter(observed=False, retired=False).values_list("name", "label"))
    context = {
        **admin.site.each_context(request),
        **which(pbx),
        "title": _("Lots found on the PBX"),
        "trouble": trouble,
        "offers": [] if trouble else [(lot, mark(one), *_shown(one)) for lot in found for one in [offer(lot, there)]],
        "leftovers": leftovers(managed, there),
    }
    return TemplateResponse(request, "admin/lots/takeover.html", context)


def mark(shown: Offer | TakeIn) -> str:
    """What was shown, in short: only that is taken."""
    return sha256(repr(shown).encode()).hexdigest()[:32]


def _shown(one: Offer) -> tuple[Offer, list[tuple[Any, Any]], list[str]]:
    """The offer, its settings with their names, its notes as sentences."""
    return one, settings_of(one.taken), notes_of(one.taken)


def settings_of(taken: Taken) -> list[tuple[Any, Any]]:
    """Names of fields and their values, for people."""
    found: list[tuple[Any, Any]] = []
    for name, value in taken.values.items():
        field: Any = admin.site.get_model_admin(ParkingLot).opts.get_field(name)
        choices = dict(field.flatchoices)
        words = {True: _("yes"), False: _("no")}.get(value) if isinstance(value, bool) else None
        found.append((field.verbose_name, words or choices.get(value, value)))
    if taken.music:
        found.append((_("hold music"), taken.music))
    if taken.location:
        found.append((_("goes to, when nobody took it"), taken.location))
    return found


def notes_of(taken: Taken) -> list[str]:
    """What a person should know."""
    return [_(NOTES[code]).format(value=value) for code, value in taken.notes]


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one over; the settings are read once more."""
    _refuse_without(request, MAY_TAKE)
    lot = get_object_or_404(ParkingLot, pk=pk, observed=True)
    try:
        found = offer(lot, _ask(lot.pbx, read_lots))
    except Unreachable as error:
        messages.error(request, str(error))
        return redirect("admin:lots_takeover")
    if found.refusal:
        messages.error(request, found.refusal)
        return redirect("admin:lots_takeover")
    if request.POST.get("mark") != mark(found):
        messages.warning(request, _("%(lot)s was changed on the PBX meanwhile. Look again.") % {"lot": lot})
        return redirect("admin:lots_takeover")
    take_over(lot, found.taken)
    _note(request, lot, _("Taken over from the PBX."))
    announce({"kind": "lots"})
    messages.success(
        request, _("%(lot)s is set up here now. Look it over, then publish; until then nothing changes.") % {"lot": lot}
    )
    return redirect("admin:lots_parkinglot_change", pk)


def take_in_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed by hand, and what of it can become settings; with POST it does."""
    _refuse_without(request, ("lots.change_parkinglot", MAY))
    pbx = get_object_or_404(Pbx, pk=pk)
    published = dict(rows.contents_of(live(pbx)) or {file: {} for file in FILES})
    try:
        found, trouble = _ask(pbx, lambda ami: read_take_in(ami, published)), ""
    except Unreachable as error:
        found, trouble = TakeIn(), str(error)
    if request.method == "POST" and not trouble:
        if request.POST.get("mark") != mark(found):
            messages.warning(request, _("The PBX was changed meanwhile, so nothing was taken in. Look again."))
        elif found.changes:
            return _take_in(request, pbx, found)
    context = {
        **admin.site.each_context(request),
        "title": _("Take in what was changed on the PBX"),
        "pbx": pbx,
        "trouble": trouble,
        "mark": mark(found),
        "changes": [(change, settings_of(change.taken)) for change in found.changes],
        "others": found.others,
    }
    return TemplateResponse(request, "admin/lots/take_in.html", context)


def _take_in(request: HttpRequest, pbx: Pbx, found: TakeIn) -> HttpResponse:
    lots = take_in(pbx, found.changes)
    for lot in lots:
        _note(request, lot, _("Took in what was changed on the PBX."))
    announce({"kind": "lots"})
    names = ", ".join(str(lot) for lot in lots)
    messages.success(
        request, _("%(lots)s now say what stands on the PBX. Publish, and it is as published again.") % {"lots": names}
    )
    return redirect("admin:lots_publication_preview", pbx.pk)


def _note(request: HttpRequest, lot: ParkingLot, words: str) -> None:
    """In the lot's history, which says who did what."""
    admin.site.get_model_admin(ParkingLot).log_change(request, lot, words)


def _refuse_without(request: HttpRequest, permissions: tuple[str, ...]) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


register_page("takeover/", page, "lots_takeover")
register_page("takeover/<int:pk>/", confirm, "lots_takeover_confirm")
register_page("take-in/<int:pk>/", take_in_page, "lots_take_in")
register_tool(
    "admin:lots_takeover",
    gettext_lazy("Lots found on the PBX"),
    gettext_lazy("Set up here what the PBX has already, with the settings of its own files"),
    permission="lots.add_parkinglot",
)
register_tool(
    "admin:lots_take_in",
    gettext_lazy("Take theirs in"),
    gettext_lazy("Make what was changed by hand the settings here, where that can be said"),
    place="pbx",
    permission=MAY,
    shown=lambda pbx: bool(pbx.drift),
)
