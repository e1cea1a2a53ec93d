"""The addresses of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("Parkinglot administration")
admin.site.site_title = _("Parkinglot")
admin.site.index_title = _("What the portal knows")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("dashboard.urls")),
]
