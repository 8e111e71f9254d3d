"""Every setting, typed, read once from the environment; a half-set production refuses to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

MODES = ("demo", "test", "production")
SIGN_UP = ("open", "closed")
SWITCH = ("on", "off")
_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")
_DEMO_SECRET = "demo-only-secret-that-production-refuses"  # noqa: S105 (refused in production)


class Misconfigured(Exception):
    """What is wrong with the settings, a sentence a line, each naming its variable."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


@dataclass(frozen=True)
class Settings:
    """The installation's settings. Secrets are kept out of its repr."""

    mode: str = "demo"
    base_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("data")
    database_url: str = ""
    secret_keys: tuple[str, ...] = field(default=(_DEMO_SECRET,), repr=False)
    jobs_url: str = ""
    trusted_proxies: int = 0
    sign_up: str = "open"

    smtp_url: str = field(default="", repr=False)
    mail_from: str = "portal@localhost"
    postal_address: str = ""

    # Who may report what became of an e-mail.
    mail_webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    ses_topics: tuple[str, ...] = ()
    postmark_webhook_password: str = field(default="", repr=False)

    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_from: str = ""
    twilio_base_url: str = "https://api.twilio.com"
    sms_countries: tuple[str, ...] = ("US", "CA")
    quiet_hours: str = "off"

    stripe_secret_key: str = field(default="", repr=False)
    stripe_webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    stripe_base_url: str = ""

    tsa_url: str = field(default="", repr=False)
    seal_pkcs12: Path | None = None
    seal_pkcs12_password: str = field(default="", repr=False)

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def has_quiet_hours(self) -> bool:
        """Texts that a contractor sets off by night wait for the morning at the customer's."""
        return self.quiet_hours == "on"

    @property
    def has_sign_up(self) -> bool:
        """New companies begin by themselves, in the browser."""
        return self.sign_up == "open"

    @property
    def secret_key(self) -> str:
        return self.secret_keys[0]

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def has_mail_sandbox(self) -> bool:
        """Mail is kept on the local mailbox page instead of being sent."""
        return not self.smtp_url

    @property
    def has_sms_sandbox(self) -> bool:
        return not self.twilio_account_sid

    @property
    def has_card_sandbox(self) -> bool:
        """Cards go to the sandbox in this process instead of Stripe."""
        return not self.stripe_secret_key

    @property
    def documents_dir(self) -> Path:
        return self.data_dir / "documents"

    @property
    def seal_dir(self) -> Path:
        return self.data_dir / "seal"


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Makes `settings` the ones of this process: web server, worker and command line alike."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings of this process, where there is no request to ask: in actions, in the worker."""
    if _current is None:
        raise RuntimeError("No settings yet: call config.use(settings) first.")
    return _current


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises Misconfigured, naming every variable at fault."""
    data_dir = Path(environment.get("DATA_DIR", "data")).absolute()
    settings = Settings(
        mode=environment.get("APP_MODE", "demo"),
        base_url=environment.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        data_dir=data_dir,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{data_dir / 'onboarding.db'}",
        secret_keys=_several(environment.get("SECRET_KEY", "")) or (_DEMO_SECRET,),
        jobs_url=environment.get("JOBS_URL", ""),
        trusted_proxies=_whole(environment, "TRUSTED_PROXIES"),
        sign_up=environment.get("SIGN_UP", "open"),
        smtp_url=environment.get("SMTP_URL", ""),
        mail_from=environment.get("MAIL_FROM", "portal@localhost"),
        postal_address=environment.get("POSTAL_ADDRESS", ""),
        mail_webhook_secrets=_several(environment.get("MAIL_WEBHOOK_SECRETS", "")),
        ses_topics=_several(environment.get("SES_TOPICS", "")),
        postmark_webhook_password=environment.get("POSTMARK_WEBHOOK_PASSWORD", ""),
        twilio_account_sid=environment.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=environment.get("TWILIO_AUTH_TOKEN", ""),
        twilio_from=environment.get("TWILIO_FROM", ""),
        twilio_base_url=environment.get("TWILIO_BASE_URL", "https://api.twilio.com").rstrip("/"),
        sms_countries=_several(environment.get("SMS_COUNTRIES", "US,CA")),
        # Whoever tries the demo at night waits for nothing.
        quiet_hours=environment.get(
            "QUIET_HOURS", "on" if environment.get("APP_MODE") == "production" else "off"
        ),
        stripe_secret_key=environment.get("STRIPE_SECRET_KEY", ""),
        stripe_webhook_secrets=_several(environment.get("STRIPE_WEBHOOK_SECRETS", "")),
        stripe_base_url=environment.get("STRIPE_BASE_URL", "").rstrip("/"),
        tsa_url=environment.get("TSA_URL", ""),
        seal_pkcs12=_path(environment.get("SEAL_PKCS12", "")),
        seal_pkcs12_password=environment.get("SEAL_PKCS12_PASSWORD", ""),
    )
    refuse_half_set(settings)
    return settings


def refuse_half_set(settings: Settings) -> None:
    """Raises Misconfigured unless every part is whole, and real where the mode is production."""
    sentences = _faults_anywhere(settings) + _faults_of_seals(settings)
    if settings.is_production:
        sentences += _faults_in_production(settings)
    if sentences:
        raise Misconfigured(sentences)


def _faults_anywhere(settings: Settings) -> list[str]:
    twilio = (settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from)
    checks = [
        (settings.mode in MODES, f"APP_MODE is {settings.mode!r}: use one of {', '.join(MODES)}."),
        (settings.sign_up in SIGN_UP, f"SIGN_UP is {settings.sign_up!r}: use open or closed."),
        (
            settings.quiet_hours in SWITCH,
            f"QUIET_HOURS is {settings.quiet_hours!r}: use on or off.",
        ),
        (bool(settings.host), "BASE_URL must be an address such as https://portal.example.com."),
        (
            settings.database_url.startswith(_DATABASES),
            "DATABASE_URL must begin with postgresql:// or be left empty for SQLite.",
        ),
        (
            all(twilio) or not any(twilio),
            "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM are set together or not at all.",
        ),
        (
            bool(settings.stripe_webhook_secrets) or not settings.stripe_secret_key,
            "STRIPE_WEBHOOK_SECRETS is missing: Stripe's events could not be believed.",
        ),
        (
            all(len(secret) >= 24 for secret in settings.mail_webhook_secrets),
            "MAIL_WEBHOOK_SECRETS is shorter than 24 characters.",
        ),
        (
            not settings.postmark_webhook_password or len(settings.postmark_webhook_password) >= 16,
            "POSTMARK_WEBHOOK_PASSWORD is shorter than 16 characters.",
        ),
        (
            all(topic.startswith("arn:aws") for topic in settings.ses_topics),
            "SES_TOPICS names topics of Amazon SNS, each beginning with arn:aws.",
        ),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _faults_of_seals(settings: Settings) -> list[str]:
    scheme = "https://" if settings.is_production else ("https://", "http://")
    checks = [
        (
            not settings.tsa_url
            or (settings.tsa_url.startswith(scheme) and _host(settings.tsa_url) is not None),
            "TSA_URL must be an address such as https://tsa.example.com; https in production.",
        ),
        (
            (settings.seal_pkcs12 is None) == (not settings.seal_pkcs12_password),
            "SEAL_PKCS12 and SEAL_PKCS12_PASSWORD are set together or not at all.",
        ),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _faults_in_production(settings: Settings) -> list[str]:
    checks = [
        (settings.is_https, "BASE_URL must begin with https:// in production."),
        (
            _DEMO_SECRET not in settings.secret_keys,
            "SECRET_KEY is missing: set 32 random characters or more, the newest first.",
        ),
        (
            all(len(key) >= 32 for key in settings.secret_keys),
            "SECRET_KEY is shorter than 32 characters.",
        ),
        (bool(settings.smtp_url), "SMTP_URL is missing: the local mailbox is for the demo only."),
        (
            bool(settings.twilio_account_sid),
            "TWILIO_ACCOUNT_SID is missing: the local phone is for the demo only.",
        ),
        (
            bool(settings.stripe_secret_key),
            "STRIPE_SECRET_KEY is missing: the card sandbox is for the demo only.",
        ),
        (
            not settings.stripe_base_url,
            "STRIPE_BASE_URL must not be set in production: cards go to Stripe itself.",
        ),
        (
            settings.twilio_base_url == "https://api.twilio.com",
            "TWILIO_BASE_URL must not be set in production.",
        ),
        (bool(settings.postal_address), "POSTAL_ADDRESS is missing: every e-mail must carry one."),
        (
            not settings.mail_from.endswith("@localhost"),
            "MAIL_FROM is missing: the address that e-mails come from.",
        ),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.port != 0 else None
    except ValueError:
        return None


def _path(text: str) -> Path | None:
    return Path(text).absolute() if text else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name, "0")
    if not text.isdecimal():
        raise Misconfigured([f"{name} is {text!r}: use a whole number."])
    return int(text)
