"""Paging zones: who hears an announcement, when, and how often."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.music import AudioFile
from lots.models.pbx import Pbx
from lots.models.phone import DEVICE, Phone

MULTICAST = RegexValidator(
    r"^(22[4-9]|23[0-9])(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}:[0-9]{2,5}$",
    _("Write a multicast address with its port, such as 239.255.0.1:5004."),
)


class PagingZone(models.Model):
    """Phones with auto-answer, an overhead device or a multicast address that play one announcement together."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="zones", verbose_name=_("PBX"))
    label = models.CharField(_("label"), max_length=80)
    members = models.ManyToManyField(Phone, blank=True, related_name="zones", verbose_name=_("phones"))
    overhead = models.CharField(
        _("overhead device"), max_length=80, blank=True, validators=[DEVICE], help_text=_("Such as PJSIP/overhead.")
    )
    multicast = models.CharField(_("multicast address"), max_length=30, blank=True, validators=[MULTICAST])
    text = models.CharField(
        _("phrase"),
        max_length=200,
        blank=True,
        help_text=_("Such as {name}, line {slot}. Spoken when there is no recording."),
    )
    recording = models.ForeignKey(
        AudioFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("recording")
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    gap = models.PositiveSmallIntegerField(
        _("minimum gap"), default=30, help_text=_("Seconds between two announcements in this zone.")
    )
    repeats = models.PositiveSmallIntegerField(
        _("repeats"), default=0, validators=[MaxValueValidator(5)], help_text=_("0 to 5, until the call is taken.")
    )

    class Meta:
        verbose_name = _("paging zone")
        verbose_name_plural = _("paging zones")
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["pbx", "label"], name="zone_label_once_a_pbx")]

    def __str__(self) -> str:
        return self.label
