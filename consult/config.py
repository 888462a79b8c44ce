"""Every setting, its default and its check. A bad value stops the start with one clear line.

Settings come from the environment, or from `instance/consult.env` (lines of `NAME=value`), the environment
being the stronger. Nothing else in the project reads the environment.
"""

import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from consult import single_sign_on
from consult.single_sign_on import SingleSignOn

SHORTEST_KEY = 32  # bytes; a shorter key can be guessed, and signs every session
SECOND_FACTOR = ("required", "optional")
SHORTLY = {"socket_connect_timeout": 1, "socket_timeout": 1, "wrap_exceptions": True}  # seconds for Redis
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one line that says how to mend it."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the environment, its default in words, and what it does."""

    name: str
    default: str
    about: str


SETTINGS = (
    Setting(
        "CONSULT_SECRET_KEY",
        "made and kept in instance/secret.key",
        "Signs sessions and links; 32 bytes or more.",
    ),
    Setting(
        "CONSULT_DATABASE_URL",
        "sqlite: instance/consult.sqlite3",
        "Where the data lives; `postgresql+psycopg://user:password@host/name` for PostgreSQL.",
    ),
    Setting(
        "CONSULT_REDIS_URL", "none", "Shared limits for several hosts; without it each process counts alone."
    ),
    Setting(
        "CONSULT_BASE_URL", "http://127.0.0.1:$PORT", "The public address; links in mails are made from it."
    ),
    Setting(
        "CONSULT_MAIL_URL",
        "file:",
        "`smtp://user:password@host:port`, `smtps://…`; `file:` writes .eml files to instance/mail.",
    ),
    Setting("CONSULT_MAIL_FROM", "consult@localhost", "The address that mails come from."),
    Setting("CONSULT_TIMEZONE", "Europe/London", "The zone in which dates and times are shown."),
    Setting(
        "CONSULT_SECOND_FACTOR",
        "required, but on a demonstration",
        "`required` or `optional`: whether those who play a part need a second step to sign in.",
    ),
    Setting(
        "CONSULT_OIDC_ISSUER",
        "none",
        "The provider of single sign-on by OpenID Connect, by the https address in which it names itself.",
    ),
    Setting("CONSULT_OIDC_CLIENT_ID", "none", "What the provider calls this site."),
    Setting("CONSULT_OIDC_CLIENT_SECRET", "none", "The secret that the provider gave this site."),
    Setting("CONSULT_OIDC_NAME", "your work account", "What the button says after “Sign in with”."),
    Setting("CONSULT_OIDC_CLAIM", "groups", "The claim in which the provider lists groups."),
    Setting(
        "CONSULT_OIDC_ROLES",
        "none",
        "Which groups play which parts: `GROUP=official:UNIT; GROUP=moderator:ORGANISATION; "
        "GROUP=editor:site; GROUP=administrator:site`.",
    ),
    Setting(
        "CONSULT_OIDC_SECOND_FACTOR",
        "amr",
        "Whether a sign-in there counts as two steps: `never`, `amr` (where the token says so), `always`.",
    ),
    Setting("CONSULT_TRUSTED_PROXIES", "0", "How many proxies in front of us set X-Forwarded-For."),
    Setting("CONSULT_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING, ERROR or CRITICAL."),
    Setting(
        "CONSULT_INSTANCE",
        "the folder `instance` of the project",
        "Where the database, the key and mail files live.",
    ),
    Setting("PORT", "8000", "The port that `make run` and `consult serve` listen on."),
)


