"""The app of people, sites and rights."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sites and rights."""

    name = "project.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Let the OpenAPI document know how scripts log in, and list whoever does."""
        import project.accounts.signals
        import project.openapi  # noqa: F401
