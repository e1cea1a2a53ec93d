"""What the PBX lacks for the portal, as a page: the same as ``manage.py check_pbx``."""

from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lots.admin.pages import register_page
from lots.admin.publishing import MAY
from lots.admin.tools import register_tool
from lots.admin.which_pbx import asked_pbx, which
from lots.models import Pbx
from lots.publish.accounts import CannotStart, publish_address, watch_address
from lots.publish.checks import findings
from lots.publish.finding import Finding, Level
from lots.publish.gather import gather
from lots.publish.pbx_facts import Facts

GROUPS = {
    Level.MISSING: (gettext_lazy("To be put right"), "panel-bad"),
    Level.HINT: (gettext_lazy("Good to know"), "panel-note"),
    Level.OK: (gettext_lazy("As it should be"), ""),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Asks the PBX at this moment, which takes a second or two; without a key it is the only PBX, or the first.

    To look writes nothing there; with POST our files are made, empty, to see whether the PBX includes them.
    """
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    pbx = get_object_or_404(Pbx, pk=pk) if pk else asked_pbx(request)
    facts, trouble = _look(pbx, create=request.method == "POST")
    found = findings(facts) if facts else []
    context = {
        **admin.site.each_context(request),
        "title": _("Check of the PBX"),
        **({"pbx": pbx} if pk else which(pbx)),
        "trouble": trouble,
        "can_try": bool(facts and facts.can_try),
        "groups": _groups(found),
        "is_fine": not trouble and not any(one.level is Level.MISSING for one in found),
    }
    return TemplateResponse(request, "admin/lots/checks.html", context)


def _look(pbx: Pbx, *, create: bool) -> tuple[Facts | None, str]:
    """The facts, or why nobody could look."""
    try:
        watch, publish = watch_address(pbx), publish_address(pbx)
    except CannotStart as error:
        return None, str(error)
    return async_to_sync(gather)(pbx, watch, publish, create=create), ""


def _groups(found: Iterable[Finding]) -> list[tuple[Any, str, list[Finding]]]:
    """Title, look, findings; what matters most first."""
    found = list(found)
    groups = [(title, look, [one for one in found if one.level is level]) for level, (title, look) in GROUPS.items()]
    return [group for group in groups if group[2]]


LABEL = gettext_lazy("Check the PBX")
DESCRIPTION = gettext_lazy("Accounts, rights, includes, modules and contexts: what is missing, ready to paste")

register_page("check/", page, "lots_check")
register_page("check/<int:pk>/", page, "lots_check_pbx")
register_tool("admin:lots_check", LABEL, DESCRIPTION, permission=MAY)
register_tool("admin:lots_check_pbx", LABEL, DESCRIPTION, place="pbx", permission=MAY)
