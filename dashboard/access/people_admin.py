"""People in the administration, with their second factor; allauth's own pages there are not shown."""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.admin.people import PersonAdmin
from lots.admin.people_forms import NewPersonForm
from lots.admin.spans import moment

for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.unregister(User)


if TYPE_CHECKING:
    NewForm = AdminUserCreationForm[User]
else:
    NewForm = AdminUserCreationForm


class NewPersonElsewhere(NewForm):
    """Somebody new, with a password or without: who logs in by single sign-on needs none."""

    class Meta(NewPersonForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["usable_password"]
        field.label = gettext_lazy("Logs in with")
        field.choices = [("true", gettext_lazy("a password")), ("false", gettext_lazy("single sign-on"))]
        field.help_text = gettext_lazy("For single sign-on the username must be the one the person has there.")


@admin.register(User)
class PersonWithFactorAdmin(PersonAdmin):
    """Says whether there is one, and leads to taking it off."""

    readonly_fields = [*PersonAdmin.readonly_fields, "second_factor", "elsewhere"]
    fieldsets = [
        *PersonAdmin.fieldsets[:-1],
        (gettext_lazy("Log-ins"), {"fields": ["second_factor", "seen", "joined"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where there is single sign-on: who uses it, and accounts without a password."""
        found = super().get_fieldsets(request, obj)
        if settings.OIDC is None:
            return found
        if obj is None:
            return [(None, {"fields": ["username", "usable_password", "password1", "password2"]}), *found[1:]]
        return [*found[:-1], (found[-1][0], {"fields": ["elsewhere", *found[-1][1]["fields"]]})]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Likewise."""
        if obj is None and settings.OIDC is not None:
            kwargs["form"] = NewPersonElsewhere
        return super().get_form(request, obj, change=change, **kwargs)

    @admin.display(description=gettext_lazy("single sign-on"))
    def elsewhere(self, user: User) -> str:
        """Whether it is their way in."""
        if not user.has_usable_password():
            used = SocialAccount.objects.filter(user=user).exists()
            return _("their only way in") if used else _("their only way in, not used yet")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:access_sso", args=[user.pk]), _("Make it their way in")
        )

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, user: User) -> str:
        """Since when."""
        factor: Any = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if factor is None:
            return _("off")
        where = reverse("admin:access_factor", args=[user.pk])
        since = format_html(_("on since {}"), moment(factor.created_at))
        return format_html('{} · <a href="{}">{}</a>', since, where, _("Take it off"))
