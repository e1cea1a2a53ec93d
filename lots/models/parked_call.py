"""A stay of a caller in a slot: live while open, history when ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lots.models.lot import ParkingLot
from lots.models.phone import Phone
from lots.types.changes import Outcome


class ParkedCall(models.Model):
    """Only the bridge writes these. A row is open (``ended_at`` is null) while the caller is in the slot."""

    OUTCOMES = [
        (Outcome.RETRIEVED.value, _("retrieved")),
        (Outcome.TIMED_OUT.value, _("timed out, went back")),
        (Outcome.ABANDONED.value, _("caller hung up")),
        (Outcome.MOVED.value, _("moved to another slot")),
        (Outcome.TAKEN_ELSEWHERE.value, _("taken over elsewhere")),
        (Outcome.ENDED.value, _("ended by a colleague")),
        (Outcome.LEFT.value, _("left the slot")),
        (Outcome.UNSEEN.value, _("ended unseen")),
    ]

    LONGEST_UNIQUEID = 150

    lot = models.ForeignKey(ParkingLot, models.PROTECT, related_name="calls", verbose_name=_("lot"))
    slot = models.PositiveIntegerField(_("slot"))
    uniqueid = models.CharField(max_length=LONGEST_UNIQUEID)
    linkedid = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=200, blank=True)
    caller_number = models.CharField(_("caller's number"), max_length=80, blank=True)
    caller_name = models.CharField(_("caller's name"), max_length=200, blank=True)
    parker_number = models.CharField(_("parker's number"), max_length=80, blank=True)
    parker_name = models.CharField(_("parker's name"), max_length=200, blank=True)
    parker_device = models.CharField(_("parker's device"), max_length=200, blank=True)
    parked_at = models.DateTimeField(_("parked at"))
    timeout_at = models.DateTimeField(_("goes back at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES, blank=True)
    retriever_number = models.CharField(_("retriever's number"), max_length=80, blank=True)
    retriever_name = models.CharField(_("retriever's name"), max_length=200, blank=True)
    retriever_channel = models.CharField(max_length=200, blank=True)
    retrieved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    claim_until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    for_name = models.CharField(_("for whom"), max_length=80, blank=True)
    for_phone = models.ForeignKey(
        Phone, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phone of whom it is for")
    )
    called_back_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    """Of an abandoned call: when somebody said that it is dealt with."""
    called_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    """How it was dealt with."""

    class Meta:
        verbose_name = _("parked call")
        verbose_name_plural = _("parked calls")
        ordering = ["-parked_at", "-pk"]
        permissions = [
            ("retrieve_parkedcall", "Can retrieve a parked call to a phone"),
            ("park_parkedcall", "Can park calls from the board"),
            ("page_parkedcall", "Can page for a parked call"),
            ("end_parkedcall", "Can end a parked call"),
            ("report_parkedcall", "Can see history and reports"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "uniqueid"], condition=Q(ended_at=None), name="call_open_once_in_a_lot"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="call_ended_has_one_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "-parked_at"], name="call_by_lot_and_time"),
            models.Index(fields=["-parked_at", "-id"], name="call_by_time"),
            models.Index(fields=["uniqueid"], name="call_by_uniqueid"),
        ]

    def __str__(self) -> str:
        return f"{self.caller_name or self.caller_number or self.uniqueid} @ {self.slot}"

    @property
    def waited_seconds(self) -> int | None:
        """Whole seconds in the slot, or None while the caller is still in it."""
        return None if self.ended_at is None else max(0, int((self.ended_at - self.parked_at).total_seconds()))
