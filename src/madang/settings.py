"""Settings: everything a city may turn, read from the environment; everything else is a recipe.

MADANG_HOME      where the database, keys and uploads live (default: ./var)
DATABASE_URL     postgresql://…; without it one SQLite file in MADANG_HOME
DATABASE_REPLICA_URLS  comma-separated read replicas (PostgreSQL)
MADANG_SITE      the public address, e.g. https://madang.example (feeds, mails, checkpoint origin)
MADANG_HOSTS     comma-separated host names answered; default: localhost and the host of MADANG_SITE
MADANG_SET       the recipe set this place runs (default: seoul-2018)
MADANG_PAGES     0 builds every page anew (several machines on one database)
MADANG_DEMO      1 in a demo city: shows the demo accounts, keeps mails in a readable mailbox
MADANG_BOX, MADANG_OBSERVERS  public addresses of the sealed ballot box and of the observers' issuer (docs/rooms/sealed.md)
EMAIL_URL        smtp://user:password@host:587/?tls=1; without it mails are written to MADANG_HOME/mail
KAKAO_CLIENT_ID/_SECRET, NAVER_CLIENT_ID/_SECRET, OIDC_SERVER_URL/_CLIENT_ID/_SECRET/_NAME
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent
TESTING = "pytest" in sys.modules
# tests beside each other have homes of their own, or one would call the other's pages stale
if TESTING and ("PYTEST_XDIST_WORKER" in os.environ or "MADANG_HOME" not in os.environ):
    os.environ["MADANG_HOME"] = tempfile.mkdtemp(prefix="madang-test-")
HOME = Path(os.environ.get("MADANG_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)


def own_secret(name: str) -> str:
    """A secret made once and kept in MADANG_HOME, readable by its owner only."""
    path = HOME / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = os.environ.get("SECRET_KEY") or own_secret("secret.key")
DEBUG = os.environ.get("DEBUG") == "1"
DEMO = os.environ.get("MADANG_DEMO") == "1"
SITE = os.environ.get("MADANG_SITE", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
SET = os.environ.get("MADANG_SET", "seoul-2018")
PAGES = os.environ.get("MADANG_PAGES") != "0"  # keep built pages; off where several machines answer the same addresses
ALLOWED_HOSTS = [h for h in os.environ.get("MADANG_HOSTS", "").split(",") if h] or [
    "localhost", "127.0.0.1", "[::1]", urlsplit(SITE).hostname or "localhost",
]
CSRF_TRUSTED_ORIGINS = [SITE]
SECURE_COOKIES = SITE.startswith("https://")
# `madang run` starts both beside a house on this machine; a house with a public address says where they are
LOCAL = urlsplit(SITE).hostname in ("localhost", "127.0.0.1", "::1")
BESIDE = [f"http://localhost:{int(os.environ.get('PORT', '8000')) + place}" if LOCAL else "" for place in (1, 2)]
BOX = os.environ.get("MADANG_BOX", BESIDE[0]).rstrip("/")
OBSERVERS = os.environ.get("MADANG_OBSERVERS", BESIDE[1]).rstrip("/")

# ── databases: one ORM, two databases ────────────────────────────────────────
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # FULL: an act is acknowledged only when it is on the disk, power cut included
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=1073741824;"
    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
    # the sealer folds the log back into the file, so that no act waits for it; this is for when it does not come
    " PRAGMA wal_autocheckpoint=20000;",
}


def _database(url: str) -> dict:
    config = dj_database_url.parse(url)
    if config["ENGINE"].endswith("sqlite3"):
        return {**config, "OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
    if not config["ENGINE"].endswith("postgresql"):
        raise SystemExit(f"DATABASE_URL: Madang runs on SQLite or PostgreSQL, not {url.split(':')[0]}.")
    return {
        **config,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,  # so that a statement is prepared once a connection, not planned each time
            "prepare_threshold": 3,
            **config.get("OPTIONS", {}),
            "options": "-c jit=off -c idle_in_transaction_session_timeout=60000 -c lock_timeout=15000",
        },
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'madang.sqlite3'}")}
for number, replica in enumerate(filter(None, os.environ.get("DATABASE_REPLICA_URLS", "").split(",")), start=1):
    DATABASES[f"replica{number}"] = {**_database(replica), "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["madang.record.replicas.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── rooms ────────────────────────────────────────────────────────────────────
ROOMS = [
    "record", "places", "people", "bodies", "processes", "matters", "funds", "duties",
    "issuers", "proposals", "deliberation", "decisions", "execution", "evaluation", "notices",
]
INSTALLED_APPS = [
    *[f"madang.{room}" for room in ROOMS],
    "madang.doors.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "madang.doors.web.middleware.Safety",
]
ROOT_URLCONF = "madang.urls"
WSGI_APPLICATION = "madang.doors.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "madang.doors.web.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "madang.doors.web.templatetags.words",
                "madang.doors.web.templatetags.components",
                "madang.doors.web.templatetags.holes",
            ],
        },
    }
]
CSRF_FAILURE_VIEW = "madang.doors.web.do.csrf_failure"
FORM_RENDERER = "madang.doors.web.forms.Renderer"

# ── people ───────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["madang.people.backends.SignedIn"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_ADAPTER = "madang.people.allauth.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "madang.people.allauth.SocialAccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_COOKIES
SOCIALACCOUNT_PROVIDERS: dict = {}
SOCIALACCOUNT_ONLY = False
for provider in ("kakao", "naver"):
    if os.environ.get(f"{provider.upper()}_CLIENT_ID"):  # a provider without keys would answer with an error page
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{provider}")
        SOCIALACCOUNT_PROVIDERS[provider] = {
            "APP": {
                "client_id": os.environ[f"{provider.upper()}_CLIENT_ID"],
                "secret": os.environ.get(f"{provider.upper()}_SECRET", ""),
            }
        }
if os.environ.get("OIDC_SERVER_URL"):
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("OIDC_NAME", "OIDC"),
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_SECRET", ""),
                "settings": {"server_url": os.environ["OIDC_SERVER_URL"]},
            }
        ]
    }

SESSION_ENGINE = "madang.doors.web.sessions"
SESSION_COOKIE_NAME = "madang"
MESSAGE_STORAGE = "madang.doors.web.told.Storage"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = False  # the operator's proxy does it; see docs/operate.md
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form; files have their own bound
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# ── words and time ───────────────────────────────────────────────────────────
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# ── files and letters ────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "files"
DEFAULT_FROM_EMAIL = os.environ.get("MADANG_MAIL_FROM", "madang@localhost")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
if os.environ.get("EMAIL_URL"):
    mail = urlsplit(os.environ["EMAIL_URL"])
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = mail.hostname or "localhost", mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
    EMAIL_USE_TLS = parse_qs(mail.query).get("tls") == ["1"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
