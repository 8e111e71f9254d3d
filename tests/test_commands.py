"""The command line, as the person who keeps the installation uses it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select, text

from onboarding import clock, create_app, database, migrating
from onboarding.config import Settings
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, read, transaction
from onboarding.estimates.actions import draft_estimate
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.typesetting import Message
from onboarding.sandbox.mailbox import Mailbox
from tests.house import House, as_member

ROOT = Path(__file__).parents[1]
FLASK = (sys.executable, "-m", "flask", "--app", "app")
ALL = Everyone("the test looks at every contractor")
ALDER = (
    "add-contractor", "--name", "Alder HVAC", "--owner", "Jo Park", "--email", "jo@alder.test",
    "--phone", "(503) 555-0101", "--time-zone", "America/Los_Angeles", "--color", "#7A3E12",
    "--password", "warm in winter",
)  # fmt: skip
SAM = ("add-agent", "--name", "Sam", "--email", "sam@support.test", "--password", "eyes only here")

Command = Callable[..., Result]


@pytest.fixture
def command(house: House) -> Command:
    return lambda *words: house.app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Settings]:
    """An installation without a database yet."""
    folder = tmp_path / "empty"
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'onboarding.db'}")
    yield settings
    database.end_reads()
    database.engine().dispose()


def test_a_contractor_is_added_with_its_owner_who_can_sign_in(house, command):
    answer = command(*ALDER)
    assert answer.exit_code == 0, answer.output
    assert "http://localhost/portal/alder-hvac/sign-in" in answer.output
    company = read(ALL).scalars(select(Contractor)).one()
    assert (company.phone, company.color) == ("+15035550101", "#7a3e12")
    assert read(ALL).scalars(select(Member)).one().role == "owner"
    typed = {"email": "jo@alder.test", "password": "warm in winter"}
    assert house.client().post("/crm/sign-in", data=typed).status_code == 303


@pytest.mark.parametrize(
    ("option", "typed", "said"),
    [
        ("--name", "  ", "1 to 200 characters"),
        ("--owner", "x" * 10_000, "1 to 200 characters"),
        ("--email", "jo at alder", "@-sign"),
        ("--phone", "12", "+1 503 555 0142"),
        ("--color", "green", "#1f5c49"),
        ("--time-zone", "Portland", "America/Los_Angeles"),
        ("--password", "short", "at least 8 characters"),
        ("--password", "alder2026", "mostly a name"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_added(command, option, typed, said):
    answer = command(*ALDER, option, typed)
    assert answer.exit_code == 2
    assert said in answer.output
    assert read(ALL).scalars(select(Contractor)).all() == []


def test_an_address_that_signs_in_already_is_refused(command):
    command(*ALDER)
    again = command(*ALDER)
    assert again.exit_code == 1
    assert "jo@alder.test already signs in here." in again.output


def test_a_support_agent_is_added_once(house, command):
    assert "http://localhost/support" in command(*SAM).output
    assert "already signs in here." in command(*SAM).output
    typed = {"email": "sam@support.test", "password": "eyes only here"}
    assert house.client().post("/support/sign-in", data=typed).status_code == 303


def test_migrating_makes_the_database_and_doctor_finds_all_well(empty):
    runner = create_app(empty).test_cli_runner()
    before = runner.invoke(args=["doctor"])
    assert before.exit_code == 1
    assert "FAULT migrations: empty" in before.output
    assert runner.invoke(args=["migrate"]).output.startswith("The database is at 0")
    after = runner.invoke(args=["doctor"])
    assert after.exit_code == 0, after.output
    assert "FAULT" not in after.output


def test_doctor_names_each_real_part_that_cannot_be_reached(empty):
    unreachable = replace(
        empty,
        smtp_url="smtp://127.0.0.1:9",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="token",
        twilio_from="+15005550006",
        twilio_base_url="http://127.0.0.1:9",
        stripe_secret_key="sk_test_none",
        stripe_webhook_secrets=("whsec_none",),
        stripe_base_url="http://127.0.0.1:9",
    )
    answer = create_app(unreachable).test_cli_runner().invoke(args=["doctor"])
    assert answer.exit_code == 1
    for part in ("e-mail", "text messages", "cards"):
        (line,) = [line for line in answer.output.splitlines() if f" {part}: " in line]
        assert line.startswith("FAULT"), line
        assert "Traceback" not in line


def test_doctor_and_audit_name_what_was_tampered_with(house, command):
    company, owner = house.company()
    contact = house.contact(company)
    job_id = draft_estimate(contact.id, "Roof replacement", as_member(owner)).onboarding_id
    assert command("audit", "verify").output == "Every chain is whole: 1 events.\n"
    with database.engine().begin() as db:
        db.execute(text("UPDATE onboardings SET has_account = 1, event_head = 'forged'"))
    answer = command("audit", "verify")
    assert answer.exit_code == 1
    assert f"BROKEN {job_id}: event 2" in answer.output
    told = command("doctor").output
    assert f"FAULT audit trail: {job_id} at event 2" in told
    assert "has_account is True, its rows say False" in told


def test_the_worker_runs_as_a_program_sends_what_waits_and_ends_when_told(empty):
    environment = {
        "DATA_DIR": str(empty.data_dir),
        "PATH": "/usr/bin:/bin",
        "PYTHONUNBUFFERED": "1",
    }
    create_app(empty)
    migrating.upgrade()
    waiting = Outgoing(
        contractor_id="contractor", contact_id=None, onboarding_id=None, purpose=Purpose.CODE,
        reference=None, channel=Channel.SMS, to="+15035550188", from_name="Ridge", reply_to=None,
        message=Message("", "", "", "Your code is 271828"),
    )  # fmt: skip
    with transaction(ALL) as db:
        queue(db, waiting)
    with subprocess.Popen(
        [*FLASK, "worker"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "The worker is running.\n"
        while not Mailbox(empty).latest("sms"):
            assert worker.poll() is None
            clock.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0


@pytest.mark.parametrize(
    "words", [ALDER, SAM, ("audit", "verify"), ("load-demo",)], ids=lambda words: words[0]
)
def test_a_database_without_tables_is_a_sentence_that_says_what_to_do(empty, words):
    answer = create_app(empty).test_cli_runner().invoke(args=list(words))
    assert answer.exit_code == 1
    assert "The database is empty" in answer.output
    assert "Run flask --app app migrate first." in answer.output
    assert "Traceback" not in answer.output


def test_doctor_says_of_an_empty_database_no_more_than_that(empty):
    said = create_app(empty).test_cli_runner().invoke(args=["doctor"]).output
    assert "FAULT migrations: empty, the newest is" in said
    assert "no such table" not in said


def test_a_revision_that_is_not_there_is_named(empty):
    answer = create_app(empty).test_cli_runner().invoke(args=["migrate", "--to", "9999"])
    assert (answer.exit_code, answer.output) == (
        1, "Error: There is no revision 9999. Use 0001, 0002 …\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DATABASE_URL", "junk", "DATABASE_URL must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("DATA_DIR", "/proc/nowhere", "DATA_DIR /proc/nowhere cannot be used"),
    ],
)
def test_a_setting_that_leads_nowhere_is_a_sentence(tmp_path, variable, value, said):
    environment = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", variable: value}
    answer = subprocess.run(
        [*FLASK, "migrate"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_settings_that_are_not_whole_are_a_few_sentences(tmp_path):
    environment = {"DATA_DIR": str(tmp_path), "APP_MODE": "production", "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(
        [*FLASK, "doctor"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "SMTP_URL is missing" in answer.stderr
    assert "Traceback" not in answer.stderr
