"""When reminders are looked at: by an index, once, and never for what was left lying long ago."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from onboarding import clock, database, jobs
from onboarding.database import transaction
from onboarding.invites.reminder_settings import save_plan
from onboarding.invites.reminding import send_due
from onboarding.journey.models import Onboarding
from onboarding.notifications import addresses
from onboarding.notifications.models_addresses import Why
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready
from tests.invites.test_reminders import NOON, after, reminders


@pytest.fixture
def sent(house: House) -> Iterator[Scene]:
    with clock.frozen(NOON):
        scene = ready(house)
        scene.send()
        jobs.run_pending()
        yield scene


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Each statement that goes to the database meanwhile, with its values."""
    told: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            told.append((statement, values))

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)


def test_a_look_reads_what_is_due_by_its_index_however_many_are_open(
    everywhere: House,
) -> None:
    with clock.frozen(NOON):
        scenes = [ready(everywhere, f"Company {number}") for number in range(3)]
        for scene in scenes:
            scene.send()
    with clock.frozen(NOON + timedelta(minutes=5)):
        send_due()
    with clock.frozen(NOON + timedelta(minutes=10)), asked() as told:
        assert send_due() == 0
    assert len(told) == 1, told
    with clock.frozen(NOON + timedelta(hours=25)):
        assert send_due() == 3
        assert send_due() == 0
    database.end_reads()


def test_the_look_is_an_indexed_read(house: House) -> None:
    with asked() as told:
        send_due()
    statement, values = told[0]
    with database.engine().connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    plan = " ".join(str(row) for row in rows)
    assert "ix_onboardings_remind_at" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_two_workers_that_look_at_once_send_one(sent: Scene) -> None:
    with clock.frozen(NOON + timedelta(hours=24)):
        together = threading.Barrier(4)

        def look() -> int:
            together.wait()
            return send_due()

        with ThreadPoolExecutor(4) as workers:
            sent_by = [future.result() for future in [workers.submit(look) for _ in range(4)]]
    assert sum(sent_by) == 1
    assert len(reminders()) == 1


def test_what_nobody_touched_since_reminders_began_reminds_nobody(sent: Scene) -> None:
    with transaction(ANYONE) as db:
        db.execute(update(Onboarding).values(remind_at=None))
    assert after(hours=24) == 0


def test_switched_on_again_they_are_looked_at_anew_but_old_dust_stays(sent: Scene) -> None:
    save_plan(False, (24, 72, 168), sent.by)
    assert after(hours=25) == 0
    with clock.frozen(NOON + timedelta(hours=26)):
        save_plan(True, (24, 72, 168), sent.by)
        assert send_due() == 1
    with clock.frozen(NOON + timedelta(days=40)):
        save_plan(True, (12, 24, 48), sent.by)
        assert send_due() == 0


def test_a_dead_address_is_looked_at_again_a_day_later_and_not_all_the_time(sent: Scene) -> None:
    with transaction(sent.company.id) as db:
        addresses.close(db, sent.company.id, "email", sent.contact.email or "", Why.BOUNCED)
        addresses.close(db, sent.company.id, "sms", sent.contact.mobile or "", Why.STOPPED)
    assert after(hours=24) == 0
    assert sent.onboarding().remind_at == NOON + timedelta(hours=48)
