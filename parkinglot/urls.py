"""The addresses of the portal."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import set_language

from dashboard.access.account import admin_login

admin.site.site_header = _("Parkinglot administration")
admin.site.site_title = _("Parkinglot")
admin.site.index_title = _("Overview")
admin.site.enable_nav_sidebar = False  # a row of links stands at the top instead: templates/admin/base_site.html

urlpatterns = [
    path("admin/login/", admin_login),  # one way in for all
    path("admin/password_change/", RedirectView.as_view(pattern_name="dashboard:password")),
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("favicon.ico", RedirectView.as_view(url=static("favicon.svg"))),
    path("", include("dashboard.access.urls")),
    path("", include("dashboard.urls")),
]
