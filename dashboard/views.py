"""The pages people see: the board and the way in and out."""

import os
from threading import BoundedSemaphore
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login as Pending
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from dashboard.access.limits import address, locked_until
from dashboard.access.locked import locked
from dashboard.access.sso import came_by_sso
from dashboard.words import board_words, spoken


@require_safe
@never_cache
@login_required(login_url="dashboard:login")
@permission_required("lots.view_parkinglot", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """The page of the live board; everything that changes comes over its socket."""
    return render(request, "dashboard/board.html", {"words": board_words(), "spoken": spoken()})


class LoginForm(AuthenticationForm):
    """Django's own check, with sentences that say what to do."""

    error_messages = {
        "invalid_login": _(
            "That name and password do not fit together. Check both (capital letters count), then try again. "
            "If you forgot them, ask an administrator."
        ),
        "inactive": _("This account is switched off. Ask an administrator to switch it on."),
    }


COMPARING = BoundedSemaphore(max(2, os.cpu_count() or 1))
"""Passwords compared at the same time in this process: each costs a core for about a second, on purpose."""
PATIENCE = 10.0
"""Seconds to wait for one's turn."""


class Login(LoginView):
    """Log in. A person who is logged in already may change the account here."""

    authentication_form = LoginForm
    next_page = "dashboard:board"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In turn: who sends a thousand guesses at once neither stops the portal nor gets them all compared."""
        if not COMPARING.acquire(timeout=PATIENCE):
            busy = render(request, "registration/busy.html", status=503)
            busy["Retry-After"] = "30"
            return busy
        try:
            return super().post(request, *args, **kwargs)
        finally:
            COMPARING.release()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Name and password fit: in, or on to the second factor."""
        user = form.get_user()
        if locked_until(user.get_username(), address(self.request)):  # of many guesses at once one may be right
            return locked(self.request, None, {"username": user.get_username()})
        if self.request.user.is_authenticated:
            logout(self.request)
        record_authentication(self.request, user, method="password", reauthenticated=True)
        answer: HttpResponse = perform_login(self.request, Pending(user=user, redirect_url=self.get_success_url()))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where the accounts of a demo are found, and by whom else one gets in."""
        return super().get_context_data(**kwargs, demo=settings.DEMO, sso=settings.OIDC)


class Logout(LogoutView):
    """Log out, by POST only, and say so."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """Who came from an OpenID provider is still logged in there, and is told."""
        self.next_page = reverse("dashboard:logged_out") + ("?sso=" if came_by_sso(request) else "")
        answer: TemplateResponse = super().post(request, *args, **kwargs)  # type: ignore[assignment]  # its stub's word
        return answer


class LoggedOut(TemplateView):
    """What a person sees after logging out."""

    template_name = "registration/logged_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the provider, when it let them in."""
        return super().get_context_data(**kwargs, sso=settings.OIDC if "sso" in self.request.GET else None)
