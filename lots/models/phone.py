"""A phone that can be rung for somebody."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.pbx import Pbx

# Technology and resource, nothing that could carry dial options, a second device, or a function.
DEVICE = RegexValidator(r"\A[A-Za-z0-9]+/[A-Za-z0-9_.+@-]+(/n)?\Z", _("Write it as Asterisk does, such as PJSIP/201."))
NUMBER = RegexValidator(r"\A[0-9A-Za-z*#+]+\Z", _("Digits, letters, *, # and + only."))
BRANDS = [
    ("generic", _("other")),
    ("yealink", "Yealink"),
    ("poly", "Poly / Polycom"),
    ("grandstream", "Grandstream"),
    ("snom", "Snom"),
    ("cisco", "Cisco"),
]


class Phone(models.Model):
    """A device on the PBX: ``number`` is what people dial, ``device`` is what Asterisk rings."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="phones", verbose_name=_("PBX"))
    number = models.CharField(_("number"), max_length=20, validators=[NUMBER])
    name = models.CharField(_("name"), max_length=80)
    device = models.CharField(
        _("device"), max_length=80, validators=[DEVICE], help_text=_("Asterisk's name of it, such as PJSIP/201.")
    )
    brand = models.CharField(
        _("brand"), max_length=12, choices=BRANDS, default="generic", help_text=_("Decides the header for auto-answer.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="phones",
        verbose_name=_("owner"),
        help_text=_("Whose click makes this phone ring."),
    )

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["pbx", "number"], name="phone_number_once_a_pbx")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
