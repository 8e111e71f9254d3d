"""Production refuses to start on anything half set, and names each variable at fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from onboarding.config import Misconfigured, Settings, read_settings

WHOLE = {
    "APP_MODE": "production",
    "BASE_URL": "https://portal.example.com",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef,an older one that was thirty-two long",
    "SMTP_URL": "smtps://user:pass@mail.example.com",
    "MAIL_FROM": "portal@example.com",
    "POSTAL_ADDRESS": "1420 Alder St, Portland, OR 97205",
    "TWILIO_ACCOUNT_SID": "AC0123",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+15035550100",
    "STRIPE_SECRET_KEY": "sk_live_0123",
    "STRIPE_WEBHOOK_SECRETS": "whsec_0123",
}


def faults(**changes: str) -> list[str]:
    try:
        read_settings(WHOLE | changes)
    except Misconfigured as refused:
        return refused.sentences
    return []


def test_a_production_that_is_whole_starts() -> None:
    settings = read_settings(WHOLE)
    assert settings.is_production
    assert settings.is_https
    assert settings.host == "portal.example.com"
    assert not settings.has_mail_sandbox
    assert not settings.has_sms_sandbox
    assert not settings.has_card_sandbox
    assert len(settings.secret_keys) == 2


def test_the_demo_starts_with_nothing_set() -> None:
    settings = read_settings({})
    assert settings.mode == "demo"
    assert settings.has_mail_sandbox
    assert settings.has_sms_sandbox
    assert settings.has_card_sandbox
    assert settings.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
        ({"SECRET_KEY": WHOLE["SECRET_KEY"] + ",short"}, "SECRET_KEY is shorter"),
        ({"BASE_URL": "http://portal.example.com"}, "BASE_URL must begin with https://"),
        ({"SMTP_URL": ""}, "SMTP_URL is missing"),
        ({"MAIL_FROM": "portal@localhost"}, "MAIL_FROM is missing"),
        ({"POSTAL_ADDRESS": ""}, "POSTAL_ADDRESS is missing"),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_FROM": ""}, "TWILIO_FROM"),
        ({"TWILIO_BASE_URL": "http://127.0.0.1:9000"}, "TWILIO_BASE_URL must not be set"),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY is missing"),
        ({"STRIPE_WEBHOOK_SECRETS": ""}, "STRIPE_WEBHOOK_SECRETS is missing"),
        ({"STRIPE_BASE_URL": "http://127.0.0.1:9000"}, "STRIPE_BASE_URL must not be set"),
    ],
)
def test_production_refuses_each_part_that_is_missing_or_a_sandbox(
    changes: dict[str, str], named: str
) -> None:
    sentences = faults(**changes)
    assert any(named in sentence for sentence in sentences), sentences


def test_every_part_at_fault_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as refused:
        read_settings({"APP_MODE": "production"})
    text = str(refused.value)
    for name in ("BASE_URL", "SECRET_KEY", "SMTP_URL", "TWILIO_ACCOUNT_SID", "STRIPE_SECRET_KEY",
                 "POSTAL_ADDRESS", "MAIL_FROM"):  # fmt: skip
        assert name in text


@pytest.mark.parametrize("sids", [{"TWILIO_ACCOUNT_SID": "AC1"}, {"TWILIO_FROM": "+15035550100"}])
def test_a_half_set_provider_is_refused_in_the_demo_too(sids: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match="set together or not at all"):
        read_settings(sids)


@pytest.mark.parametrize("mode", ["", "prod", "Production", "development"])
def test_a_mode_that_is_mistyped_is_refused(mode: str) -> None:
    with pytest.raises(Misconfigured, match="APP_MODE"):
        read_settings({"APP_MODE": mode})


@pytest.mark.parametrize("hops", ["-1", "one", "1.5"])
def test_the_number_of_proxies_is_a_number(hops: str) -> None:
    with pytest.raises(Misconfigured, match="TRUSTED_PROXIES"):
        read_settings({"TRUSTED_PROXIES": hops})


def test_an_address_without_a_host_is_refused() -> None:
    with pytest.raises(Misconfigured, match="BASE_URL"):
        read_settings({"BASE_URL": "portal.example.com"})


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(read_settings(WHOLE))
    for name in ("SECRET_KEY", "SMTP_URL", "TWILIO_AUTH_TOKEN", "STRIPE_SECRET_KEY"):
        assert WHOLE[name].split(",")[0] not in shown


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(AttributeError):
        Settings().mode = "production"  # type: ignore[misc]


def test_the_application_itself_refuses_a_half_set_production(tmp_path: Path) -> None:
    environment = {**os.environ, **WHOLE, "DATA_DIR": str(tmp_path), "STRIPE_SECRET_KEY": ""}
    done = subprocess.run(
        [sys.executable, "-c", "from onboarding import create_app; create_app()"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert done.returncode != 0
    assert "STRIPE_SECRET_KEY is missing" in done.stderr
    assert WHOLE["TWILIO_AUTH_TOKEN"] not in done.stderr.replace("TWILIO_AUTH_TOKEN", "")
