"""The form of a PBX: where it is, who we are there, and the contexts in which phones and trunks dial."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.admin.lot_fields import explained
from lots.ami import AmiAddress
from lots.config import gate
from lots.models import Pbx
from lots.sealed import seal

if TYPE_CHECKING:
    Form = forms.ModelForm[Pbx]
else:
    Form = forms.ModelForm

KEPT = gettext_lazy("A password is kept. Type another to replace it; it is never shown.")
NEW = gettext_lazy("Kept sealed, and never shown again.")
ACCOUNTS = ("watch", "publish")
ANY = "x"
"""Stands for a password that is kept, where only the rest of an address is looked at."""


def _secret(label: Any) -> forms.CharField:
    hidden = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, required=False, strip=False, max_length=500, widget=hidden)


class PbxForm(Form):
    """Names of contexts are separated by spaces; a password left empty stays as it is."""

    watch_secret = _secret(gettext_lazy("password"))
    publish_secret = _secret(gettext_lazy("password for publishing"))

    class Meta:
        model = Pbx
        fields = [
            "label",
            "name",
            "active",
            "phone_contexts",
            "trunk_contexts",
            "host",
            "port",
            "tls",
            "ca",
            "watch_user",
            "publish_user",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for account in ACCOUNTS:
            if field := self.fields.get(f"{account}_secret"):
                field.help_text = KEPT if self._kept(account) else NEW

    def clean_phone_contexts(self) -> str:
        """As the dialplan names them."""
        found = contexts(self.cleaned_data["phone_contexts"])
        if not found:
            raise ValidationError(_("Name at least one."))
        return found

    def clean_trunk_contexts(self) -> str:
        """As the dialplan names them."""
        return contexts(self.cleaned_data["trunk_contexts"])

    def clean(self) -> dict[str, Any]:
        """A host has an account, and an account is whole."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "host" in self.fields and not self.errors:
            self._check_place(values)
        if "host" in self.fields and not self.errors:
            for account in ACCOUNTS:
                self._check_account(account, values)
        return values

    def save(self, commit: bool = True) -> Pbx:
        """With passwords sealed; who has no user has no password."""
        for account in ACCOUNTS:
            if typed := self.cleaned_data.get(f"{account}_secret"):
                setattr(self.instance, f"{account}_sealed", seal(typed))
            if f"{account}_user" in self.fields and not self.cleaned_data[f"{account}_user"]:
                setattr(self.instance, f"{account}_sealed", "")
        return super().save(commit)

    def _check_place(self, values: dict[str, Any]) -> None:
        host, watch, publish = values["host"], values["watch_user"], values["publish_user"]
        if host and not watch:
            self.add_error("watch_user", _("Name the account that watches calls there."))
        elif watch and not host:
            self.add_error("host", _("Name the host on which this account is."))
        elif publish and not watch:
            self.add_error("watch_user", _("Publishing needs this account as well."))

    def _check_account(self, account: str, values: dict[str, Any]) -> None:
        user, secret = values[f"{account}_user"], values[f"{account}_secret"]
        if not user:
            return
        if not secret and not self._kept(account):
            self.add_error(f"{account}_secret", _("Type the password of this account."))
            return
        place = {name: values[name] for name in ("host", "port", "tls", "ca")}
        try:
            AmiAddress(user=user, secret=secret or ANY, **place).tls_context()
        except OSError as error:
            self.add_error("ca", _("This file cannot be read: %s") % error.strerror)
        except ValueError as error:
            self.add_error("host", str(error))

    def _kept(self, account: str) -> bool:
        return bool(getattr(self.instance, f"{account}_sealed"))


def contexts(text: str) -> str:
    """Each once, one space between them."""
    names = list(dict.fromkeys(text.replace(",", " ").split()))
    try:
        for name in names:
            gate.check_context("", name)
    except gate.UnsafeValue as error:
        raise ValidationError(explained(error)) from error
    return " ".join(names)
