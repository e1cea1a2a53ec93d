"""Paging zones: who hears an announcement, when, and how often."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lots.models.music import AudioFile
from lots.models.pbx import Pbx
from lots.models.phone import DEVICE, Phone

MULTICAST = RegexValidator(
    r"\A(22[4-9]|23[0-9])(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}:[0-9]{2,5}\Z",
    _("Write a multicast address with its port, such as 239.255.0.1:5004."),
)


class PagingZone(models.Model):
    """Phones with auto-answer, an overhead device or a multicast address that play one announcement together."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="zones", verbose_name=_("PBX"))
    label = models.CharField(_("label"), max_length=80, help_text=_("What people call this zone, such as Warehouse."))
    members = models.ManyToManyField(
        Phone,
        blank=True,
        related_name="zones",
        verbose_name=_("phones"),
        help_text=_("They answer by themselves and play the announcement; a phone in use is left alone."),
    )
    overhead = models.CharField(
        _("overhead device"),
        max_length=80,
        blank=True,
        validators=[DEVICE],
        help_text=_("A loudspeaker with a number of its own, as Asterisk dials it, such as PJSIP/overhead."),
    )
    multicast = models.CharField(
        _("multicast address"),
        max_length=30,
        blank=True,
        validators=[MULTICAST],
        help_text=_("Where phones or loudspeakers listen together, such as 239.255.0.1:5004."),
    )
    text = models.CharField(
        _("phrase"),
        max_length=200,
        blank=True,
        help_text=_(
            "Such as: call for {name}, line {slot}. Also {number} and {lot}. Used when there is no recording; "
            "with neither, the slot is spoken."
        ),
    )
    recording = models.ForeignKey(
        AudioFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recording"),
        help_text=_("Played before the slot."),
    )
    quiet_from = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("Nobody is paged from then on ...")
    )
    quiet_until = models.TimeField(
        _("quiet until"), null=True, blank=True, help_text=_("... until then, also over midnight.")
    )
    gap = models.PositiveSmallIntegerField(
        _("minimum gap"),
        default=30,
        validators=[MaxValueValidator(3600)],
        help_text=_("Seconds between two announcements in this zone, at most 3600."),
    )
    repeats = models.PositiveSmallIntegerField(
        _("repeats"),
        default=0,
        validators=[MaxValueValidator(5)],
        help_text=_("How often it is said again while the call waits: 0 to 5."),
    )

    class Meta:
        verbose_name = _("paging zone")
        verbose_name_plural = _("paging zones")
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["pbx", "label"], name="zone_label_once_a_pbx")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """What the fields must be together."""
        wrong: dict[str, str] = {}
        if (self.quiet_from is None) != (self.quiet_until is None):
            empty = "quiet_until" if self.quiet_until is None else "quiet_from"
            wrong[empty] = gettext("Quiet hours have a beginning and an end; fill in both or none.")
        elif self.quiet_from is not None and self.quiet_from == self.quiet_until:
            wrong["quiet_until"] = gettext("That would be the whole day, or none of it; choose another time.")
        if self.text and (words := wrong_words(self.text)):
            wrong["text"] = words
        if wrong:
            raise ValidationError(wrong)


def wrong_words(text: str) -> str:
    """Why this phrase cannot be used, as a sentence; ``""``: it can."""
    plain = PLACEHOLDER.sub("", text)
    if "{" in plain or "}" in plain:
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return gettext("Only %(names)s stand for something.") % {"names": names}
    if not all(sign.isprintable() for sign in plain) or FORBIDDEN.search(plain):
        return gettext("Plain words only, without quotes, brackets or other signs.")
    return ""


PLACEHOLDERS = ("name", "number", "slot", "lot")
PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
FORBIDDEN = re.compile(r"[;\[\]$\"\\|`^~<>()=&]")
