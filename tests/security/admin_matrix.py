"""The permission matrix of the admin: one row a page, one cell a person.

A new model, page or action in the admin without a row here fails `test_admin_matrix`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Clerk(StrEnum):
    """Who tries the admin."""

    NOBODY = "nobody"
    MANAGER = "a manager who is no staff"
    KEY = "a superuser's API key"
    STAFF = "staff without a site"
    FOREIGN = "staff that manages another site"
    OPERATOR = "staff that operates the site"
    MANAGING = "staff that manages the site"
    SUPERUSER = "superuser"
    DISABLED = "superuser who was switched off"


class Outcome(StrEnum):
    """What became of it."""

    PAGE = "the page"
    LOG_IN = "sent to the log-in"
    FORBIDDEN = "403"
    NOT_THERE = "there is no such thing"
    """404, or sent to the start with the word that it does not exist."""
    ACCOUNT = "sent to their account in the UI"
    TRAIL = "sent to the audit trail"
    """Which asks once more who it is."""


C, O = Clerk, Outcome  # noqa: E741
Cells = dict[Clerk, Outcome]

OUTSIDE = dict.fromkeys((C.NOBODY, C.MANAGER, C.KEY, C.DISABLED), O.LOG_IN)


def cells(
    *, staff: Outcome, foreign: Outcome, operating: Outcome, managing: Outcome, superuser: Outcome = O.PAGE
) -> Cells:
    """Whoever is not staff is sent to the log-in, always."""
    inside = {
        C.STAFF: staff,
        C.FOREIGN: foreign,
        C.OPERATOR: operating,
        C.MANAGING: managing,
        C.SUPERUSER: superuser,
    }
    return OUTSIDE | inside


ALL_STAFF = cells(staff=O.PAGE, foreign=O.PAGE, operating=O.PAGE, managing=O.PAGE)
SUPERUSERS = cells(staff=O.FORBIDDEN, foreign=O.FORBIDDEN, operating=O.FORBIDDEN, managing=O.FORBIDDEN)
NO_ONE = dict.fromkeys(SUPERUSERS, O.FORBIDDEN) | OUTSIDE
MANAGERS = cells(staff=O.FORBIDDEN, foreign=O.PAGE, operating=O.FORBIDDEN, managing=O.PAGE)
"""Of a list, in which a foreign one finds nothing of the site."""
MANAGERS_OF_IT = cells(staff=O.FORBIDDEN, foreign=O.NOT_THERE, operating=O.FORBIDDEN, managing=O.PAGE)
IN_THE_UI = cells(staff=O.ACCOUNT, foreign=O.ACCOUNT, operating=O.ACCOUNT, managing=O.ACCOUNT, superuser=O.ACCOUNT)
SENT_ON = cells(staff=O.TRAIL, foreign=O.TRAIL, operating=O.TRAIL, managing=O.TRAIL, superuser=O.TRAIL)


@dataclass(frozen=True)
class Page:
    """Who may see one page of the admin."""

    cells: Cells
    at: str = ""
    """The attribute of the world whose page it is."""
    query: str = ""


def model(name: str, at: str, *, listed: Cells, one: Cells, add: Cells, delete: Cells) -> dict[str, Page]:
    """The pages of one model."""
    return {
        f"{name}_changelist": Page(listed),
        f"{name}_add": Page(add),
        f"{name}_change": Page(one, at),
        f"{name}_delete": Page(delete, at),
        f"{name}_history": Page(SENT_ON, at),
    }


def of_superusers(name: str, at: str, *, add: Cells = SUPERUSERS, delete: Cells = SUPERUSERS) -> dict[str, Page]:
    """The pages of a model that only superusers see."""
    return model(name, at, listed=SUPERUSERS, one=SUPERUSERS, add=add, delete=delete)


def of_managers(name: str, at: str, *, add: Cells, delete: Cells) -> dict[str, Page]:
    """The pages of a model of which managers see what belongs to their sites."""
    return model(name, at, listed=MANAGERS, one=MANAGERS_OF_IT, add=add, delete=delete)


PAGES: dict[str, Page] = {
    "index": Page(ALL_STAFF),
    "jsi18n": Page(ALL_STAFF),
    "password_change": Page(IN_THE_UI),
    "password_change_done": Page(ALL_STAFF),
    "autocomplete": Page(SUPERUSERS, query="app_label=accounts&model_name=membership&field_name=user&term=a"),
    **of_superusers("accounts_user", "viewer", delete=NO_ONE),
    "auth_user_password_change": Page(SUPERUSERS, "viewer"),
    **of_superusers("accounts_site", "site", delete=NO_ONE),
    **of_superusers("accounts_token", "token", add=NO_ONE, delete=NO_ONE),
    **of_managers("cameras_camera", "camera", add=MANAGERS, delete=MANAGERS_OF_IT),
    **of_superusers("cameras_worker", "worker", add=NO_ONE, delete=NO_ONE),
    **of_managers("events_event", "event", add=NO_ONE, delete=SUPERUSERS),
    **of_managers("events_retentionpolicy", "policy", add=MANAGERS, delete=MANAGERS_OF_IT),
    **of_managers("audit_auditentry", "entry", add=NO_ONE, delete=NO_ONE),
    **of_managers("notifications_channel", "channel", add=NO_ONE, delete=NO_ONE),
    **of_managers("notifications_rule", "rule", add=MANAGERS, delete=MANAGERS_OF_IT),
    **of_managers("notifications_snooze", "snooze", add=NO_ONE, delete=NO_ONE),
    **of_managers("notifications_delivery", "delivery", add=NO_ONE, delete=NO_ONE),
    "search": Page(ALL_STAFF, query="s=7f3a"),
}
OPEN = {"login", "logout", "view_on_site", "app_list"}
"""Pages of Django's own that show nothing: see `test_admin_matrix`."""
ACTIONS: dict[str, set[str]] = {
    "accounts.user": {"remove_second_factors"},
    "accounts.token": {"end_log_ins"},
    "audit.auditentry": {"as_table"},
    "notifications.channel": {"send_test", "switch_on", "switch_off"},
    "notifications.rule": {"switch_on", "switch_off"},
    "notifications.snooze": {"end"},
    "cameras.camera": {"start", "stop", "relearn", "test"},
}
