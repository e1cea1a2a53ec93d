"""A parking lot: a numbered row of slots."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lots.config.setup import Side, WhenFull
from lots.models.music import AudioFile, HoldMusic
from lots.models.pbx import Pbx

SIDES = [
    (Side.NO.value, _("nobody")),
    (Side.CALLER.value, _("who takes the call")),
    (Side.CALLEE.value, _("the caller who was parked")),
    (Side.BOTH.value, _("both")),
]
SHORTEST, LONGEST = 10, 3600
"""Seconds a timeout may have; 0 is none."""


class ParkingLot(models.Model):
    """A lot as people name it (``label``) and as Asterisk does (``name``).

    An *observed* lot was found on the PBX, and only what boards show of it is ours to set; all else of a managed one
    is made here and published.
    """

    WHEN_FULL = [
        (WhenFull.PARKER.value, _("the parker keeps the call")),
        (WhenFull.OVERFLOW.value, _("it is parked in the overflow lot")),
        (WhenFull.FALLBACK.value, _("it goes where calls go that waited too long")),
    ]

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="lots", verbose_name=_("PBX"))
    name = models.CharField(
        _("name in Asterisk"),
        max_length=80,
        blank=True,
        help_text=_("Made from the label when left empty. Small letters, digits and -; it cannot be changed later."),
    )
    label = models.CharField(_("label"), max_length=80, help_text=_("What people call this lot."))
    description = models.TextField(_("description"), blank=True, max_length=500, help_text=_("For administrators."))
    on_board = models.BooleanField(_("on the board"), default=True)
    long_after = models.PositiveIntegerField(
        _("waiting long after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=_("Seconds. Empty: after half of the timeout; where calls never go back, after two minutes."),
    )
    soon_before = models.PositiveIntegerField(
        _("going back soon"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=_("Seconds before the timeout. Empty: in the last 15 %, at least 15 seconds."),
    )
    observed = models.BooleanField(
        _("observed"), default=True, help_text=_("Found on the PBX; its settings are made there, not here.")
    )
    present = models.BooleanField(_("present"), default=True, help_text=_("The PBX had this lot when last asked."))
    retired = models.BooleanField(
        _("removed"),
        default=False,
        editable=False,
        help_text=_("Taken out of the setup here; it is kept for its calls in the history."),
    )
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    live_first = models.PositiveIntegerField(null=True, blank=True, editable=False)
    live_last = models.PositiveIntegerField(null=True, blank=True, editable=False)
    live_timeout = models.PositiveIntegerField(null=True, blank=True, editable=False)
    live_reminder = models.PositiveIntegerField(null=True, blank=True, editable=False)
    live_total = models.PositiveIntegerField(null=True, blank=True, editable=False)
    """What Asterisk runs; the fields below may be edited and not published yet. Asterisk tells ``live_timeout``, the
    time to the reminder where there is one; reminder and whole time are known from the publication."""

    first_slot = models.PositiveIntegerField(_("first slot"), default=701, validators=[MinValueValidator(1)])
    last_slot = models.PositiveIntegerField(_("last slot"), default=710, validators=[MinValueValidator(1)])
    next_slot = models.BooleanField(
        _("fill slots in turn"),
        default=False,
        help_text=_("Off: a call gets the lowest free slot. On: the next one after the last that was used."),
    )
    park_code = models.CharField(
        _("park code"),
        max_length=12,
        default="700",
        help_text=_("Transfer a call to it, and it is parked in this lot."),
    )
    retrieve_code = models.CharField(
        _("retrieve code"),
        max_length=12,
        default="*85",
        blank=True,
        help_text=_("Dial it with the slot behind it (*85701), or alone and be asked for the slot. Lots may share it."),
    )
    next_code = models.CharField(
        _("take-next code"), max_length=12, blank=True, help_text=_("Takes the caller who has waited longest.")
    )
    separate = models.BooleanField(
        _("for its own phones only"),
        default=False,
        help_text=_(
            "Only phones whose context includes this lot's own context reach it. Its numbers may be used twice."
        ),
    )

    timeout = models.PositiveIntegerField(
        _("timeout"),
        default=120,
        validators=[MaxValueValidator(LONGEST)],
        help_text=_("Seconds until a waiting caller goes back, 10 to 3600; 0: never."),
    )
    reminder = models.PositiveIntegerField(
        _("reminder"),
        default=0,
        help_text=_("After so many seconds the parker's phone rings for a moment and says the slot; 0: no reminder."),
    )
    ring_parker = models.PositiveIntegerField(
        _("ring the parker"),
        default=20,
        validators=[MaxValueValidator(300)],
        help_text=_("Seconds a call that waited too long rings the parker, on all their phones; 0: not at all."),
    )
    prefix_text = models.CharField(
        _("prefix"),
        max_length=20,
        default="P",
        blank=True,
        help_text=_("Stands before the caller's name on the phone that rings: P701 Ann: Bob Caller."),
    )
    prefix_slot = models.BooleanField(_("with the slot"), default=True)
    prefix_number = models.BooleanField(_("with the parker's number"), default=False)
    prefix_name = models.BooleanField(_("with the parker's name"), default=True)
    alert_info = models.CharField(
        _("ring tone"),
        max_length=200,
        blank=True,
        help_text=_("Alert-Info header of that call, for a ring tone of its own; as your phones' manual says."),
    )
    message = models.CharField(
        _("message to the caller"),
        max_length=200,
        blank=True,
        help_text=_("A sound of Asterisk's, played before the first step of the fallback, such as pls-hold-while-try."),
    )
    message_recording = models.ForeignKey(
        AudioFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded message"),
        help_text=_("Instead of a sound of Asterisk's: a recording uploaded here."),
    )
    when_full = models.CharField(
        _("when the lot is full"), max_length=10, choices=WHEN_FULL, default=WhenFull.PARKER.value
    )
    overflow = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("overflow lot")
    )

    music = models.ForeignKey(
        HoldMusic,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lots",
        verbose_name=_("hold music"),
        help_text=_("Empty: the PBX's default. A class set on the caller's channel (by a trunk, say) wins over it."),
    )
    announce = models.BooleanField(
        _("say the slot"), default=True, help_text=_("The parker hears the slot's number after a transfer.")
    )
    courtesy_tone = models.CharField(
        _("courtesy tone"),
        max_length=200,
        blank=True,
        help_text=_("A sound of Asterisk's, such as beep, played when a call is taken."),
    )
    courtesy_to = models.CharField(_("courtesy tone for"), max_length=6, choices=SIDES, default=Side.CALLER.value)
    transfers = models.CharField(
        _("transfer by DTMF"),
        max_length=6,
        choices=SIDES,
        default=Side.NO.value,
        help_text=_("After a call was taken."),
    )
    reparking = models.CharField(
        _("park again by DTMF"),
        max_length=6,
        choices=SIDES,
        default=Side.NO.value,
        help_text=_("After a call was taken."),
    )

    pin_salt = models.CharField(max_length=64, blank=True, editable=False)
    pin_hash = models.CharField(max_length=64, blank=True, editable=False)

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

    @property
    def live_range(self) -> tuple[int, int]:
        """First and last slot as Asterisk runs them, as far as it is known: what boards show."""
        return self.live_first or self.first_slot, self.live_last or self.last_slot

    @property
    def has_pin(self) -> bool:
        """Whether callers from outside must enter a PIN."""
        return bool(self.pin_hash)
