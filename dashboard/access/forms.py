"""Forms that ask for a code, in the portal's words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

VALID = 120
"""Seconds after which a code cannot be right any more, with clocks that differ (allauth forgets it after 30)."""


def code_field(label: Any) -> forms.CharField:
    """A field for a code: digits, offered by telephones that know it."""
    looks = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=looks))


class _Once:
    """Each code of the app is good for one time, also while it would still be right."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """As allauth does, and remembered for as long as it could be used again."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(filter(str.isalnum, code))
            if not cache.add(f"second-factor:{self.authenticator.pk}:{digits}", "used", VALID):
                raise get_adapter().validation_error("incorrect_code")
        return code


class Code(_Once, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """At the login."""

    code = code_field(_("Code from your app, or a recovery code"))


class CodeAgain(_Once, ReauthenticateForm):  # type: ignore[misc]
    """Before something that matters."""

    code = code_field(_("Code from your app, or a recovery code"))


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]
    """Proves that the app has the secret."""

    code = code_field(_("Code that the app shows"))
