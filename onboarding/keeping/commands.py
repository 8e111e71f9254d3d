"""The command line of whoever keeps the installation: backups, and whether all is whole."""

from pathlib import Path

import click

from onboarding import config
from onboarding.commands_words import in_words
from onboarding.keeping import backing_up, settling, wholeness

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("backup")
@click.argument("folder", type=FOLDER)
@in_words
def backup(folder: Path) -> None:
    """Copy database, documents and seal keys into FOLDER, while everything runs on."""
    try:
        copied = backing_up.back_up(config.current(), folder)
    except (backing_up.CannotBackUp, OSError) as reason:
        raise click.ClickException(str(reason)) from reason
    click.echo(f"Backed up into {folder}: the database and {copied.documents} documents.")
    for sha256 in copied.damaged:
        click.echo(f"DAMAGED, left out: document {sha256}", err=True)
    if copied.damaged:
        raise SystemExit(1)


@click.command("restore")
@click.argument("folder", type=FOLDER)
@in_words
def restore(folder: Path) -> None:
    """Put the backup in FOLDER into this installation, which must be empty."""
    try:
        backing_up.restore(config.current(), folder)
    except (backing_up.CannotRestore, OSError) as reason:
        raise click.ClickException(str(reason)) from reason
    settled = settling.settle()
    click.echo(f"Restored from {folder}.")
    click.echo(
        f"Ended, because it may have been used since: {settled.doors} links, codes and sign-ins."
        f" Not sent, because it may have gone out since: {settled.messages} messages and"
        f" {settled.confirmations} confirmations. Each is marked on its contact."
    )


@click.command("verify-all")
@in_words
def verify_all() -> None:
    """Verify every row, every chain of events and every document."""
    found = list(wholeness.faults())
    for fault in found:
        click.echo(f"FAULT {fault}")
    if found:
        raise SystemExit(1)
    click.echo("Every row, every chain and every document is whole.")
