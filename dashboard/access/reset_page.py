"""Taking the second factor off somebody whose telephone is gone: a page of the administration."""

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.access.whom import changeable
from lots.admin.pages import register_page


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; only for those who may change this person."""
    user = changeable(request, pk)
    if request.method == "POST":
        _reset(request, user)
        return redirect("admin:auth_user_change", pk)
    context = {**admin.site.each_context(request), "title": _("Take off the second factor"), "person": user}
    return TemplateResponse(request, "admin/access/reset.html", context)


def _reset(request: HttpRequest, user: User) -> None:
    if not Authenticator.objects.filter(user=user).delete()[0]:
        messages.info(request, _("There is no second factor."))
        return
    what = _("Took off the second factor.")
    LogEntry.objects.log_actions(int(request.user.pk or 0), [user], CHANGE, what, single_object=True)
    messages.success(
        request, _("The second factor is off. The password alone lets them in until they set it up again.")
    )


register_page("second-factor/<int:pk>/", page, "access_factor")
