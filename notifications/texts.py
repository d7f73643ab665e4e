"""What is said to people, in each of the languages. Facts come in, text goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Catalogue = Mapping[str, str]

_EN: Final[Catalogue] = {
    "severity.low": "Low",
    "severity.medium": "Medium",
    "severity.high": "High",
    "severity.critical": "Critical",
    "category.unusual": "Something unusual",
    "category.view": "The view changed",
    "event.title": "{severity}: {category} at {camera}",
    "event.body": "{site}, {time} ({zone})",
    "event.more": "{more} more since {since}",
    "worse.body": "It is worse than what you were told before.",
    "escalation.title": "Nobody has taken this on: {category} at {camera}",
    "escalation.body": "{severity}. {site}, {time} ({zone}). It has been waiting for {minutes}.",
    "minutes": "{minutes} minutes",
    "minutes.one": "1 minute",
    "offline.title": "Camera offline: {camera}",
    "offline.body": "{site}, no picture since {time} ({zone})",
    "back.title": "Camera back: {camera}",
    "back.body": "{site}, there are pictures again since {time} ({zone})",
    "offline_many.title": "{count} cameras offline at {site}",
    "offline_many.body": "{names}\nNo pictures since {time} ({zone}); a worker or the network may be down.",
    "back_many.title": "{count} cameras back at {site}",
    "back_many.body": "{names}\nThere are pictures again since {time} ({zone}).",
    "test.title": "A test message from Vigil",
    "test.body": "If you read this, the channel {channel} works.",
    "channel_broken.title": "Switched off: {channel}",
    "channel_broken.body": "Messages did not get there, and another try would fail as well: {detail}"
    " Mend the channel and switch it on again.",
}
_KO: Final[Catalogue] = {
    "severity.low": "낮음",
    "severity.medium": "보통",
    "severity.high": "높음",
    "severity.critical": "심각",
    "category.unusual": "평소와 다른 일",
    "category.view": "카메라 화면이 바뀜",
    "event.title": "{severity}: {camera} – {category}",
    "event.body": "{site}, {time} ({zone})",
    "event.more": "{since} 이후 {more}건 더 발생",
    "worse.body": "앞서 알려 드린 것보다 더 심각합니다.",
    "escalation.title": "아직 아무도 확인하지 않음: {camera} – {category}",
    "escalation.body": "{severity}. {site}, {time} ({zone}). {minutes} 동안 기다리고 있습니다.",
    "minutes": "{minutes}분",
    "minutes.one": "1분",
    "offline.title": "카메라 연결 끊김: {camera}",
    "offline.body": "{site}, {time} ({zone})부터 영상이 없습니다.",
    "back.title": "카메라 다시 연결됨: {camera}",
    "back.body": "{site}, {time} ({zone})부터 영상이 다시 들어옵니다.",
    "offline_many.title": "{site}: 카메라 {count}대 연결 끊김",
    "offline_many.body": "{names}\n{time} ({zone})부터 영상이 없습니다."
    " 작업 프로세스나 네트워크에 문제가 있을 수 있습니다.",
    "back_many.title": "{site}: 카메라 {count}대 다시 연결됨",
    "back_many.body": "{names}\n{time} ({zone})부터 영상이 다시 들어옵니다.",
    "test.title": "Vigil 시험 메시지",
    "test.body": "이 메시지가 보이면 {channel} 채널이 작동합니다.",
    "channel_broken.title": "채널 꺼짐: {channel}",
    "channel_broken.body": "메시지를 전달하지 못했고, 다시 시도해도 실패합니다: {detail}"
    " 채널을 고친 뒤 다시 켜 주세요.",
}
CATALOGUES: Final[Mapping[str, Catalogue]] = {"en": _EN, "ko": _KO}


def say(language: str, name: str, **values: object) -> str:
    """The text of that name; English where the language is not one of ours."""
    return CATALOGUES.get(language, _EN)[name].format(**values)


def name_category(language: str, category: str) -> str:
    """What people call it; one that nobody put into words is shown as it is called inside."""
    words = category.replace("_", " ")
    return CATALOGUES.get(language, _EN).get(f"category.{category}", words[:1].upper() + words[1:])
