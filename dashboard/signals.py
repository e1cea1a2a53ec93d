"""Changes of rights and logins reach the open boards at once."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from lots.bridge.announce import announce


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def rights_changed(**_kwargs: Any) -> None:
    """Somebody may do more or less than before."""
    announce({"kind": "rights"})


@receiver(post_save, sender=User)
def user_saved(update_fields: frozenset[str] | None = None, **_kwargs: Any) -> None:
    """A user was changed; the note of a login alone is no change."""
    if update_fields is None or set(update_fields) != {"last_login"}:
        announce({"kind": "rights"})


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **_kwargs: Any) -> None:
    """Somebody logged out (Django's own signal of it comes before the session is gone)."""
    if instance.expire_date > timezone.now():
        announce({"kind": "rights"})