@dataclass(frozen=True)
class Settings:
    """The checked settings of one running site."""

    instance: Path
    secret_key: str
    database_url: str
    redis_url: str | None
    base_url: str
    mail_url: str
    mail_from: str
    timezone: ZoneInfo
    second_factor: str  # "required", "optional", or empty: required, but on a demonstration
    trusted_proxies: int
    log_level: str
    port: int
    sign_on: SingleSignOn | None = None
    testing: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    def flask(self) -> dict[str, object]:
        """Return the same as Flask and its extensions want it."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "TESTING": self.testing,
            "SESSION_COOKIE_NAME": "__Host-consult" if self.is_https else "consult",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),  # of a guest, and of what a browser keeps
            "MAX_CONTENT_LENGTH": 3 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 3 * 1024 * 1024,
            "MAX_FORM_PARTS": 2_000,
            "WTF_CSRF_CHECK_DEFAULT": False,  # web.origin checks every form
            "WTF_CSRF_TIME_LIMIT": None,  # a long comment must not fail for having taken long
            "WTF_CSRF_SSL_STRICT": False,  # SameSite and the token do this; a missing Referer must not lose a comment
            "WTF_I18N_ENABLED": False,  # our messages are our own; without this a catalogue is read at each form
            "BABEL_DEFAULT_LOCALE": "en_GB",
            "BABEL_DEFAULT_TIMEZONE": str(self.timezone),
            "RATELIMIT_STORAGE_URI": re.sub("^unix://", "redis+unix://", self.redis_url or "memory://"),
            "RATELIMIT_STORAGE_OPTIONS": dict(SHORTLY) if self.redis_url else {},
            "RATELIMIT_STRATEGY": "moving-window",
            "RATELIMIT_HEADERS_ENABLED": False,
            # A Redis that falls silent opens no door, and breaks none: each process then counts for itself.
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": self.redis_url is not None,
            "RATELIMIT_SWALLOW_ERRORS": self.redis_url is not None,
            **self.extra,
        }


def load(
    instance: Path | None = None, environ: dict[str, str] | None = None, **overrides: object
) -> Settings:
    """Read, check and return the settings of the site whose folder is `instance` (None: where the setting says).

    Raises BadSetting with one line that names the setting and says how to mend it.
    """
    given = dict(os.environ if environ is None else environ)
    instance = instance or _instance(given.get("CONSULT_INSTANCE"))
    instance.mkdir(parents=True, exist_ok=True)
    env = {**_env_file(instance / "consult.env"), **given}
    port = _whole("PORT", env.get("PORT") or "8000", 1, 65535)
    values: dict[str, object] = {
        "instance": instance,
        "secret_key": _secret_key(instance, env.get("CONSULT_SECRET_KEY")),
        "database_url": _database(env.get("CONSULT_DATABASE_URL"), instance),
        "redis_url": _url("CONSULT_REDIS_URL", env.get("CONSULT_REDIS_URL"), ("redis", "rediss", "unix")),
        "base_url": _base(env.get("CONSULT_BASE_URL") or f"http://127.0.0.1:{port}"),
        "mail_url": _mail(env.get("CONSULT_MAIL_URL") or "file:"),
        "mail_from": _address(env.get("CONSULT_MAIL_FROM") or "consult@localhost"),
        "timezone": _zone(env.get("CONSULT_TIMEZONE") or "Europe/London"),
        "second_factor": _second_factor(env.get("CONSULT_SECOND_FACTOR") or ""),
        "trusted_proxies": _whole(
            "CONSULT_TRUSTED_PROXIES", env.get("CONSULT_TRUSTED_PROXIES") or "0", 0, 10
        ),
        "log_level": _level(env.get("CONSULT_LOG_LEVEL") or "INFO"),
        "port": port,
        "sign_on": _sign_on(env),
    }
    return Settings(**{**values, **overrides})  # type: ignore[arg-type]


def _instance(given: str | None) -> Path:
    """Return the folder of the site: in a checkout the project's own, otherwise one where the command is run."""
    if given:
        folder = Path(given)
        if folder.exists() and not folder.is_dir():
            raise BadSetting("CONSULT_INSTANCE must name a folder")
        return folder
    project = Path(__file__).resolve().parent.parent
    return (project if (project / "pyproject.toml").is_file() else Path.cwd()) / "instance"


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _secret_key(instance: Path, given: str | None) -> str:
    if given is None or given == "":
        return _kept_key(instance / "secret.key")
    if len(given.encode()) < SHORTEST_KEY:
        raise BadSetting(
            f"CONSULT_SECRET_KEY is shorter than {SHORTEST_KEY} bytes: make one with `openssl rand -hex 32`"
        )
    return given


def _kept_key(path: Path) -> str:
    """Return the key kept beside the database, making it on the first run, readable by its owner alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text("ascii").strip()
        if len(key) < SHORTEST_KEY:
            raise BadSetting(
                f"{path.name} in the instance folder is damaged: restore it from a back-up"
            ) from None
        return key
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        key = secrets.token_hex(32)
        handle.write(key + "\n")
    return key


def _database(given: str | None, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance.resolve() / 'consult.sqlite3'}"
    given = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", given)
    if not given.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("CONSULT_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://")
    return given


def environment_with(**more: str) -> dict[str, str]:
    """Return the environment for another program that we call, with what it alone should know."""
    return {**os.environ, **more}


def _url(name: str, given: str | None, schemes: tuple[str, ...]) -> str | None:
    if not given:
        return None
    if urlsplit(given).scheme not in schemes:
        raise BadSetting(f"{name} must start with one of: {', '.join(scheme + '://' for scheme in schemes)}")
    return given


def _base(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise BadSetting(
            "CONSULT_BASE_URL must be an address such as https://consult.example.gov.uk, with no path"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _mail(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme == "file":
        return given
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return given
    raise BadSetting("CONSULT_MAIL_URL must be file:, smtp://host:port or smtps://host:port")


def _address(given: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", given):
        raise BadSetting("CONSULT_MAIL_FROM must be one mail address")
    return given


def _sign_on(env: dict[str, str]) -> SingleSignOn | None:
    try:
        return single_sign_on.checked(
            issuer=env.get("CONSULT_OIDC_ISSUER"),
            client_id=env.get("CONSULT_OIDC_CLIENT_ID"),
            client_secret=env.get("CONSULT_OIDC_CLIENT_SECRET"),
            name=env.get("CONSULT_OIDC_NAME"),
            claim=env.get("CONSULT_OIDC_CLAIM"),
            roles=env.get("CONSULT_OIDC_ROLES"),
            second_factor=env.get("CONSULT_OIDC_SECOND_FACTOR"),
        )
    except ValueError as error:
        raise BadSetting(str(error)) from None


def _zone(given: str) -> ZoneInfo:
    try:
        return ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSetting("CONSULT_TIMEZONE must be a zone such as Europe/London") from None


def _whole(name: str, given: str, least: int, most: int) -> int:
    if not given.isdigit() or not least <= int(given) <= most:
        raise BadSetting(f"{name} must be a whole number from {least} to {most}")
    return int(given)


def _second_factor(given: str) -> str:
    if given and given.lower() not in SECOND_FACTOR:
        raise BadSetting(f"CONSULT_SECOND_FACTOR must be one of {', '.join(SECOND_FACTOR)}")
    return given.lower()


def _level(given: str) -> str:
    if given.upper() not in LEVELS:
        raise BadSetting(f"CONSULT_LOG_LEVEL must be one of {', '.join(LEVELS)}")
    return given.upper()
