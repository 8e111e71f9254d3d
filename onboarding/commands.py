"""The command line: `flask --app app …`. Level 7: it reaches into every room."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import click
import phonenumbers
from alembic.util.exc import CommandError
from email_validator import EmailNotValidError, validate_email
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select

from onboarding import config, jobs, migrating
from onboarding.commands_words import in_words
from onboarding.contractors import actions as contractors
from onboarding.contractors.actions import NewContractor, add_contractor
from onboarding.contracts.queries import lost_heads
from onboarding.contracts.verifying import told, told_by_hash
from onboarding.database import Everyone, read
from onboarding.doctor import findings
from onboarding.journey.models import Event
from onboarding.journey.queries import broken_chains
from onboarding.keeping.commands import backup, restore, verify_all
from onboarding.password_rules import Weakness, weakness
from onboarding.support import actions as support

_LONGEST = 200
_LARGEST_FILE = 50_000_000

audit = AppGroup("audit", help="The audit trail.")
_WEAK = {
    Weakness.TOO_SHORT: "use at least 8 characters",
    Weakness.TOO_LONG: "use at most 200 characters",
    Weakness.COMMON: "that one is among the first that anybody would try",
    Weakness.GUESSABLE: "that one is mostly a name or an address",
}


def install(app: Flask) -> None:
    """Puts every command on `flask`."""
    for command in (
        *(migrate, contractor, agent, demo, worker, doctor),
        *(backup, restore, verify_all, document),
    ):
        app.cli.add_command(command)
    app.cli.add_command(audit)


def _email(_: click.Context, __: click.Parameter, typed: str) -> str:
    is_trial = not config.current().is_production
    try:
        checked = validate_email(typed, check_deliverability=False, test_environment=is_trial)
    except EmailNotValidError as fault:
        raise click.BadParameter(str(fault)) from fault
    return str(checked.normalized)


def _phone(_: click.Context, __: click.Parameter, typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException as fault:
        raise click.BadParameter("use a number such as +1 503 555 0142") from fault
    if not phonenumbers.is_possible_number(number):
        raise click.BadParameter("use a number such as +1 503 555 0142")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _color(_: click.Context, __: click.Parameter, typed: str) -> str:
    if not re.fullmatch("#[0-9a-fA-F]{6}", typed):
        raise click.BadParameter("use # and six digits, such as #1f5c49")
    return typed.lower()


def _zone(_: click.Context, __: click.Parameter, typed: str) -> str:
    if typed not in available_timezones():
        raise click.BadParameter("use a name such as America/Los_Angeles")
    return typed


def _password(context: click.Context, _: click.Parameter, typed: str) -> str:
    said = [str(value) for value in context.params.values() if value]
    found = weakness(typed, said)
    if found is not None:
        raise click.BadParameter(_WEAK[found])
    return typed


def _written(_: click.Context, __: click.Parameter, typed: str) -> str:
    plain = typed.strip()
    if not 0 < len(plain) <= _LONGEST:
        raise click.BadParameter(f"use 1 to {_LONGEST} characters")
    return plain


def _sha256(_: click.Context, __: click.Parameter, typed: str | None) -> str | None:
    plain = typed.strip().lower() if typed is not None else None
    if plain is not None and not re.fullmatch("[0-9a-f]{64}", plain):
        raise click.BadParameter("use 64 characters: digits, and a to f")
    return plain


@click.command("migrate")
@click.option("--to", default="head", help="A revision, or head.")
@in_words
def migrate(to: str) -> None:
    """Bring the database of DATABASE_URL up to date."""
    try:
        migrating.upgrade(to)
    except CommandError as unknown:
        raise click.ClickException(f"There is no revision {to}. Use 0001, 0002 …") from unknown
    click.echo(f"The database is at {migrating.present()}.")


@click.command("add-contractor")
@click.option("--name", prompt="Company", callback=_written)
@click.option("--owner", "owner_name", prompt="Owner's name", callback=_written)
@click.option("--email", "owner_email", prompt="Owner's e-mail", callback=_email)
@click.option("--phone", prompt="Company's phone, such as +1 503 555 0142", callback=_phone)
@click.option("--license", "license_number", default="", help="License number.")
@click.option("--address", "postal_address", default="", help="Postal address.")
@click.option("--color", default="#1f5c49", show_default=True, callback=_color, help="The brand's.")
@click.option("--time-zone", default="America/New_York", show_default=True, callback=_zone)
@click.password_option(help="The owner's, at least 8 characters.", callback=_password)
@in_words
def contractor(**told: Any) -> None:
    """Add a contractor with its owner."""
    new = NewContractor(**told)
    try:
        company, _ = add_contractor(new)
    except contractors.AddressTaken as taken:
        raise click.ClickException(f"{taken} already signs in here.") from taken
    click.echo(f"Added {company.name}. Its portal: {_base()}/portal/{company.slug}/sign-in")
    click.echo(f"{new.owner_name} signs in at {_base()}/crm/sign-in")


@click.command("add-agent")
@click.option("--name", prompt="Name", callback=_written)
@click.option("--email", prompt="E-mail", callback=_email)
@click.password_option(help="At least 8 characters.", callback=_password)
@in_words
def agent(name: str, email: str, password: str) -> None:
    """Add a support agent."""
    try:
        support.add_agent(name, email, password)
    except support.AddressTaken as taken:
        raise click.ClickException(f"{taken} already signs in here.") from taken
    click.echo(f"Added {name}, who signs in at {_base()}/support")


@click.command("load-demo")
@in_words
def demo() -> None:
    """Load the demo contractor, unless it is there."""
    from onboarding.sandbox import demo as demo_house

    if config.current().is_production:
        raise click.ClickException("The demo is not for production.")
    try:
        is_new = demo_house.load()
    except demo_house.CutShort as half:
        raise click.ClickException(demo_house.cut_short(config.current())) from half
    click.echo("Loaded." if is_new else "The demo is already there.")


@click.command("worker")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
def worker(threads: int) -> None:
    """Run the worker: messages, seals, expiries. Ends on SIGTERM."""
    click.echo("The worker is running.")
    jobs.run_forever(threads)


@click.command("verify")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--sha256", callback=_sha256, help="The fingerprint of a file, instead of FILE.")
@click.pass_context
def document(context: click.Context, file: Path | None, sha256: str | None) -> None:
    """Tell whether FILE is as it was sealed. Exits with 0 authentic, 1 altered, 2 unknown."""
    if sha256 is not None and file is None:
        found = told_by_hash(sha256)
    elif file is not None and sha256 is None:
        with file.open("rb") as opened:
            found = told(opened.read(_LARGEST_FILE + 1))
    else:
        raise click.UsageError("Give a file, or --sha256.")
    click.echo(f"{found.verdict}: {found.how}")
    if found.stamped_at is not None:
        click.echo(
            f"A time-stamp authority vouches for it since {found.stamped_at:%Y-%m-%d %H:%M:%S} UTC."
        )
    context.exit({"authentic": 0, "altered": 1}.get(found.verdict, 2))


@click.command("doctor")
def doctor() -> None:
    """Check each part: settings, database, mail, SMS, cards, documents, facts."""
    has_fault = False
    for finding in findings(config.current()):
        has_fault = has_fault or not finding.is_well
        click.echo(f"{'ok   ' if finding.is_well else 'FAULT'} {finding.part}: {finding.words}")
    if has_fault:
        raise SystemExit(1)


@audit.command("verify")
@click.option("--head", default="", help="A chain head from a certificate or a confirmation mail.")
@in_words
def verify(head: str) -> None:
    """Verify the hash chain of every onboarding's events, and that each signature stands in it."""
    db = read(Everyone("an audit covers every contractor"))
    faults = [
        *(f"{id_}: event {seq} does not fit its chain" for id_, seq in broken_chains(db)),
        *(f"{id_}: no event bears the signature's head {lost}" for id_, lost in lost_heads(db)),
    ]
    if head and db.scalar(select(Event.id).where(Event.hash == head.strip().lower())) is None:
        faults.append(f"no chain has the head {head}: it was cut or replaced since")
    for fault in faults:
        click.echo(f"BROKEN {fault}")
    if faults:
        raise SystemExit(1)
    count = db.scalar(select(func.count()).select_from(Event))
    click.echo(f"Every chain is whole: {count} events.")


def _base() -> str:
    return config.current().base_url
