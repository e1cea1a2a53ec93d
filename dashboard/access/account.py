"""One's own account: the way into the administration, and a new password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access.second_factor import state


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no login of its own: who is logged in without the right is told so."""
    wanted = request.GET.get("next") or reverse("admin:index")
    if request.user.is_anonymous:
        return redirect_to_login(wanted, reverse("dashboard:login"))
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect("admin:index")


@require_safe
@never_cache
@login_required(login_url="dashboard:login")
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and what one can change about it."""
    groups = ", ".join(request.user.groups.order_by("name").values_list("name", flat=True))
    return render(request, "registration/account.html", {"groups": groups, **state(request.user)})


class NewPassword(PasswordChangeForm):
    """Django's own, with sentences that say what to do."""

    error_messages = {
        "password_mismatch": gettext_lazy("The two new passwords differ. Type the same one twice."),
        "password_incorrect": gettext_lazy("That is not your present password. Capital letters count."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = gettext_lazy("Present password")
        self.fields["new_password2"].label = gettext_lazy("New password again")
        self.fields["new_password2"].help_text = ""


@method_decorator([never_cache, login_required(login_url="dashboard:login")], name="dispatch")
class OwnPassword(PasswordChangeView):
    """A new password ends every other login of the same person: their sessions belong to the old one."""

    form_class = NewPassword
    template_name = "registration/new_password.html"
    success_url = reverse_lazy("dashboard:account")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Who logs in elsewhere has no password here."""
        if not request.user.has_usable_password():
            return redirect("dashboard:account")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Say what else it did."""
        answer = super().form_valid(form)
        messages.success(self.request, _("Your password is changed. Everywhere else you are logged out."))
        return answer
