"""Django's settings: embedded by default, outgrown by two URLs (DATABASE_URL, REDIS_URL)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

from project import logs
from project.admin_theme import THEME
from project.environment import (
    kept_secret,
    new_fernet_key,
    refuse,
    refuse_bad_keys,
    refuse_bad_networks,
    refuse_unsafe,
    secret,
    watermark,
)

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- the instance -------------------------------------------------------------------------------------------------
VIGIL_HOME = Path(env.str("VIGIL_HOME", default=str(BASE_DIR / "data"))).resolve()
"""The folder of this instance: database, media, spool, footage, logs, keys."""
VIGIL_SPOOL_DIR = Path(env.str("VIGIL_SPOOL_DIR", default=str(VIGIL_HOME / "spool")))
VIGIL_FOOTAGE_DIR = Path(env.str("VIGIL_FOOTAGE_DIR", default=str(VIGIL_HOME / "footage")))
"""The only folder below which a camera's source may be a file."""
VIGIL_BASE_URL = env.str("VIGIL_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
PRODUCTION = env.bool("VIGIL_PRODUCTION", default=False)
"""Reached by others than this machine: HTTPS, given secrets, named hosts."""
DEBUG = env.bool("VIGIL_DEBUG", default=False)
SECRET_KEY = kept_secret("VIGIL_SECRET_KEY", folder=VIGIL_HOME / "keys")
VIGIL_FIELD_KEYS = kept_secret("VIGIL_FIELD_KEYS", folder=VIGIL_HOME / "keys", make=new_fernet_key).split(",")
ALLOWED_HOSTS = env.list("VIGIL_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
refuse(len(SECRET_KEY) < 32, "VIGIL_SECRET_KEY is too short: give at least 32 random characters.")
refuse_bad_keys(VIGIL_FIELD_KEYS)

# --- applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "project.accounts",
    "project.audit",
    "project.idempotency",
    "cameras",
    "events",
    "notifications",
    "inference",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "project.middleware.correlate",
    "project.audit.origin.remember",
    "project.middleware.protect",
    "project.middleware.refuse_null_characters",
    "django.middleware.security.SecurityMiddleware",
    "project.static.StaticFiles",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "project.accounts.middleware.keep_log_ins",
    "project.accounts.middleware.remember_device",
    "project.accounts.middleware.ask_staff_for_second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "project.idempotency.middleware.do_once",
]
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database -----------------------------------------------------------------------------------------------------
_SQLITE: dict[str, Any] = {
    # IMMEDIATE: a transaction that begins as a reader and then writes fails at once under contention.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;",
}
_POSTGRES: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}
DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VIGIL_HOME / 'vigil.sqlite3'}")}
_database = DATABASES["default"]
_is_sqlite = _database["ENGINE"].endswith("sqlite3")
_database["OPTIONS"] = {**(_SQLITE if _is_sqlite else _POSTGRES), **_database.get("OPTIONS", {})}
_database["CONN_MAX_AGE"] = 60
_database["CONN_HEALTH_CHECKS"] = True
if _is_sqlite:
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)

# --- Redis: broker, channel layer, live pictures ------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}

# --- people -------------------------------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["project.accounts.backends.LimitedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "project.accounts.password_rules.LengthRule"},
    {"NAME": "project.accounts.password_rules.CommonRule"},
    {"NAME": "project.accounts.password_rules.ContextRule"},
]
PASSWORD_RESET_TIMEOUT = 3600
"""Seconds that the link in a mail works."""
VIGIL_REGISTRATION = env.str("VIGIL_REGISTRATION", default="closed")
"""Who may become a user: nobody, whom a manager invites ("invitation"), or also whoever has a mailbox ("open")."""
refuse(
    VIGIL_REGISTRATION not in ("closed", "invitation", "open"),
    "VIGIL_REGISTRATION must be closed, invitation or open.",
)
VIGIL_STAFF_SECOND_FACTOR = env.bool("VIGIL_STAFF_SECOND_FACTOR", default=False)
"""Staff must set up a second factor before they can do anything else."""
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
TIME_ZONE = "UTC"
USE_TZ = True

# --- mail ---------------------------------------------------------------------------------------------------------
_mail = env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else {}
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "project.accounts.mail_folder.MailFolder")
"""Without EMAIL_URL mail is put into a folder that only the owner of the instance can read: links in it are secrets,
and what is printed ends up in a log."""
EMAIL_FILE_PATH = VIGIL_HOME / "mail"
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("VIGIL_EMAIL_FROM", default="Vigil <vigil@localhost>")

