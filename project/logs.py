"""Logs: one line of JSON on stderr per event, with a correlation id and without secrets. Free of Django's settings.

`structlog.get_logger(__name__).info("camera registered", camera=...)` and the standard library's loggers end up in the
same place. What `structlog.contextvars.bound_contextvars(trace=...)` binds is in every line written meanwhile.
"""

from __future__ import annotations

import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

from project.masking import MASK, scrub

SECRET_KEYS = frozenset(
    {
        "password",
        "old_password",
        "new_password",
        "recovery_codes",
        "secret",
        "token",
        "access",
        "refresh",
        "authorization",
        "cookie",
        "source",
        "analysis_source",
        "payload",
    }
)


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor: no camera address with its password, and no token, leaves in a log line."""
    for key, value in event.items():
        event[key] = MASK if key.lower() in SECRET_KEYS and value else without_secrets(value)
    return event


def without_secrets(value: Any) -> Any:
    """The value with addresses in it masked, tokens hidden, and nothing shown that is named like a secret."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: MASK if str(key).lower() in SECRET_KEYS else without_secrets(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(item) for item in value]
    if value is None or isinstance(value, int | float):
        return value
    return scrub(str(value))


def is_news(record: logging.LogRecord) -> bool:
    """A filter for what Django says of requests: `/ready` answers 503 while something is missing, that is no error."""
    path = getattr(getattr(record, "request", None), "path", "")
    return not (path == "/ready" and getattr(record, "status_code", None) == 503)


_BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
_AFTER: list[Any] = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    hide_secrets,
    structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
]


def configuration(*, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, as Django's LOGGING; structlog is set up on the way."""
    structlog.configure(
        processors=[*_BEFORE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    through_root = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _AFTER,
                "foreign_pre_chain": [*_BEFORE, structlog.stdlib.ExtraAdder(allow=["status_code"])],
            }
        },
        "filters": {"news": {"()": lambda: is_news}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": through_root,
            "django.request": through_root | {"filters": ["news"]},
            "django.server": through_root,
            "uvicorn": through_root,
            "uvicorn.error": through_root,
            "uvicorn.access": through_root,
        },
    }


def configure(*, level: str = "INFO") -> None:
    """Set this process's logs up, where Django does not do it."""
    logging.config.dictConfig(configuration(level=level))
