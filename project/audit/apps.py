"""The app of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, in rows that nobody changes."""

    name = "project.audit"
    label = "audit"

    def ready(self) -> None:
        """Listen to who logs in and out."""
        import project.audit.log_ins  # noqa: F401
