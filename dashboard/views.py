"""The pages people see: the board and the way in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from dashboard.words import board_words


@require_safe
@never_cache
@login_required(login_url="dashboard:login")
@permission_required("lots.view_parkinglot", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """The page of the live board; everything that changes comes over its socket."""
    return render(request, "dashboard/board.html", {"words": board_words()})


class LoginForm(AuthenticationForm):
    """Django's own check, with sentences that say what to do."""

    error_messages = {
        "invalid_login": _(
            "That name and password do not fit together. Check both (capital letters count), then try again. "
            "If you forgot them, ask an administrator."
        ),
        "inactive": _("This account is switched off. Ask an administrator to switch it on."),
    }


class Login(LoginView):
    """Log in. A person who is logged in already may change the account here."""

    authentication_form = LoginForm
    next_page = "dashboard:board"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where the accounts of a demo are found."""
        return super().get_context_data(**kwargs, demo=settings.DEMO)


class Logout(LogoutView):
    """Log out, by POST only, and say so."""

    next_page = "dashboard:logged_out"


class LoggedOut(TemplateView):
    """What a person sees after logging out."""

    template_name = "registration/logged_out.html"
