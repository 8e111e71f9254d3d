"""The command line: `flask --app app …`. Level 6: it reaches into every room."""

import click
from flask import Flask
from flask.cli import AppGroup

from onboarding import config, jobs, migrating
from onboarding.contractors.actions import AddressTaken, NewContractor, add_contractor
from onboarding.database import Everyone, read
from onboarding.doctor import findings
from onboarding.journey.queries import broken_chains
from onboarding.support.actions import add_agent

audit = AppGroup("audit", help="The audit trail.")


def install(app: Flask) -> None:
    for command in (migrate, contractor, agent, demo, worker, doctor):
        app.cli.add_command(command)
    app.cli.add_command(audit)


@click.command("migrate")
@click.option("--to", default="head", help="A revision, or head.")
def migrate(to: str) -> None:
    """Bring the database of DATABASE_URL up to date."""
    migrating.upgrade(to)
    click.echo(f"The database is at {migrating.present()}.")


@click.command("add-contractor")
@click.option("--name", prompt="Company")
@click.option("--owner", prompt="Owner's name")
@click.option("--email", prompt="Owner's e-mail")
@click.option("--phone", prompt="Company's phone, such as +15035550142")
@click.option("--license", "license_number", default="", help="License number.")
@click.option("--address", default="", help="Postal address.")
@click.option("--color", default="#1f5c49", help="Brand color, #rrggbb.")
@click.option("--time-zone", default="America/New_York")
@click.password_option(help="The owner's password, at least 8 characters.")
def contractor(
    name: str,
    owner: str,
    email: str,
    phone: str,
    license_number: str,
    address: str,
    color: str,
    time_zone: str,
    password: str,
) -> None:
    """Add a contractor with its owner, and the sample contract template."""
    if len(password) < 8:
        raise click.ClickException("Use a password of at least 8 characters.")
    new = NewContractor(
        name, owner, email, password, phone, license_number, address, color, time_zone
    )
    try:
        company, _ = add_contractor(new)
    except AddressTaken as taken:
        raise click.ClickException(f"{taken} already signs in here.") from taken
    click.echo(f"Added {company.name}. Its portal: {_base()}/portal/{company.slug}/sign-in")
    click.echo(f"{owner} signs in at {_base()}/crm/sign-in")


@click.command("add-agent")
@click.option("--name", prompt="Name")
@click.option("--email", prompt="E-mail")
@click.password_option(help="At least 8 characters.")
def agent(name: str, email: str, password: str) -> None:
    """Add a support agent."""
    if len(password) < 8:
        raise click.ClickException("Use a password of at least 8 characters.")
    add_agent(name, email, password)
    click.echo(f"Added {name}, who signs in at {_base()}/support")


@click.command("load-demo")
def demo() -> None:
    """Load the demo contractor, unless it is there."""
    from onboarding.sandbox import demo as demo_house

    if config.current().is_production:
        raise click.ClickException("The demo is not for production.")
    click.echo("Loaded." if demo_house.load() else "The demo is already there.")


@click.command("worker")
@click.option("--threads", default=4, show_default=True)
def worker(threads: int) -> None:
    """Run the worker: messages, seals, expiries. Ends on SIGTERM."""
    click.echo("The worker is running.")
    jobs.run_forever(threads)


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
def verify() -> None:
    """Verify the hash chain of every onboarding's events."""
    db = read(Everyone("an audit covers every contractor"))
    broken = broken_chains(db)
    for onboarding_id, seq in broken:
        click.echo(f"BROKEN {onboarding_id}: event {seq} does not fit its chain")
    if broken:
        raise SystemExit(1)
    click.echo("Every chain is whole.")


def _base() -> str:
    return config.current().base_url
