"""The whole setup as a file: download, and upload with a preview before anything changes."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lots.admin.pages import register_page
from lots.admin.tools import register_tool
from lots.admin.which_pbx import asked_pbx, which
from lots.models import Pbx
from lots.setup_file.differences import What
from lots.setup_file.export import exported
from lots.setup_file.faults import WrongFile
from lots.setup_file.importing import Report, import_setup
from lots.setup_file.reading import LONGEST

MODELS = ("parkinglot", "phone", "holdmusic", "pagingzone")
MAY_READ = tuple(f"lots.view_{model}" for model in MODELS)
MAY_WRITE = (
    "lots.publish",
    "lots.change_pbx",
    *(f"lots.{act}_{model}" for act in ("add", "change") for model in MODELS),
)
MAY_REMOVE = tuple(f"lots.delete_{model}" for model in MODELS)
SALT, MINUTES = "setup-file", 60
"""How long a preview may be looked at before its file is asked for again."""
SECTIONS = {
    "pbx": gettext_lazy("PBX"),
    "phones": gettext_lazy("Phone"),
    "music": gettext_lazy("Hold music"),
    "zones": gettext_lazy("Paging zone"),
    "lots": gettext_lazy("Lot"),
    "found_lots": gettext_lazy("Lot found on the PBX"),
}
WORDS = {
    What.CREATED: gettext_lazy("New"),
    What.CHANGED: gettext_lazy("Changed"),
    What.REMOVED: gettext_lazy("Removed"),
    What.STAYS: gettext_lazy("Not in the file, stays as it is"),
}


class UploadForm(forms.Form):
    """A file, and what it may do."""

    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".json"}))
    removing = forms.BooleanField(
        label=gettext_lazy("Remove what the file does not name"),
        required=False,
        help_text=gettext_lazy("Off: everything else stays. The preview says what would be removed."),
    )


def page(request: HttpRequest) -> HttpResponse:
    """Download and upload; an upload shows its preview."""
    _refuse_without(request, MAY_READ)
    form, pbx = UploadForm(), asked_pbx(request) if "pbx" in {*request.GET, *request.POST} else None
    if request.method == "POST":
        _refuse_without(request, MAY_WRITE)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"].read(LONGEST + 1)
            return _preview(request, asked_pbx(request), file, removing=form.cleaned_data["removing"])
    return _shown(request, pbx, form=form)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The file."""
    _refuse_without(request, MAY_READ)
    response = HttpResponse(exported(asked_pbx(request)), content_type="application/json; charset=utf-8")
    name = f"parkinglot-setup-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Take over what was previewed, if it would still do the same."""
    _refuse_without(request, MAY_WRITE)
    try:
        seen = signing.loads(request.POST.get("seen", ""), salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        messages.error(request, _("That preview is too old. Choose the file again."))
        return redirect("admin:lots_setup_file")
    file, removing, pbx = seen["file"].encode(), seen["removing"], get_object_or_404(Pbx, pk=seen["pbx"])
    if removing:
        _refuse_without(request, MAY_REMOVE)
    try:
        report = import_setup(pbx, file, removing=removing, expected=seen["mark"])
    except WrongFile as wrong:
        messages.error(request, str(wrong.faults[0]))
        return _preview(request, pbx, file, removing=removing)
    messages.success(request, _("The setup is taken over. Publish to have it on the PBX."))
    return _shown(request, pbx, report=report, done=True, form=UploadForm())


def _preview(request: HttpRequest, pbx: Pbx, file: bytes, *, removing: bool) -> HttpResponse:
    if removing:
        _refuse_without(request, MAY_REMOVE)
    try:
        report = import_setup(pbx, file, dry_run=True, removing=removing)
    except WrongFile as wrong:
        return _shown(request, pbx, form=UploadForm(initial={"removing": removing}), faults=wrong.faults)
    seen = {"file": file.decode("utf-8-sig"), "removing": removing, "mark": report.mark, "pbx": pbx.pk}
    if not report.changes:
        return _shown(request, pbx, report=report, form=UploadForm(initial={"removing": removing}))
    return _shown(request, pbx, report=report, seen=signing.dumps(seen, salt=SALT, compress=True))


def _shown(request: HttpRequest, pbx: Pbx | None, *, report: Report | None = None, **more: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **which(pbx),
        "title": _("Setup as a file"),
        "may_write": request.user.has_perms(MAY_WRITE),
        "report": report,
        "groups": _groups(report) if report else [],
        **more,
    }
    return TemplateResponse(request, "admin/lots/setup_file.html", context)


def _groups(report: Report) -> list[tuple[str, Any, list[Any]]]:
    """What is new, changed, removed, and stays, each with its entries."""
    found: defaultdict[What, list[Any]] = defaultdict(list)
    for one in report.differences:
        found[one.what].append((SECTIONS[one.section], one))
    return [(what.value, WORDS[what], found[what]) for what in What if found[what]]


def _refuse_without(request: HttpRequest, permissions: tuple[str, ...]) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


register_page("setup-file/", page, "lots_setup_file")
register_page("setup-file/download/", download, "lots_setup_file_download")
register_page("setup-file/confirm/", confirm, "lots_setup_file_confirm")
register_tool(
    "admin:lots_setup_file",
    gettext_lazy("Setup as a file"),
    gettext_lazy("Download all lots, phones, music and zones as one file, or take them over from one"),
    permission="lots.change_parkinglot",
)
