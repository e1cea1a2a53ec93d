"""Admin pages that belong to no model's list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import path


def register_page(route: str, view: Callable[..., Any], name: str) -> None:
    """``view`` at ``/admin/<route>`` as ``admin:<name>``: for who may enter the admin; rights it checks itself."""
    site = admin.site
    before = site.get_urls

    def get_urls() -> list[Any]:
        return [path(route, site.admin_view(view), name=name), *before()]

    site.get_urls = get_urls  # type: ignore[method-assign]  # Django has no other way for a page without a model
