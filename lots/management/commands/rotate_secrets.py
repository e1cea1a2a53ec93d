"""``manage.py rotate_secrets``: seal the PBXs' passwords and people's second factors with a new key."""

from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lots.models import Pbx
from lots.sealed import CannotOpen, forget_old_keys, new_key_in_file, reseal

SEALED = ["watch_sealed", "publish_sealed"]
FACTORS = ["secret", "seed"]
"""What is sealed of an app's codes, and of recovery codes."""


class Command(BaseCommand):
    help = (
        "Seal the passwords of PBXs, and second factors, with a new key. With SEALING_KEY in the environment: put the "
        "new key before the old one there, with a comma between, restart, run this, then take the old one out. "
        "Without it all of that is done here."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            if not settings.SEALING_KEYS:
                new_key_in_file()
            count = _reseal_all()
            if not settings.SEALING_KEYS:
                forget_old_keys()
        except (CannotOpen, OSError) as error:
            raise CommandError(f"{error} Nothing was lost: the old keys are kept.") from error
        self.stdout.write(f"Sealed anew: the passwords of {count} PBXs.")


@transaction.atomic
def _reseal_all() -> int:
    rows = Pbx.objects.select_for_update().exclude(watch_sealed="", publish_sealed="")
    for pbx in rows:
        for name in SEALED:
            setattr(pbx, name, reseal(getattr(pbx, name)))
        pbx.save(update_fields=SEALED)
    for factor in Authenticator.objects.select_for_update():
        _reseal_factor(factor)
    return len(rows)


def _reseal_factor(factor: Any) -> None:
    """One whose key is gone already lets nobody in, and stays as it is until an administrator takes it off."""
    for name in FACTORS:
        if name in factor.data:
            with suppress(CannotOpen):
                factor.data[name] = reseal(factor.data[name])
    factor.save(update_fields=["data"])
