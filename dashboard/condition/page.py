"""The page for administrators."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard.condition.facts import gather
from dashboard.condition.lines import lines, verdict
from lots.admin.pages import register_page
from lots.admin.tools import register_tool

MAY = "lots.change_parkinglot"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """As of now."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    found = lines(gather())
    context = {**admin.site.each_context(request), "title": _("How the portal is"), "lines": found}
    return TemplateResponse(request, "admin/condition.html", {**context, "verdict": verdict(found)})


LABEL = gettext_lazy("How the portal is")
DESCRIPTION = gettext_lazy("Asterisk, bridge, database, disk, backup: what is well, what is not, and what to do")

register_page("status/", page, "dashboard_status")
register_tool("admin:dashboard_status", LABEL, DESCRIPTION, permission=MAY)
