"""The app of people, sites and rights."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sites and rights."""

    name = "project.accounts"
    label = "accounts"
