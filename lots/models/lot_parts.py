"""What belongs to one lot: names of slots, the fallback's steps, outside numbers, and who may do what."""

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.config.setup import StepKind
from lots.models.lot import ParkingLot
from lots.models.phone import Phone


class SlotName(models.Model):
    """A friendly name for a slot, such as Pharmacy."""

    lot = models.ForeignKey(ParkingLot, models.CASCADE, related_name="slot_names")
    slot = models.PositiveIntegerField(_("slot"))
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("slot name")
        verbose_name_plural = _("slot names")
        ordering = ["slot"]
        constraints = [models.UniqueConstraint(fields=["lot", "slot"], name="slot_named_once")]

    def __str__(self) -> str:
        return f"{self.slot} {self.name}"


class FallbackStep(models.Model):
    """Where a call goes that waited too long and whose parker did not answer. Steps are tried in order."""

    KINDS = [
        (StepKind.PHONE.value, _("phone")),
        (StepKind.GROUP.value, _("ring group")),
        (StepKind.VOICEMAIL.value, _("voicemail box")),
        (StepKind.LOT.value, _("another lot")),
        (StepKind.LOCATION.value, _("place in the dialplan")),
    ]

    lot = models.ForeignKey(ParkingLot, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(_("goes to"), max_length=10, choices=KINDS, default=StepKind.PHONE.value)
    phones = models.ManyToManyField(Phone, blank=True, related_name="+", verbose_name=_("phones"))
    seconds = models.PositiveSmallIntegerField(
        _("rings, seconds"), default=20, validators=[MinValueValidator(1), MaxValueValidator(300)]
    )
    mailbox = models.CharField(_("voicemail box"), max_length=80, blank=True, help_text=_("Such as 201@default."))
    target = models.ForeignKey(
        ParkingLot, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lot")
    )
    location = models.CharField(
        _("place in the dialplan"), max_length=130, blank=True, help_text=_("Context,extension,priority: ivr,s,1.")
    )

    class Meta:
        verbose_name = _("fallback step")
        verbose_name_plural = _("fallback steps")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_kind_display()}"


class OutsideNumber(models.Model):
    """A number on which callers from outside reach the lot's parked calls."""

    lot = models.ForeignKey(ParkingLot, models.CASCADE, related_name="outside_numbers")
    number = models.CharField(
        _("number"), max_length=40, help_text=_("As the trunk sends it: the extension it looks for in its context.")
    )

    class Meta:
        verbose_name = _("outside number")
        verbose_name_plural = _("outside numbers")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class LotRight(models.Model):
    """What a group may do in a lot. A lot without any row is open to all who have the right in general."""

    lot = models.ForeignKey(ParkingLot, models.CASCADE, related_name="rights")
    group = models.ForeignKey(Group, models.PROTECT, related_name="+", verbose_name=_("group"))
    """A group that narrows a lot cannot be deleted: the lot would be open to everybody again."""
    see = models.BooleanField(_("see"), default=True)
    park = models.BooleanField(_("park"), default=True)
    retrieve = models.BooleanField(_("retrieve"), default=True)
    page = models.BooleanField(_("page"), default=True)
    end = models.BooleanField(_("end"), default=False)

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        ordering = ["group__name"]
        constraints = [models.UniqueConstraint(fields=["lot", "group"], name="right_once_a_group")]

    def __str__(self) -> str:
        return str(self.group)
