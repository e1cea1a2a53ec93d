"""A notice to the person a parked call is for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.parked_call import ParkedCall
from lots.models.phone import Phone


class Notice(models.Model):
    """Somebody is told of a call, and may answer. Only the bridge writes these; they go with the call's row."""

    ANSWERS = [("seen", _("seen")), ("coming", _("I’m coming"))]

    call = models.ForeignKey(ParkedCall, models.CASCADE, related_name="notices", verbose_name=_("call"))
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("to")
    )
    """Nobody: the phone has no owner, and only shows the message."""
    to_phone = models.ForeignKey(Phone, models.SET_NULL, null=True, related_name="+", verbose_name=_("phone"))
    to_name = models.CharField(_("to"), max_length=200)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("from")
    )
    from_name = models.CharField(_("from"), max_length=200)
    text = models.CharField(_("text"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    answer = models.CharField(_("answer"), max_length=10, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="notice_by_time")]

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name}"
