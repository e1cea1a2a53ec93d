"""People and roles in the admin: boxes to tick, and only rights that mean something here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lots.admin.spans import moment

if TYPE_CHECKING:
    Users = UserAdmin[User]
    Choice = forms.ModelMultipleChoiceField[Permission]
else:
    Users, Choice = UserAdmin, forms.ModelMultipleChoiceField

OURS = Q(content_type__app_label="lots") | Q(content_type__app_label="auth", content_type__model__in=["user", "group"])
"""Permissions that decide something in the portal."""

admin.site.unregister(User)
admin.site.unregister(Group)


class PermissionChoice(Choice):
    """Permissions by their own names: "Can publish to the PBX"."""

    def label_from_instance(self, obj: Any) -> str:
        """Without the application and the model."""
        return str(obj.name)


@admin.register(User)
class PersonAdmin(Users):
    """What somebody may do comes from their roles."""

    list_display = ["username", "full_name", "roles", "is_staff", "seen"]
    list_filter = ["groups", "is_staff", "is_active"]
    filter_horizontal = []
    readonly_fields = ["seen", "joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Roles"), {"fields": ["groups", "is_active", "is_staff", "is_superuser"]}),
        (_("Log-ins"), {"fields": ["seen", "joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With roles, for the list."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only who may do everything may say who else may."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nor may others give who may do everything a new password, or lock them out."""
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As above."""
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def _may_touch(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles as boxes to tick."""
        kwargs["widget"] = forms.CheckboxSelectMultiple(attrs={"class": "choices"})
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.help_text = ""
        return field

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without a button that makes another role."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False
        return field

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """First and last."""
        return user.get_full_name() or "–"

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """All of them."""
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description=_("last log-in"), ordering="last_login")
    def seen(self, user: User) -> str:
        """When."""
        return moment(user.last_login)

    @admin.display(description=_("since"))
    def joined(self, user: User) -> str:
        """When the account was made."""
        return moment(user.date_joined)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """A role is a set of rights."""

    filter_horizontal = []

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:  # noqa: ARG002
        """Rights as boxes to tick."""
        return PermissionChoice(
            queryset=Permission.objects.filter(OURS).select_related("content_type"),
            required=False,
            label=_("Rights"),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        )
