"""In which language somebody is written to."""

from __future__ import annotations

from typing import Any

from project.accounts.models import User

SESSION = "/api/v1/auth/session"


def test_somebody_says_the_language(api: Any, viewer: User) -> None:
    answer = api(viewer).patch(SESSION, {"language": "ko"})
    assert (answer.status_code, answer.json()["language"]) == (200, "ko")
    viewer.refresh_from_db()
    assert viewer.language == "ko"


def test_a_language_that_nobody_speaks_here(api: Any, viewer: User) -> None:
    answer = api(viewer).patch(SESSION, {"language": "tlh"})
    assert answer.status_code == 400
    assert "language" in answer.json()["fields"]
