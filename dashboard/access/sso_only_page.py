"""Letting somebody in by single sign-on from now on, instead of a password: a page of the administration."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.access.provider import configured
from dashboard.access.whom import changeable
from lots.admin.pages import register_page


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; only for those who may change this person, and never oneself: that could lock out the last one."""
    provider, user = configured(), changeable(request, pk)
    if user == request.user:
        raise PermissionDenied
    if request.method == "POST":
        user.set_unusable_password()
        user.save(update_fields=["password"])
        what = _("Single sign-on instead of a password.")
        LogEntry.objects.log_actions(int(request.user.pk or 0), [user], CHANGE, what, single_object=True)
        messages.success(
            request, _("Single sign-on is their way in now. Whoever was logged in by the password is out.")
        )
        return redirect("admin:auth_user_change", pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Single sign-on instead of a password"),
        "person": user,
        "provider": provider.name,
    }
    return TemplateResponse(request, "admin/access/sso_only.html", context)


register_page("single-sign-on/<int:pk>/", page, "access_sso")
