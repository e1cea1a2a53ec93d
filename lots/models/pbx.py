"""The Asterisk we talk to."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.types.changes import LinkState


class Pbx(models.Model):
    """One Asterisk, what the bridge last knew of it, and which bridge serves it."""

    LINK_STATES = [
        (LinkState.HEARING.value, _("hearing")),
        (LinkState.LOST.value, _("cannot be heard")),
        (LinkState.REFUSED.value, _("refuses the account")),
    ]

    name = models.SlugField(_("name"), unique=True, help_text=_("Small letters, digits and -; for logs and commands."))
    label = models.CharField(_("label"), max_length=80, blank=True, help_text=_("What people call it, such as Berlin."))
    active = models.BooleanField(
        _("in use"), default=True, help_text=_("Off: the portal leaves it alone, and its lots are on no board.")
    )
    host = models.CharField(
        _("host"), max_length=253, blank=True, help_text=_("Name or address at which its manager interface is reached.")
    )
    port = models.PositiveIntegerField(
        _("port"), default=5038, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    tls = models.BooleanField(_("TLS"), default=False, help_text=_("Encrypted; on a port of its own, mostly 5039."))
    ca = models.CharField(
        _("certificate authority"),
        max_length=300,
        blank=True,
        help_text=_("PEM file on the portal's machine to trust instead of the system's authorities."),
    )
    watch_user = models.CharField(_("user"), max_length=80, blank=True)
    watch_sealed = models.TextField(blank=True, editable=False)
    publish_user = models.CharField(
        _("user for publishing"), max_length=80, blank=True, help_text=_("Empty: nothing can be published.")
    )
    publish_sealed = models.TextField(blank=True, editable=False)
    """The accounts' secrets, sealed (``lots/sealed.py``). Of the PBX the environment names all of these are empty."""
    link_state = models.CharField(_("link"), max_length=10, choices=LINK_STATES, default=LinkState.LOST.value)
    link_since = models.DateTimeField(_("since"), null=True, blank=True)
    link_reason = models.CharField(_("reason"), max_length=300, blank=True)
    phone_contexts = models.CharField(
        _("phones' contexts"),
        max_length=300,
        default="phones",
        help_text=_("Contexts your phones dial in, separated by spaces; each must include the context parkinglot."),
    )
    trunk_contexts = models.CharField(
        _("trunks' contexts"),
        max_length=300,
        default="outside",
        blank=True,
        help_text=_("Contexts calls from outside arrive in; each must include parkinglot-outside."),
    )
    drift = models.JSONField(default=dict, editable=False)
    """What the running PBX has otherwise than was published: file name -> unified diff; empty: nothing."""
    drift_checked_at = models.DateTimeField(_("compared at"), null=True, blank=True, editable=False)
    drift_error = models.CharField(max_length=300, blank=True, editable=False)
    publisher = models.CharField(max_length=80, blank=True, editable=False)
    publisher_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Who publishes at this moment: one at a time."""
    ami_version = models.CharField(_("AMI version"), max_length=40, blank=True)
    lease_holder = models.CharField(max_length=80, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("PBX")
        verbose_name_plural = _("PBXs")

    def __str__(self) -> str:
        return self.label or self.name
