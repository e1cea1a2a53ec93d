"""What people did on the board: the audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.lot import ParkingLot


class Act(models.Model):
    """One command somebody gave, and how it ended. Only the bridge writes these; nobody edits them."""

    KINDS = [
        ("retrieve", _("retrieve")),
        ("take_next", _("take next")),
        ("claim", _("claim")),
        ("unclaim", _("give back a claim")),
        ("note", _("note")),
        ("send", _("send to a colleague")),
        ("park", _("park")),
        ("move", _("move")),
        ("end", _("end a call")),
        ("more_time", _("more time")),
        ("notify", _("notify")),
        ("seen", _("answer a notice")),
        ("page", _("page")),
        ("stop_page", _("stop a page")),
        ("call_back", _("call back")),
        ("settle", _("settle a missed call")),
    ]

    at = models.DateTimeField(_("at"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("user")
    )
    user_name = models.CharField(_("name"), max_length=200)
    """Kept when the user is deleted."""
    kind = models.CharField(_("action"), max_length=12, choices=KINDS)
    lot = models.ForeignKey(ParkingLot, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lot"))
    slot = models.PositiveIntegerField(_("slot"), null=True, blank=True)
    uniqueid = models.CharField(max_length=150, blank=True)
    caller = models.CharField(_("caller"), max_length=300, blank=True)
    detail = models.CharField(_("detail"), max_length=400, blank=True)
    """What was asked for, in a word: the phone, the slot, the zone."""
    code = models.CharField(_("result"), max_length=30)
    """How it ended: a code of docs/protocol.md."""

    class Meta:
        verbose_name = _("board action")
        verbose_name_plural = _("board actions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="act_by_time")]

    def __str__(self) -> str:
        return f"{self.user_name}: {self.get_kind_display()}"
