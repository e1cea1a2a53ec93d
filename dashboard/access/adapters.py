"""How allauth does things here: it checks codes and keeps secrets; words, mails and accounts are not its business."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.models import User
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dashboard.access.policy import must_have
from lots.sealed import CannotOpen, seal, unseal


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators; what happened is said by our own pages."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many wrong tries. Wait five minutes, then try again."),
        "incorrect_password": _("That is not your password. Capital letters count."),
    }

    def is_open_for_signup(self, _request: Any) -> bool:
        """Nobody signs up."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing."""

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """The portal sends no mail."""


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed in the database: a copy of it alone gives nobody a second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That code is not right, or it is used up. Wait for the next one in your app; the clocks of telephone and "
            "portal must agree."
        ),
        "cannot_delete_authenticator": _(
            "Here everybody like you has to have a second factor. It cannot be switched off."
        ),
    }

    def get_totp_label(self, user: User) -> str:
        """What the app shows below the portal's name."""
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code, to stand in the page itself; made here, nothing leaves the portal."""
        svg: str = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  (made of squares by the library, holds no text)

    def encrypt(self, text: str) -> str:
        """For the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """From the database. When the key is gone no code fits any more: a secret that nobody knows."""
        try:
            return unseal(encrypted_text)
        except CannotOpen:
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not where it is a must."""
        return not must_have(authenticator.user)
