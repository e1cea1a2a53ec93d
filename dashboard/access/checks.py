"""What `manage.py check --deploy` says about logging in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  (Django's name)


@register(Tags.security, deploy=True)
def proxies_are_named(**_kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that is not named everybody has the proxy's address."""
    if not settings.BEHIND_HTTPS or settings.TRUSTED_PROXIES:
        return []
    hint = "Set TRUSTED_PROXIES to the address of the reverse proxy, as the portal sees it."
    words = "BEHIND_HTTPS is on, but TRUSTED_PROXIES is not set: all log-ins seem to come from the proxy."
    return [Warning(words, hint=hint, id="parkinglot.W001")]
