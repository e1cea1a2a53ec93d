"""``OIDC_…``: single sign-on with an OpenID provider, read from the environment."""

import hashlib
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROLES = ("Administrators", "Receptionists", "Staff")


@dataclass(frozen=True, slots=True)
class Oidc:
    """One provider. ``roles``: which group there gives which role here; empty: none does."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    roles: tuple[tuple[str, str], ...]
    groups_claim: str
    create: bool
    """Whether somebody without an account gets one, without any right but what their groups give."""

    @property
    def key(self) -> str:
        """Names the provider in the database: what another one says of somebody must not be taken for theirs."""
        return "oidc-" + hashlib.sha256(self.issuer.encode()).hexdigest()[:16]

    @property
    def providers(self) -> dict[str, Any]:
        """As allauth wants it."""
        app = {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer.rstrip("/"), "oauth_pkce_enabled": True},
        }
        return {"openid_connect": {"APPS": [app]}}


def oidc(env: environ.Env) -> Oidc | None:
    """The provider, or None when there is none."""
    issuer: str = env.str("OIDC_ISSUER", default="").strip()
    if not issuer:
        return None
    if not safe(issuer):
        raise ImproperlyConfigured(f"OIDC_ISSUER must be the provider's https address, not {issuer!r}.")
    given = {name: env.str(name, default="") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")}
    for name, value in given.items():
        if not value:
            raise ImproperlyConfigured(f"{name} is missing: OIDC_ISSUER needs it.")
    people = env.str("OIDC_NEW_PEOPLE", default="") or "refuse"
    if people not in {"refuse", "create"}:
        raise ImproperlyConfigured(f"OIDC_NEW_PEOPLE must be refuse or create, not {people!r}.")
    return Oidc(
        issuer,
        given["OIDC_CLIENT_ID"],
        given["OIDC_CLIENT_SECRET"],
        env.str("OIDC_NAME", default="") or str(urlsplit(issuer).hostname),
        _roles(env.str("OIDC_GROUPS", default="")),
        env.str("OIDC_GROUPS_CLAIM", default="") or "groups",
        people == "create",
    )


def safe(url: str) -> bool:
    """Whether secrets may be sent there: TLS, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return bool(host) and parts.username is None
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _roles(text: str) -> tuple[tuple[str, str], ...]:
    """``phone-admins=Administrators,desk=Receptionists``."""
    found = []
    for pair in filter(None, (part.strip() for part in text.split(","))):
        group, _, role = (word.strip() for word in pair.rpartition("="))
        if not group or role not in ROLES:
            raise ImproperlyConfigured(
                f"OIDC_GROUPS must be pairs such as desk=Receptionists with {', '.join(ROLES)}, not {pair!r}."
            )
        found.append((group, role))
    return tuple(found)
