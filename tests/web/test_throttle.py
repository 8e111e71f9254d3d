"""Limits are counted in the database: across processes, through restarts, whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from onboarding import clock, database, jobs
from onboarding.config import Settings
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.web import throttle
from onboarding.web.models import Take
from tests.house import House

ALL = Everyone("a test of limits")
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("house")


def take(key: str = "codes:dana", limit: int = 3) -> bool:
    with transaction(ALL) as db:
        return throttle.take(db, key, limit=limit, within=MINUTE)


def test_the_fourth_of_three_is_refused() -> None:
    assert [take() for _ in range(5)] == [True, True, True, False, False]


def test_a_refusal_is_not_counted_so_that_trying_on_does_not_lock_out_for_ever() -> None:
    for _ in range(10):
        take()
    with clock.shifted(MINUTE + timedelta(seconds=1)):
        assert take()


def test_each_key_is_counted_by_itself() -> None:
    assert [take("a", 1), take("b", 1), take("a", 1)] == [True, True, False]


def test_uses_fall_out_of_the_window_one_by_one() -> None:
    take()
    with clock.shifted(timedelta(seconds=40)):
        assert [take(), take(), take()] == [True, True, False]
    with clock.shifted(timedelta(seconds=61)):
        assert [take(), take()] == [True, False]


def test_the_limit_holds_when_all_press_at_once() -> None:
    def press(_: int) -> bool:
        try:
            return take(limit=5)
        finally:
            end_reads()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(40))) == 5


def test_of_twenty_at_once_five_get_through_on_each_database(everywhere: House) -> None:
    together = Barrier(20)

    def press(_: int) -> bool:
        together.wait()
        try:
            return take("twenty at once", limit=5)
        finally:
            end_reads()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(press, range(20))) == 5


def test_a_full_one_says_when_it_has_room_again() -> None:
    def left() -> int:
        return throttle.seconds_left(read(ALL), "codes:dana", within=MINUTE)

    assert left() == 0
    take()
    with clock.shifted(timedelta(seconds=20)):
        take()
        assert 39 <= left() <= 40
    with clock.shifted(timedelta(seconds=70)):
        assert 9 <= left() <= 10


def test_the_limit_holds_after_a_restart(settings: Settings) -> None:
    assert [take() for _ in range(3)] == [True] * 3
    database.configure(settings.database_url)
    assert not take()


def test_an_act_that_fails_gives_its_use_back() -> None:
    def act() -> None:
        with transaction(ALL) as db:
            throttle.take(db, "codes:dana", limit=1, within=MINUTE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert take(limit=1)


def test_no_address_stands_in_the_database() -> None:
    take("crm:email:maria@ridgeline.test")
    [row] = read(ALL).scalars(select(Take)).all()
    assert "maria" not in row.key
    assert len(row.key) == 64


def test_old_uses_are_forgotten_and_recent_ones_kept() -> None:
    take("old")
    with clock.shifted(timedelta(days=3)):
        take("new")
        throttle.forget_old()
        assert len(read(ALL).scalars(select(Take)).all()) == 1


def test_workers_forget_them_by_themselves() -> None:
    take("old")
    with clock.shifted(timedelta(days=3)):
        jobs.run("uses that no limit looks at any more")
        assert read(ALL).scalars(select(Take)).all() == []


def test_limits_are_on_in_a_test_house_as_well(house: House) -> None:
    _, member = house.company()
    form = {"email": member.email, "password": "not hers"}
    answers = [house.client().post("/crm/sign-in", data=form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
