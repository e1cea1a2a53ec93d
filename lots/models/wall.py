"""A wall screen: a board to look at, without a login."""

from django.conf import settings
from django.db import models
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
