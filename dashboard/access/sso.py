"""Single sign-on: who comes from the OpenID provider, which account that is, and which roles their groups give."""

import logging
from typing import Any, NoReturn

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from dashboard.access.provider import Provider, configured

log = logging.getLogger(__name__)

HOURS = 12
"""After so long the provider is asked again: rights and dismissals there count here within a working day."""
FAULTS = (RequestException, OAuth2Error, KeyError, TypeError, ValueError)
"""What an unreachable or odd provider looks like."""


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider."""
    if request.GET.get("process", "login") != "login":
        raise Http404
    return _carefully(request, OAuth2LoginView)


@require_safe
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Back from there."""
    return _carefully(request, OAuth2CallbackView)


def _carefully(request: HttpRequest, view: Any) -> HttpResponse:
    key = configured().key
    try:
        answer: HttpResponse = view.adapter_view(Provider(request, key))(request)
    except FAULTS as error:
        return _trouble(request, AuthError.UNKNOWN, error)
    return answer


@require_safe
@never_cache
def end(request: HttpRequest) -> HttpResponse:
    """Log out at the provider, too, where it offers that."""
    oidc = configured()
    back = request.build_absolute_uri(reverse("dashboard:logged_out"))
    try:
        where = Provider(request, oidc.key).openid_config["end_session_endpoint"]
    except FAULTS:
        return HttpResponseRedirect(back)
    asked = urlencode({"client_id": oidc.client_id, "post_logout_redirect_uri": back})
    return HttpResponseRedirect(f"{where}{'&' if '?' in where else '?'}{asked}")


def came_by_sso(request: HttpRequest) -> bool:
    """Whether this log-in came from the provider."""
    user = request.user if isinstance(request.user, User) else None
    return any(record["method"] == "socialaccount" for record in get_authentication_records(request, user))


def admit(request: HttpRequest, login: Any) -> None:
    """Sets the account of ``login`` and its roles. Raises ``ImmediateHttpResponse``: a page that says why not."""
    name = str(login.claims.get("preferred_username") or login.claims.get("email") or "")
    if not login.is_existing:
        login.connect(request, _account(request, login.claims, name))
    if not login.user.is_active:
        _refuse(request, "inactive", name)
    give_roles(login.user, login.claims.get(configured().groups_claim))
    request.session.set_expiry(HOURS * 60 * 60)


def _account(request: HttpRequest, claims: dict[str, Any], name: str) -> User:
    """The account made for this name by an administrator, without a password; else a new one, where that is allowed.

    One with a password belongs to whoever knows that: what somebody is called elsewhere does not open it.
    """
    user = User.objects.filter(username=name).first()
    if user is not None:
        if user.has_usable_password() or SocialAccount.objects.filter(user=user, provider=configured().key).exists():
            _refuse(request, "taken", name)
        return user
    if not configured().create:
        _refuse(request, "unknown", name)
    return _made(request, claims, name)


def _made(request: HttpRequest, claims: dict[str, Any], name: str) -> User:
    """Without any right."""
    user = User(username=name, **{field: str(claims.get(claim) or "")[:150] for field, claim in FIELDS.items()})
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
        with transaction.atomic():
            user.save()
    except (ValidationError, IntegrityError):
        _refuse(request, "name", name)
    return user


FIELDS = {"first_name": "given_name", "last_name": "family_name"}


def give_roles(user: User, groups: Any) -> None:
    """Make the roles that are mapped what the groups say; others stay as administrators have set them."""
    mapped = configured().roles
    if not mapped:
        return
    theirs = {str(group) for group in groups} if isinstance(groups, list) else {str(groups)}
    wanted = {role for group, role in mapped if group in theirs}
    for role in Group.objects.filter(name__in={role for _, role in mapped}):
        (user.groups.add if role.name in wanted else user.groups.remove)(role)
    if "Administrators" in {role for _, role in mapped} - wanted and user.is_staff:
        user.is_staff = False
        user.save(update_fields=["is_staff"])


def _refuse(request: HttpRequest, reason: str, name: str) -> NoReturn:
    log.warning("Single sign-on refused for %r: %s.", name, reason)
    context = {"reason": reason, "name": name, "provider": configured().name}
    raise ImmediateHttpResponse(render(request, "registration/sso_refused.html", context, status=403))


def failed(request: HttpRequest, error: Any, exception: Any) -> NoReturn:
    """Raises ``ImmediateHttpResponse``."""
    raise ImmediateHttpResponse(_trouble(request, error, exception))


def _trouble(request: HttpRequest, error: Any, exception: Any) -> HttpResponse:
    cancelled = error == AuthError.CANCELLED
    if not cancelled:
        log.warning("Single sign-on failed: %s", repr(exception) if exception else "the answer belongs to no question")
    context = {"reason": "cancelled" if cancelled else "trouble", "provider": configured().name}
    return render(request, "registration/sso_refused.html", context, status=401 if cancelled else 502)
