"""A stay of a caller in a slot: live while open, history when ended."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lots.models.lot import ParkingLot
from lots.models.phone import Phone
from lots.types.calls import Stage
from lots.types.changes import Came, Outcome


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

    STAGES = [(Stage.RECALL.value, _("back to the parker")), (Stage.FALLBACK.value, _("to somebody else"))]
    CAME = [
        (Came.ANSWERED.value, _("answered")),
        (Came.HUNG_UP.value, _("caller hung up")),
        (Came.UNANSWERED.value, _("nobody answered")),
        (Came.PARKED.value, _("parked again")),
        (Came.UNKNOWN.value, _("unknown")),
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
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    """When the caller's wait began, where that was in an earlier slot: they were moved to this one."""
    timeout_at = models.DateTimeField(_("goes back at"), null=True, blank=True)
    more_time = models.BooleanField(default=False)
    """More time was given: ``timeout_at`` is the end of it, and no reminder comes before."""
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES, blank=True)
    retriever_number = models.CharField(_("retriever's number"), max_length=80, blank=True)
    retriever_name = models.CharField(_("retriever's name"), max_length=200, blank=True)
    retriever_channel = models.CharField(max_length=200, blank=True)
    retrieved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    back_stage = models.CharField(max_length=10, choices=STAGES, blank=True)
    """Of a stay that timed out: how far the call has come on its way back; ``""``: it is not on its way."""
    back_since = models.DateTimeField(null=True, blank=True)
    """When the ringing told in ``back_ringing`` began, or the last one ended."""
    back_ringing = models.JSONField(default=list, blank=True)
    """Who is rung: a list of ``[uniqueid, channel, number, name]``."""
    came = models.CharField(_("what became of it"), max_length=10, choices=CAME, blank=True)
    """Of a stay that timed out: what became of the call; ``""``: it is still on its way, or nobody looked."""
    came_at = models.DateTimeField(_("when that was"), null=True, blank=True)
    came_number = models.CharField(_("number of who answered"), max_length=80, blank=True)
    came_name = models.CharField(_("who answered"), max_length=200, blank=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    claim_until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    for_name = models.CharField(_("for whom"), max_length=80, blank=True)
    for_phone = models.ForeignKey(
        Phone, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phone of whom it is for")
    )
    earlier = models.PositiveSmallIntegerField(default=0)
    """Other calls of the same number in the same lot on that day, before this one."""
    called_back_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    """Of an abandoned call: when somebody said that it is dealt with."""
    called_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    """How it was dealt with; of a call that a colleague ended, what the caller was told first."""

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
            models.Index(fields=["ended_at"], condition=~Q(back_stage=""), name="call_on_its_way_back"),
            models.Index(fields=["caller_number", "-parked_at", "-id"], name="call_by_caller"),
        ]

    def __str__(self) -> str:
        return f"{self.caller_name or self.caller_number or self.uniqueid} @ {self.slot}"

    @property
    def since(self) -> datetime:
        """Since when the caller waits, however often they were moved."""
        return self.waiting_since or self.parked_at

    @property
    def waited_seconds(self) -> int | None:
        """Whole seconds in the slot, or None while the caller is still in it."""
        return None if self.ended_at is None else max(0, int((self.ended_at - self.parked_at).total_seconds()))
