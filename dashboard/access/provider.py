"""What is believed of an OpenID provider: signed tokens of the issuer that is set, for this portal, of just now.

allauth leaves out the signature where TLS brought the token, and takes the issuer's name from the document it fetched;
here both are checked. What is fetched is fetched over TLS, from where the issuer says, and no redirect is followed.
"""

import functools
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from parkinglot.oidc_env import Oidc, safe

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signed with a key that only the provider has."""
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
LEEWAY = 30
"""Seconds that clocks may differ."""
TIMEOUT = 5
"""Seconds for each answer of the provider."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def configured() -> Oidc:
    """The provider that is set. Raises ``Http404``: there is none."""
    found: Oidc | None = settings.OIDC
    if found is None:
        raise Http404
    return found


class NoRedirects(requests.Session):
    """TLS or this machine, and straight there."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 0

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Refuse what would go elsewhere."""
        if not safe(str(request.url)):
            raise OAuth2Error(f"The provider names an address without TLS: {request.url}")
        return super().send(request, **kwargs)


def session() -> requests.Session:
    """For one talk with the provider."""
    made = NoRedirects()
    made.request = functools.partial(made.request, timeout=TIMEOUT)  # type: ignore[method-assign]
    return made


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's flow with state and PKCE, and our checks."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description. Raises ``OAuth2Error``: it is somebody else's, or not whole."""
        if not hasattr(self, "_checked"):
            found = super().openid_config
            if not isinstance(found, dict) or found.get("issuer") != configured().issuer:
                raise OAuth2Error(f"The provider does not call itself {configured().issuer}")
            if missing := [name for name in ENDPOINTS if not safe(str(found.get(name)))]:
                raise OAuth2Error(f"The provider names no safe {', '.join(missing)}")
            self._checked = found
        return self._checked

    def get_callback_url(self, request: HttpRequest, _app: Any) -> str:
        """Where the provider sends people back to; it must know this address."""
        return request.build_absolute_uri(reverse("sso_callback"))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is, by a checked token; what userinfo adds must be about the same person."""
        claims = self._verified(kwargs["response"].get("id_token"), app.client_id)
        if self.openid_config.get("userinfo_endpoint"):
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("What the provider says of the person is about somebody else")
            claims = {**claims, **{name: value for name, value in more.items() if name not in NEEDED}}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims, login.account.extra_data = claims, {}  # asked anew each time: nothing of it is kept
        return login

    def _verified(self, id_token: Any, audience: str) -> dict[str, Any]:
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=audience,
                issuer=configured().issuer,
                leeway=LEEWAY,
                options={"require": NEEDED},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error(f"The provider's token is not right: {error}") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != audience:
            raise OAuth2Error("The provider's token is for somebody else")
        return claims

    def _key(self, kid: str | None) -> jwt.PyJWK:
        with session() as talk:
            answer = talk.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in keys if key.key_id == kid] if kid else keys
        if len(fitting) != 1:
            raise OAuth2Error("The provider has no such key")
        return fitting[0]


class People(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth asks on the way."""

    def get_requests_session(self) -> requests.Session:
        """Ours."""
        return session()

    def get_provider(self, *args: Any, **kwargs: Any) -> Any:
        """The provider's part of the flow, with our checks."""
        found = super().get_provider(*args, **kwargs)
        found.oauth2_adapter_class = Provider
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find or make the account, or refuse."""
        from dashboard.access.sso import admit  # noqa: PLC0415  (allauth asks for this class before models are there)

        admit(request, sociallogin)

    def on_authentication_error(self, request: HttpRequest, _provider: Any, **kwargs: Any) -> None:
        """One page for whatever went wrong at or with the provider."""
        from dashboard.access.sso import failed  # noqa: PLC0415  (as above)

        failed(request, kwargs.get("error"), kwargs.get("exception"))
