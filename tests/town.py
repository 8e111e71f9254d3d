"""A town: two contractors, each with people at every stage of the journey. Built once by the rooms'
own actions, with the real mailbox, card sandbox and papers, then put back as it was before each
check."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient

from onboarding import config, create_app, database, gateways, jobs
from onboarding.config import Settings
from onboarding.contractors.actions import NewContractor, add_contractor, add_member
from onboarding.contractors.models import Contractor, Member
from onboarding.gateways.stripe_cards import StripeCards, account_of
from onboarding.sandbox.mailbox import Mailbox
from onboarding.sandbox.stripe_app import Served, serve
from onboarding.sandbox.stripe_sandbox import card_sandbox
from onboarding.support.actions import add_agent
from onboarding.support.models import Agent
from tests import walk
from tests.house import PASSWORD
from tests.residents import STAGES, Resident, Settler
from tests.walk import links_by_address

DATABASES = ("onboarding.db", "mailbox.db", "card-sandbox.db")


@dataclass
class Firm:
    """A contractor of the town, its two members, and its customers by stage."""

    company: Contractor
    owner: Member
    staff: Member
    residents: dict[str, Resident] = field(default_factory=dict)
    neighbors: dict[str, Resident] = field(default_factory=dict)


@dataclass
class Town:
    """`here` is the contractor that checks are about, `elsewhere` the other one.

    `cookies` are those of browsers that are in the middle of something, by name; `told` what
    people were sent or must know: codes, secrets of links, ids.
    """

    app: Flask
    settings: Settings
    checkout: Served
    here: Firm
    elsewhere: Firm
    agent: Agent
    watcher: Agent
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def at(self, stage: str) -> Resident:
        return self.here.residents[stage]

    def client(self, *names: str) -> FlaskClient:
        """A browser that carries these people's cookies, such as `owner` or `customer:estimate`."""
        browser = self.app.test_client()
        for name in names:
            browser.set_cookie(*self.cookies[name])
        return browser

    def enter(self) -> None:
        """Makes this town the process's own again, exactly as it was built."""
        self.connect()
        self.put_back()
        self.app.config["WTF_CSRF_ENABLED"] = False
        jobs.close()

    def put_back(self) -> None:
        """Undoes what was written since."""
        database.end_reads()
        for name in DATABASES:
            restore(self.settings.data_dir / name)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        return dump(self.settings.data_dir / "onboarding.db")

    def connect(self) -> None:
        config.use(self.settings)
        database.end_reads()
        if str(database.engine().url) != self.settings.database_url:
            database.configure(self.settings.database_url)
        gateways.use(self.app.extensions["town gateways"])

    def keep(self) -> None:
        """What stands now is what `enter` brings back."""
        database.end_reads()
        for name in DATABASES:
            keep(self.settings.data_dir / name)


@contextmanager
def built(folder: Path, blank: Path) -> Iterator[Town]:
    """The town, served as long as the context."""
    settings = Settings(
        mode="test",
        base_url="http://localhost",
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'onboarding.db'}",
        secret_keys=("a key for the town that is long enough",),
        postal_address="1 Test Street, Portland, OR 97201",
    )
    shutil.copy(blank, folder / "onboarding.db")
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    checkout = serve(card_sandbox(settings, webhook_url="", public_url=""))
    cards = StripeCards(replace(account_of(settings), base_url=checkout.api_url), retries=0)
    app.extensions["town gateways"] = replace(gateways.current(), cards=cards)
    gateways.use(app.extensions["town gateways"])
    try:
        town = Town(app, settings, checkout, _firm("Ridgeline Roofing"), _firm("Bluebird HVAC"),
                    add_agent("Sam Okafor", "sam@support.test", PASSWORD),
                    add_agent("Ines Prado", "ines@support.test", PASSWORD))  # fmt: skip
        _settle(town)
        walk.sign_everybody_in(town)
        jobs.run_pending()
        town.keep()
        yield town
    finally:
        checkout.stop()
        database.end_reads()
        database.engine().dispose()
        jobs.close()


def _firm(name: str) -> Firm:
    slug = name.lower().replace(" ", "-")
    company, owner = add_contractor(
        NewContractor(
            name=name,
            owner_name="Maria Lindqvist",
            owner_email=f"maria@{slug}.test",
            password=PASSWORD,
            phone="+15035550142",
            license_number="CCB 214887",
            postal_address="1420 Alder St, Portland, OR 97205",
            time_zone="America/Los_Angeles",
        )
    )
    staff = add_member(company.id, "Theo Marsh", f"theo@{slug}.test", PASSWORD)
    return Firm(company, owner, staff)


def _settle(town: Town) -> None:
    """Everybody is invited first, so that the mail goes out once; then each goes on alone."""
    here, elsewhere = town.here, town.elsewhere
    settlers = [
        (people, Settler(firm.company, firm.owner, _press_card, stages))
        for firm, people, stages in (
            (here, here.residents, STAGES),
            (here, here.neighbors, STAGES),
            (elsewhere, elsewhere.residents, ("estimate", "complete")),
        )
    ]
    for people, settler in settlers:
        people.update(settler.invite_all())
    jobs.run_pending()
    links = links_by_address(Mailbox(town.settings))
    for people, settler in settlers:
        people.update({stage: settler.go_on(one, links) for stage, one in people.items()})


def _press_card(url: str, card: str) -> None:
    answer = requests.post(url, data={"test_card": card}, allow_redirects=False, timeout=10)
    assert answer.status_code in (200, 302, 303), answer.text


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order: what a check compares."""
    with closing(sqlite3.connect(path)) as db:
        names = db.execute("select name from sqlite_master where type = 'table' order by name")
        return {
            name: sorted(db.execute(f'select * from "{name}"').fetchall(), key=repr)
            for (name,) in names.fetchall()
        }


def columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[1] for row in db.execute(f'pragma table_info("{table}")')]


def keep(path: Path) -> None:
    _copy(path, path.with_suffix(".kept"))


def restore(path: Path) -> None:
    _copy(path.with_suffix(".kept"), path)


def _copy(source: Path, target: Path) -> None:
    """Into a file that others may have open: by SQLite's own door, page by page."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        other.execute("pragma synchronous=off")
        one.backup(other)
