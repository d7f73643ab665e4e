"""What a password must be, after OWASP ASVS 5.0 (6.2).

* At least 12 and at most 256 characters, of any kind; no mixture is asked for, and no change from time to time.
* None of the 20,000 that are used most, even with digits and signs around it.
* Not made of words that a guesser tries first: the product, the site, the user's own name.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from project.accounts.models import Site, User

SHORTEST = 12
LONGEST = 256
"""Longer ones would only make the slow hash slower."""
LEFT_OVER = 8
"""Characters that must be left of a password without the words."""
PRODUCT_WORDS = ("vigil", "camera", "cctv", "password", "admin")
_AROUND = string.digits + string.punctuation + string.whitespace


class LengthRule:
    """Long enough, and not so long that hashing it costs."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if len(password) < SHORTEST:
            raise ValidationError(f"The password must have at least {SHORTEST} characters.", code="too_short")
        if len(password) > LONGEST:
            raise ValidationError(f"The password must have at most {LONGEST} characters.", code="too_long")

    def get_help_text(self) -> str:
        """For forms."""
        return f"At least {SHORTEST} characters of any kind; several words are easy to remember."


class CommonRule(CommonPasswordValidator):
    """Not one of those that are tried first, nor one of them with something put around it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        super().validate(password, user)
        core = password.strip(_AROUND)
        if core:
            super().validate(core, user)


class ContextRule:
    """Not made of words that a guesser can look up."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        rest = password.casefold()
        for word in sorted(_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(rest.strip(_AROUND)) < LEFT_OVER:
            raise ValidationError(
                "The password is made of names that a guesser tries first: use other words.", code="made_of_names"
            )

    def get_help_text(self) -> str:
        """For forms."""
        return "Not made of the names of the product, the site or yourself."


def _words(user: User | None) -> set[str]:
    given = [*PRODUCT_WORDS, *Site.objects.values_list("name", flat=True)]
    if user is not None:
        given += [user.username, user.first_name, user.last_name, *user.email.split("@")]
    return {word for text in given for word in _parts(text.casefold()) if len(word) >= 4}


def _parts(text: str) -> Iterable[str]:
    return (text, *(part for part in text.replace("@", " ").replace(".", " ").replace("-", " ").split()))
