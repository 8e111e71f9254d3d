"""A post office: the outbox on a database of its own, with gateways that the test chooses."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from onboarding import config, database, gateways, jobs
from onboarding.config import Settings
from onboarding.database import Base, Everyone, transaction
from onboarding.gateways import Gateways
from onboarding.gateways.documents_store import FolderStore
from onboarding.notifications import actions
from onboarding.notifications.actions import Outgoing
from onboarding.notifications.models import Channel, Delivery, Purpose
from onboarding.notifications.typesetting import Message
from onboarding.sandbox.mailbox import Mailbox, MailboxEmail, MailboxSms
from tests.databases import postgres

CONTRACTOR = "01contractor0000000000000a"
EVERYONE = Everyone("a test looks at everything")
WORDS = Message("Subject", "Words with https://portal.test/i/tok3n", "<p>Words</p>", "Text 271828")


@dataclass
class PostOffice:
    settings: Settings
    mailbox: Mailbox

    def carry(self, **chosen: Any) -> None:
        """From now on through these gateways; the local mailbox for what is not named."""
        carriers = {
            "email": MailboxEmail(self.settings, self.mailbox),
            "sms": MailboxSms(self.settings, self.mailbox),
            "documents": FolderStore(self.settings.documents_dir),
            "cards": None,
            "renderer": None,
            "sealer": None,
        }
        gateways.use(Gateways(**(carriers | chosen)))  # type: ignore[arg-type]

    def send(self, **fields: Any) -> Delivery:
        """Queues a message as an act would, and commits."""
        with transaction(CONTRACTOR) as db:
            return actions.queue(db, letter(**fields))

    def now(self, delivery: Delivery) -> Delivery:
        """The delivery as it stands in the database."""
        with transaction(EVERYONE) as db:
            return db.scalars(select(Delivery).where(Delivery.id == delivery.id)).one()


def letter(**fields: Any) -> Outgoing:
    plain = Outgoing(
        contractor_id=CONTRACTOR,
        contact_id="01contact00000000000000000",
        onboarding_id="01onboarding00000000000000",
        purpose=Purpose.QUESTION_ASKED,
        reference="01reference",
        channel=Channel.EMAIL,
        to="dana@example.com",
        from_name="Ridgeline Roofing",
        reply_to="office@ridgeline.test",
        message=WORDS,
    )
    return replace(plain, **fields)


def text(**fields: Any) -> dict[str, Any]:
    """What makes a letter a text."""
    return {"channel": Channel.SMS, "to": "+15035550188", **fields}


@pytest.fixture
def post_office(tmp_path: Path) -> Iterator[PostOffice]:
    yield from opened(tmp_path, f"sqlite:///{tmp_path}/test.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def either_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PostOffice]:
    """A post office on SQLite, then one on PostgreSQL."""
    with ExitStack() as stack:
        is_sqlite = request.param == "sqlite"
        url = f"sqlite:///{tmp_path}/test.db" if is_sqlite else None
        yield from opened(tmp_path, url or stack.enter_context(postgres.database()))


def opened(folder: Path, url: str) -> Iterator[PostOffice]:
    settings = Settings(
        mode="test",
        data_dir=folder,
        database_url=url,
        secret_keys=("a key for tests that is long enough",),
        mail_from="portal@portal.test",
    )
    config.use(settings)
    Base.metadata.create_all(database.configure(url))
    office = PostOffice(settings, Mailbox(settings))
    office.carry()
    yield office
    jobs.close()
    database.end_reads()
    database.engine().dispose()
