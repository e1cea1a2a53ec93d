"""The pages of the second factor. What they do is allauth's; what they say is ours."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.views import ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.utils.translation import gettext_lazy as _

from dashboard.access.policy import must_have


class SwitchOn(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """A QR code, the same as text, and the first code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the secret in groups of four, and whether there is a choice."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret: str = context["form"].secret
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {**context, "secret": groups, "must": must_have(self.request.user)}


class PasswordAgain(ReauthenticateForm):  # type: ignore[misc]
    """Before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")
        self.fields["password"].widget.attrs.pop("placeholder", None)


class Confirm(ReauthenticateView):  # type: ignore[misc]
    """It is still the same person."""

    def get_form_class(self) -> type[PasswordAgain]:
        """With our words."""
        return PasswordAgain


def state(user: Any) -> dict[str, Any]:
    """What the account's page says about it."""
    found = {row.type: row for row in Authenticator.objects.filter(user=user)}
    codes = found.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "factor": found.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "must": must_have(user),
    }
