"""Changes of rights and logins reach the open boards at once."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from lots.bridge.announce import announce
from lots.models import LotRight, PagingZone, ParkingLot, Phone, SlotName, WallScreen


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
@receiver([post_save, post_delete], sender=LotRight)
@receiver([post_save, post_delete], sender=WallScreen)
@receiver(m2m_changed, sender=WallScreen.lots.through)
def rights_changed(**_kwargs: Any) -> None:
    """Somebody may do more or less than before."""
    announce({"kind": "rights"})


@receiver(pre_delete, sender=ParkingLot)
def walls_lose_a_lot(instance: ParkingLot, **_kwargs: Any) -> None:
    """A wall screen without any chosen lot shows all: one that loses its last is revoked instead."""
    for screen in WallScreen.objects.filter(lots=instance):
        screen.lots.remove(instance)
        if not screen.lots.exists():
            screen.revoke()
            screen.save(update_fields=["revoked_at"])


@receiver([post_save, post_delete], sender=SlotName)
@receiver([post_save, post_delete], sender=Phone)
@receiver([post_save, post_delete], sender=PagingZone)
def lots_changed(**_kwargs: Any) -> None:
    """A lot, a phone or a zone is told differently than before."""
    announce({"kind": "lots"})


@receiver(m2m_changed, sender=User.groups.through)
def administrators_enter_the_admin(
    action: str, instance: User | Group, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """Who joins Administrators may open the admin pages: Django asks for a mark of its own, easily forgotten."""
    if action != "post_add" or not pk_set:
        return
    joins = pk_set if isinstance(instance, Group) else {instance.pk}
    groups = {instance.pk} if isinstance(instance, Group) else pk_set
    if Group.objects.filter(pk__in=groups, name="Administrators").exists():
        User.objects.filter(pk__in=joins).update(is_staff=True)


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
