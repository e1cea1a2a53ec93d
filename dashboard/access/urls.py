"""Addresses by the names under which allauth looks for them."""

from allauth.mfa.base.views import authenticate, reauthenticate
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import path
from django.views.decorators.cache import never_cache

from dashboard import views
from dashboard.access import sso
from dashboard.access.account import account
from dashboard.access.second_factor import Confirm, SwitchOn

urlpatterns = [
    path("login/", views.Login.as_view(), name="account_login"),
    path("login/code/", authenticate, name="mfa_authenticate"),
    path("login/sso/", sso.start, name="sso_start"),
    path("login/sso/callback/", sso.callback, name="sso_callback"),
    path("logout/sso/", sso.end, name="sso_end"),
    path("account/", account, name="mfa_index"),
    path("account/confirm/", never_cache(Confirm.as_view()), name="account_reauthenticate"),
    path("account/confirm/code/", never_cache(reauthenticate), name="mfa_reauthenticate"),
    path("account/second-factor/", never_cache(SwitchOn.as_view()), name="mfa_activate_totp"),
    path("account/second-factor/off/", never_cache(deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", never_cache(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", never_cache(generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
