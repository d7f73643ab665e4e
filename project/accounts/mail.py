"""Mail to one person about their account, in their language. Sent outside of transactions."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """A mail as it is written down; `{link}` and the like are filled in."""

    subject: str
    body: str


RESET = {
    "en": Text(
        "Set a new password for Vigil",
        "Somebody, probably you, asked to set a new password for the account {username}.\n\n{link}\n\n"
        "The link works once and for one hour. If it was not you, ignore this mail: nothing has changed.",
    ),
    "ko": Text(
        "Vigil 비밀번호 재설정",
        "{username} 계정의 비밀번호를 새로 정해 달라는 요청이 있었습니다.\n\n{link}\n\n"
        "이 링크는 한 시간 동안 한 번만 쓸 수 있습니다. 요청하지 않으셨다면 무시하셔도 됩니다. 바뀐 것은 없습니다.",
    ),
}
CHANGED = {
    "en": Text(
        "Your password for Vigil was changed",
        "The password of the account {username} was changed, and you were logged out everywhere else.\n\n"
        "If it was not you, tell whoever runs Vigil at once.",
    ),
    "ko": Text(
        "Vigil 비밀번호가 변경되었습니다",
        "{username} 계정의 비밀번호가 변경되었고, 다른 모든 곳에서 로그아웃되었습니다.\n\n"
        "본인이 아니라면 바로 Vigil 운영자에게 알려 주세요.",
    ),
}
INVITATION = {
    "en": Text(
        "You are invited to Vigil",
        "You are invited to {site}.\n\n{link}\n\nThe link works once, until {until}. "
        "If you do not expect this, ignore it.",
    ),
    "ko": Text(
        "Vigil 초대",
        "{site}에 초대되셨습니다.\n\n{link}\n\n이 링크는 {until}까지 한 번만 쓸 수 있습니다. "
        "모르는 초대라면 무시하셔도 됩니다.",
    ),
}
REGISTRATION = {
    "en": Text(
        "Finish your account for Vigil",
        "Choose a password here:\n\n{link}\n\nThe link works once, until {until}.",
    ),
    "ko": Text(
        "Vigil 계정 만들기",
        "여기에서 비밀번호를 정해 주세요:\n\n{link}\n\n이 링크는 {until}까지 한 번만 쓸 수 있습니다.",
    ),
}
HAS_ACCOUNT = {
    "en": Text(
        "You have an account for Vigil already",
        "Somebody, probably you, asked for an account for this address, which has one: {username}.\n\n"
        "If you have forgotten the password, set a new one at {link}.",
    ),
    "ko": Text(
        "이미 Vigil 계정이 있습니다",
        "이 주소로 계정을 만들어 달라는 요청이 있었지만, 이미 계정이 있습니다: {username}.\n\n"
        "비밀번호를 잊으셨다면 다음 주소에서 새로 정해 주세요: {link}",
    ),
}


def send(texts: dict[str, Text], *, to: str, language: str, **values: str) -> bool:
    """Whether the mail server took it; what went wrong is logged, without the text."""
    text = texts.get(language, texts["en"])
    try:
        EmailMessage(text.subject, text.body.format(**values), to=[to]).send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a bad header is a ValueError
        log.warning("a mail about an account could not be sent", error=type(error).__name__)
        return False
    return True


def link_to(page: str, secret: str = "") -> str:
    """The address of a page of the UI. The secret is behind the #, which browsers send to no server and no log sees."""
    return f"{settings.VIGIL_BASE_URL}/{page}" + (f"#{secret}" if secret else "")
