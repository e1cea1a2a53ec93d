"""A parking lot: a numbered row of slots."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lots.models.pbx import Pbx


class ParkingLot(models.Model):
    """A lot as people name it (``label``) and as Asterisk does (``name``)."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="lots", verbose_name=_("PBX"))
    name = models.CharField(_("name in Asterisk"), max_length=80)
    label = models.CharField(_("label"), max_length=80, help_text=_("What people call this lot."))
    first_slot = models.PositiveIntegerField(_("first slot"))
    last_slot = models.PositiveIntegerField(_("last slot"))
    timeout = models.PositiveIntegerField(
        _("timeout"), default=45, help_text=_("Seconds until a waiting caller goes back; 0: never.")
    )
    observed = models.BooleanField(
        _("observed"), default=True, help_text=_("Found on the PBX; its settings are made there, not here.")
    )
    present = models.BooleanField(_("present"), default=True, help_text=_("The PBX had this lot when last asked."))
    on_board = models.BooleanField(_("on the board"), default=True)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("parking lot")
        verbose_name_plural = _("parking lots")
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "name"], name="lot_name_once_a_pbx"),
            models.CheckConstraint(condition=Q(last_slot__gte=F("first_slot")), name="lot_slots_in_order"),
        ]

    def __str__(self) -> str:
        return self.label
