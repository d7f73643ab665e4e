"""People in the administration."""

from __future__ import annotations

from django.test import Client

from project.accounts.models import User


def staff_client(user: User) -> Client:
    """A browser in which this person is logged in, as a member of the staff from now on."""
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client
