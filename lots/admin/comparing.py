"""Asking for a comparison of the PBX with what was published: a PBX that was never compared is compared at once."""

from django.db.models import Q
from django.db.models.functions import Now

from lots.models import Pbx


def compare_now(pbx: Pbx) -> bool:
    """Ask; False: no bridge serves this PBX, so nobody would look."""
    served = Pbx.objects.filter(~Q(lease_holder=""), pk=pbx.pk, lease_until__gt=Now())
    return bool(served.update(drift_checked_at=None))
