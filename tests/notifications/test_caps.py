"""Whoever pumps texts through us is stopped, alone, and it stands in a row for all to see (R36)."""

import multiprocessing
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config, database
from onboarding.config import Settings
from onboarding.database import transaction
from onboarding.notifications import caps, sending
from onboarding.notifications.caps import Cap, Cause, Reach, Text
from onboarding.notifications.models import DeliveryState, Notification, NotificationKind
from onboarding.notifications.models_addresses import TextAlarm
from tests.notifications.conftest import CONTRACTOR, EVERYONE, PostOffice, text

OTHER = "01contractor0000000000000b"


def wanted(cause: Cause, number: str, **fields: str) -> Text:
    plain = {"contractor_id": CONTRACTOR, "ip": "203.0.113.9", "contact_id": "01contact"}
    return Text(cause=cause, number=number, **{**plain, **fields})


def go_out(asked: Iterable[Text]) -> list[bool]:
    """Which of them have room. One transaction, so that no test waits for the disk each time."""
    with transaction(EVERYONE) as db:
        return [has_room(db, each) for each in asked]


def has_room(db: Session, asked: Text) -> bool:
    try:
        with db.begin_nested():
            caps.count(db, asked)
    except caps.Full:
        return False
    return True


def goes_out(asked: Text) -> bool:
    return go_out([asked])[0]


def alarms() -> list[TextAlarm]:
    with transaction(EVERYONE) as db:
        return list(db.scalars(select(TextAlarm).order_by(TextAlarm.at, TextAlarm.id)))


def notices() -> list[Notification]:
    with transaction(EVERYONE) as db:
        held = Notification.kind == NotificationKind.TEXTS_HELD
        return list(db.scalars(select(Notification).where(held)))


def neighbors(most: int) -> Iterator[str]:
    """Numbers beside each other, as whoever pumps takes them."""
    return (f"+1503{number:07d}" for number in range(5_550_000, 5_550_000 + most))


def test_a_flood_of_neighboring_numbers_ends_at_the_ceiling_and_an_honest_customer_is_served(
    post_office: PostOffice,
) -> None:
    asked = [wanted(Cause.STRANGER, number) for number in neighbors(400)]
    assert sum(go_out(asked)) == 20
    assert [(alarm.reach, alarm.place, alarm.most) for alarm in alarms()] == [
        ("block", "+1503555", 20)
    ]
    elsewhere = wanted(Cause.STRANGER, "+12065550111", ip="198.51.100.7")
    assert goes_out(elsewhere)
    assert goes_out(wanted(Cause.CUSTOMER, "+15035550999"))
    assert goes_out(wanted(Cause.COMPANY, "+15035550999"))


def test_strangers_from_everywhere_never_stop_customers_or_the_contractor(
    post_office: PostOffice,
) -> None:
    asked = [
        wanted(Cause.STRANGER, f"+1{area}5550100", ip=f"198.{area % 250}.{area // 4}.1")
        for area in range(201, 351)
    ]
    assert sum(go_out(asked)) == 100
    assert [alarm.reach for alarm in alarms()] == ["contractor"]
    assert [(one.told["cause"], one.told["most"]) for one in notices()] == [("stranger", 100)]
    assert goes_out(wanted(Cause.CUSTOMER, "+13605550123"))
    post_office.send(**text())
    sending.sweep()
    assert len(post_office.mailbox.latest("sms")) == 1


def test_one_invited_person_cannot_send_codes_to_everybody(post_office: PostOffice) -> None:
    asked = [
        wanted(Cause.CUSTOMER, f"+1{area}5550100", ip=f"198.51.{area % 250}.1")
        for area in range(201, 251)
    ]
    assert sum(go_out(asked)) == 15
    assert goes_out(wanted(Cause.CUSTOMER, "+12515550100", contact_id="01another"))


def test_one_contractors_flood_leaves_the_other_contractor_alone(post_office: PostOffice) -> None:
    mine = [wanted(Cause.COMPANY, f"+1{area}5550100") for area in range(201, 520)]
    assert sum(go_out(mine)) == 300
    assert goes_out(wanted(Cause.COMPANY, "+16205550100", contractor_id=OTHER))
    assert [(alarm.contractor_id, alarm.reach) for alarm in alarms()] == [
        (CONTRACTOR, "contractor")
    ]


def test_a_full_ceiling_counts_nothing_and_has_room_again_an_hour_later(
    post_office: PostOffice,
) -> None:
    one = wanted(Cause.STRANGER, "+12065550100")
    assert go_out([one] * 12) == [True] * 8 + [False] * 4
    with clock.shifted(timedelta(minutes=61)):
        assert goes_out(one)


def test_the_same_full_ceiling_is_told_once_until_its_time_has_passed(
    post_office: PostOffice,
) -> None:
    for minutes in (0, 30, 61, 62):
        with clock.shifted(timedelta(minutes=minutes)):
            go_out(wanted(Cause.STRANGER, number) for number in neighbors(25))
    assert len(alarms()) == 2


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contractor may send two texts an hour."""
    monkeypatch.setitem(caps.CAPS, Cause.COMPANY, (Cap(Reach.CONTRACTOR, 2),))


def test_what_the_contractor_sends_over_the_ceiling_waits_and_goes_out_then(
    post_office: PostOffice, low: None
) -> None:
    sent = [post_office.send(**text(to=f"+150355501{number}")) for number in range(10, 14)]
    sending.sweep()
    states = [post_office.now(each) for each in sent]
    assert sorted(each.state for each in states) == ["delivered", "delivered", "queued", "queued"]
    held = next(each for each in states if each.state == DeliveryState.QUEUED)
    assert held.next_attempt_at > clock.now() + timedelta(minutes=50)
    assert held.attempts == 0
    assert "as many as go out" in held.answer
    assert [one.told["cause"] for one in notices()] == ["company"]
    with clock.shifted(timedelta(minutes=70)):
        sending.sweep()
    assert {post_office.now(each).state for each in sent} == {DeliveryState.DELIVERED}


def test_an_email_is_under_no_ceiling_of_texts(post_office: PostOffice, low: None) -> None:
    sent = [post_office.send() for _ in range(4)]
    sending.sweep()
    assert {post_office.now(each).state for each in sent} == {DeliveryState.DELIVERED}


def test_a_text_that_is_tried_again_counts_once(post_office: PostOffice, low: None) -> None:
    first = post_office.send(**text())
    with transaction(CONTRACTOR) as db:
        db.merge(first).attempts = 1
    sending.sweep()
    assert go_out([wanted(Cause.COMPANY, "+12065550100")] * 3) == [True, True, False]


def press(settings: Settings, start: int, answers: "multiprocessing.Queue[int]") -> None:
    config.use(settings)
    database.configure(settings.database_url)
    numbers = [f"+1503555{number:04d}" for number in range(start, start + 15)]
    answers.put(sum(goes_out(wanted(Cause.STRANGER, number)) for number in numbers))


def test_processes_that_count_at_once_stop_together_and_write_one_alarm(
    either_office: PostOffice,
) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[int] = context.Queue()
    at_work = [
        context.Process(target=press, args=(either_office.settings, start, answers))
        for start in (100, 200)
    ]
    for process in at_work:
        process.start()
    assert sum(answers.get(timeout=60) for _ in at_work) == 20
    for process in at_work:
        process.join()
    assert len(alarms()) == 1
