"""Forms of people: passwords that say no more than whether there is one, and rights in words."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, ReadOnlyPasswordHashWidget, UserChangeForm
from django.contrib.auth.forms import UserCreationForm as NewUserForm
from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

if TYPE_CHECKING:
    Choice = forms.ModelMultipleChoiceField[Permission]
    ChangeForm = UserChangeForm[User]
    CreationForm = NewUserForm[User]
    PasswordForm = AdminPasswordChangeForm[User]
else:
    Choice = forms.ModelMultipleChoiceField
    ChangeForm, CreationForm, PasswordForm = UserChangeForm, NewUserForm, AdminPasswordChangeForm

OURS = Q(content_type__app_label="lots") | Q(content_type__app_label="auth", content_type__model__in=["user", "group"])
PARTS = ["slotname", "fallbackstep", "outsidenumber", "lotright", "musictrack", "notice"]
"""Who may change a lot, or a class of music, may change what belongs to it; notices are nobody's to change."""
WRITTEN = ["parkedcall", "publication", "doortry", "act"]
"""Models whose rows the bridge writes: there is nothing to add, change or delete."""
BY_HAND = [f"{verb}_{model}" for verb in ("add", "change", "delete") for model in WRITTEN]
VERBS = {
    "view": gettext_lazy("See %(things)s"),
    "add": gettext_lazy("Add %(things)s"),
    "change": gettext_lazy("Change %(things)s"),
    "delete": gettext_lazy("Delete %(things)s"),
}
NAMED = [
    gettext_noop("Retrieve a parked call to a phone"),
    gettext_noop("Park calls from the board"),
    gettext_noop("Page for a parked call"),
    gettext_noop("End a parked call"),
    gettext_noop("See history and reports"),
    gettext_noop("Publish to the PBX"),
]
"""What rights of our own are called in the database, without their "Can"."""


def meaningful() -> QuerySet[Permission]:
    """Permissions that decide something in the portal."""
    idle = Q(content_type__model__in=PARTS) | Q(codename__in=[*BY_HAND, "add_pbx", "delete_pbx"])
    return Permission.objects.filter(OURS).exclude(idle).select_related("content_type")


class PermissionChoice(Choice):
    """Rights in plain words."""

    def label_from_instance(self, obj: Any) -> str:
        """``Change parking lots``; what has a name of its own without its "Can"."""
        verb, model = obj.codename.split("_", 1)[0], obj.content_type.model_class()
        if model is None or verb not in VERBS or obj.codename != f"{verb}_{obj.content_type.model}":
            return _(capfirst(obj.name.removeprefix("Can ")))
        return str(capfirst(VERBS[verb] % {"things": model._meta.verbose_name_plural}))  # noqa: SLF001  (its public part)


class Password(ReadOnlyPasswordHashWidget):
    """That there is one; how it is kept is nobody's business here."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """One sentence and the button."""
        context = super().get_context(name, value, attrs)
        is_set = value and not value.startswith("!")
        words = _("Set. Nobody can see it, not even here.") if is_set else _("None is set: nobody can log in.")
        context["summary"] = [{"label": words}]
        context["button_label"] = _("Set a new password") if is_set else _("Set a password")
        return context


class PersonForm(ChangeForm):
    """Somebody who has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("password"):
            field.widget, field.help_text = Password(), ""


class NewPersonForm(CreationForm):
    """Somebody who gets one; logging in by other means than a password is not offered."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "groups"]


class NewPasswordForm(PasswordForm):
    """A new password; none is taken away here: an account is switched off instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True