# --- HTTP ---------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION or VIGIL_BASE_URL.startswith("https://")
# Cookies are shared by all ports of a host: a name of its own lets two instances live side by side.
_instance = VIGIL_BASE_URL.rsplit(":", 1)[-1].strip("/")
SESSION_COOKIE_NAME = f"vigil_session_{_instance}" if _instance.isdigit() else "vigil_session"
CSRF_COOKIE_NAME = f"vigil_csrf_{_instance}" if _instance.isdigit() else "vigil_csrf"
VIGIL_DEVICE_COOKIE_NAME = f"vigil_device_{_instance}" if _instance.isdigit() else "vigil_device"
CSRF_TRUSTED_ORIGINS = env.list("VIGIL_TRUSTED_ORIGINS", default=[VIGIL_BASE_URL])
CSRF_FAILURE_VIEW = "project.pages.csrf_failure"
CORS_ALLOWED_ORIGINS = env.list("VIGIL_CORS_ORIGINS", default=[])
"""Other sites whose pages may call the API; they show a token, as cookies are not sent along."""
CORS_URLS_REGEX = r"^/api/"
if env.bool("VIGIL_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("VIGIL_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^health$", "^ready$", "^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    refuse_unsafe(
        debug=DEBUG,
        hosts=ALLOWED_HOSTS,
        base_url=VIGIL_BASE_URL,
        cors_origins=CORS_ALLOWED_ORIGINS,
        redis_url=REDIS_URL,
    )
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = None
"""Nothing is collected: WhiteNoise finds each app's files where they are."""
MEDIA_ROOT = Path(env.str("VIGIL_MEDIA_DIR", default=str(VIGIL_HOME / "media")))
WEB_DIST = BASE_DIR / "web" / "dist"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = WEB_DIST if WEB_DIST.is_dir() else None
"""The built UI: its files lie at /, and `project.pages.ui` answers for the addresses it makes up itself."""
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.\w+$"

# --- REST ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "project.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "project.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["project.throttling.FairUse"],
    "EXCEPTION_HANDLER": "project.answers.answer",
}
VIGIL_RATE_LIMITS = env.bool("VIGIL_RATE_LIMITS", default=True)
VIGIL_RATES = {
    "reads": env.int("VIGIL_RATE_READS", default=600),
    "writes": env.int("VIGIL_RATE_WRITES", default=120),
    "exports": env.int("VIGIL_RATE_EXPORTS", default=10),
    "media": env.int("VIGIL_RATE_MEDIA", default=3000),
    "strangers": env.int("VIGIL_RATE_STRANGERS", default=120),
}
"""Requests a minute of one person; of one address for strangers. 0: no limit."""
SPECTACULAR_SETTINGS = {
    "TITLE": "Vigil",
    "DESCRIPTION": "Cameras, what they saw that was not normal, and what people did about it.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {"SeverityEnum": "events.models.Severity"},
    "PREPROCESSING_HOOKS": ["project.openapi.name_verbs_plainly"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "project.openapi.describe_errors",
    ],
}

VIGIL_METRICS_TOKEN = secret("VIGIL_METRICS_TOKEN")
"""What a Prometheus on another machine shows; without it only this machine may read the figures."""

# --- administration -----------------------------------------------------------------------------------------------
UNFOLD = THEME

# --- what goes out -----------------------------------------------------------------------------------------------
VIGIL_ALLOWED_TARGET_NETWORKS = env.list("VIGIL_ALLOWED_TARGET_NETWORKS", default=[])
"""Networks (CIDR) that are not public, to which webhooks, mail, MQTT and Web Push may go nevertheless."""
refuse_bad_networks("VIGIL_ALLOWED_TARGET_NETWORKS", VIGIL_ALLOWED_TARGET_NETWORKS)

# --- logs ---------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(level=env.str("VIGIL_LOG_LEVEL", default="INFO"))

# --- audit --------------------------------------------------------------------------------------------------------
VIGIL_AUDIT_FILE = env.str("VIGIL_AUDIT_FILE", default="")
"""Where the trail's newest number and digest are appended after each entry; best on another disk."""
VIGIL_AUDIT_WEBHOOK = env.str("VIGIL_AUDIT_WEBHOOK", default="")
"""Where they are posted every few seconds."""

# --- watching -----------------------------------------------------------------------------------------------------
VIGIL_ALLOWED_NETWORKS = env.list("VIGIL_ALLOWED_NETWORKS", default=[] if PRODUCTION else ["127.0.0.0/8", "::1/128"])
"""Loopback and link-local networks (CIDR) in which cameras may be nevertheless."""
VIGIL_LEASE_SECONDS = env.float("VIGIL_LEASE_SECONDS", default=3.0)
VIGIL_HEARTBEAT_SECONDS = env.float("VIGIL_HEARTBEAT_SECONDS", default=1.0)
VIGIL_RETENTION_DAYS = env.int("VIGIL_RETENTION_DAYS", default=30)
"""Events are kept so long; a site may say otherwise, as for the two below."""
VIGIL_RETENTION_MEDIA_DAYS = env.int("VIGIL_RETENTION_MEDIA_DAYS", default=VIGIL_RETENTION_DAYS)
"""Their clips and pictures."""
VIGIL_RETENTION_RECORDING_DAYS = env.int("VIGIL_RETENTION_RECORDING_DAYS", default=7)
VIGIL_DISK_HIGH = watermark("VIGIL_DISK_HIGH", default="95%")
"""With more of the media's disk in use, recordings go, the oldest first, and then clips."""
VIGIL_DISK_LOW = watermark("VIGIL_DISK_LOW", default="90%")
"""Until no more than this is in use."""
