"""The person a page of the administration is about."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404


def changeable(request: HttpRequest, pk: int) -> User:
    """Raises ``PermissionDenied`` before it is said whether there is such a person, then ``Http404``."""
    people = admin.site.get_model_admin(User)
    if not people.has_change_permission(request):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if not people.has_change_permission(request, user):
        raise PermissionDenied
    return user
