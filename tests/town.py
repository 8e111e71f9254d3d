"""A town: two contractors, each with people at every stage of the journey. Built once by the rooms'
own actions, with the real mailbox, card sandbox and papers, then put back as it was before each
check."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient

from onboarding import clock, config, create_app, database, gateways, jobs
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

Rows = dict[str, list[dict[str, Any]]]
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
    built_at: datetime = field(default_factory=clock.now)
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    _watchers: dict[str, sqlite3.Connection] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _kept: Rows = field(default_factory=dict)

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
            path = self.settings.data_dir / name
            if self._versions.get(name) != self._version(path):
                restore(path)
                self._versions[name] = self._version(path)

    def _version(self, path: Path) -> int:
        """Moves on whenever anybody else commits to the file."""
        if path.name not in self._watchers:
            self._watchers[path.name] = sqlite3.connect(path, check_same_thread=False)
        return self._watchers[path.name].execute("pragma data_version").fetchone()[0]

    def close(self) -> None:
        for watcher in self._watchers.values():
            watcher.close()

    def is_changed(self) -> bool:
        """Somebody has written something since the town was put back; quickly told."""
        paths = [self.settings.data_dir / name for name in DATABASES]
        return any(self._versions.get(path.name) != self._version(path) for path in paths)

    def rows(self) -> Rows:
        return dump(self.settings.data_dir / "onboarding.db")

    def everything(self) -> Rows:
        """What was sent and what stands at the card sandbox, too. Not to be changed."""
        if self.is_changed() or not self._kept:
            found = {
                table: rows
                for name in DATABASES
                for table, rows in dump(self.settings.data_dir / name).items()
            }
            if self.is_changed():
                return found
            self._kept.update(found)
        return self._kept

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
        town.built_at = clock.now()
        yield town
        town.close()
    finally:
        app.extensions["card_sandbox"].webhooks.stop()
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


def dump(path: Path) -> Rows:
    """Every row of every table, by the names of its columns: what a check compares."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = db.execute("select name from sqlite_master where type = 'table' order by name")
        return {
            name: [dict(row) for row in db.execute(f'select * from "{name}" order by 1, rowid')]
            for (name,) in names.fetchall()
        }


def differences(before: Rows, after: Rows, besides: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A sentence for each table that changed, but for the columns named in `besides`."""
    faults = []
    for table in sorted(before.keys() | after.keys()):
        were = [_less(row, besides.get(table, ())) for row in before.get(table, [])]
        are = [_less(row, besides.get(table, ())) for row in after.get(table, [])]
        if were != are:
            new = [row for row in are if row not in were]
            faults.append(f"{table} changed from {len(were)} rows to {len(are)}: {new[:3]}")
    return faults


def _less(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def keep(path: Path) -> None:
    _copy(path, path.with_suffix(".kept"))


def restore(path: Path) -> None:
    _copy(path.with_suffix(".kept"), path)


def _copy(source: Path, target: Path) -> None:
    """Into a file that others may have open: by SQLite's own door, page by page."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        other.execute("pragma synchronous=off")
        one.backup(other)
