"""A wall screen: a board to look at, without a login."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lots.models.lot import ParkingLot


class WallScreen(models.Model):
    """A link that shows the board, read-only, until an administrator revokes it.

    Only a hash of the link's secret is kept: who reads the database cannot open the board.
    """

    label = models.CharField(_("label"), max_length=80, help_text=_("Where it hangs, such as Reception."))
    lots = models.ManyToManyField(
        ParkingLot, blank=True, related_name="+", verbose_name=_("lots"), help_text=_("None chosen: all on the board.")
    )
    hide_numbers = models.BooleanField(
        _("hide numbers"), default=True, help_text=_("Callers are shown by name; of a number only the last digits.")
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the secret, in hexadecimal."""
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("wall screen")
        verbose_name_plural = _("wall screens")
        ordering = ["label", "pk"]

    def __str__(self) -> str:
        return self.label

    def new_secret(self) -> str:
        """A new link's secret, known at this moment only; the one before is worth nothing once this is saved."""
        secret = secrets.token_urlsafe(32)
        self.secret_hash, self.revoked_at, self.seen_at = hash_of(secret), None, None
        return secret

    def revoke(self) -> None:
        """The link is worth nothing once this is saved; it never comes back, only a new one does."""
        self.revoked_at = timezone.now()


def hash_of(secret: str) -> str:
    """What is kept of a secret. No salt is needed: it has 256 random bits, not a person's choice."""
    return sha256(secret.encode(errors="replace")).hexdigest()
