"""People and their groups in the admin: boxes to tick, and only rights that mean something here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lots.admin.base import QuietHistory
from lots.admin.people_forms import NewPasswordForm, NewPersonForm, PermissionChoice, PersonForm, meaningful
from lots.admin.spans import moment

if TYPE_CHECKING:
    Users = UserAdmin[User]
else:
    Users = UserAdmin

FLAGS = {
    "is_active": (_("may log in"), _("Switch it off instead of deleting an account: its name stays in the history.")),
    "is_staff": (_("may open the administration"), _("What there is to see and do there comes from the groups.")),
    "is_superuser": (_("may do everything"), _("Whatever the groups say, in every lot.")),
}
"""In words of the portal."""

admin.site.unregister(User)
admin.site.unregister(Group)


class FlagFilter(admin.BooleanFieldListFilter):
    """Under the words the form has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = FLAGS[self.field_path][0]


@admin.register(User)
class PersonAdmin(QuietHistory, Users):
    """What somebody may do comes from their groups."""

    form, add_form, change_password_form = PersonForm, NewPersonForm, NewPasswordForm
    list_display = ["username", "full_name", "in_groups", "administers", "seen"]
    list_filter = ["groups", ("is_staff", FlagFilter), ("is_active", FlagFilter)]
    filter_horizontal = []
    readonly_fields = ["seen", "joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("What they may do"), {"fields": ["groups", "is_active", "is_staff", "is_superuser"]}),
        (_("Log-ins"), {"fields": ["seen", "joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Person"), {"fields": [("first_name", "last_name")]}),
        (_("What they may do"), {"fields": ["groups", "is_staff"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With groups, for the list."""
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
        """Groups as boxes to tick."""
        kwargs["widget"] = forms.CheckboxSelectMultiple(attrs={"class": "choices"})
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.help_text = ""
        return field

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """In the portal's words, and without a button that makes another group."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False
        if db_field.name in FLAGS:
            words, field.help_text = FLAGS[db_field.name]
            field.label = capfirst(words)
        return field

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """First and last."""
        return user.get_full_name() or "–"

    @admin.display(description=_("groups"))
    def in_groups(self, user: User) -> str:
        """All of them."""
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description=_("administration"), ordering="is_staff")
    def administers(self, user: User) -> str:
        """Whether they may open it, and whether they may log in at all."""
        if not user.is_active:
            return str(_("may not log in"))
        return str(_("everything") if user.is_superuser else _("by their groups") if user.is_staff else _("no"))

    @admin.display(description=_("last log-in"), ordering="last_login")
    def seen(self, user: User) -> str:
        """When."""
        return moment(user.last_login)

    @admin.display(description=_("since"))
    def joined(self, user: User) -> str:
        """When the account was made."""
        return moment(user.date_joined)


@admin.register(Group)
class RoleAdmin(QuietHistory, GroupAdmin):
    """A group is a set of rights."""

    filter_horizontal = []

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:  # noqa: ARG002
        """Rights as boxes to tick."""
        return PermissionChoice(
            queryset=meaningful(),
            required=False,
            label=_("Rights"),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        )
