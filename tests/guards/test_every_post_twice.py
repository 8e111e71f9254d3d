"""Pressed twice, or ten times at once from as many tabs: what is written is what one
press writes, and nobody is shown a failure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient

from onboarding import database
from tests.guards.forms import Sent, form_of
from tests.guards.route_table import ROWS
from tests.guards.visitors import address, browser, doors, resident_of, rightful
from tests.town import Rows, Town

POSTS = sorted(name for name in ROWS if name.startswith("POST "))
HANDS = 10

# Tables in which each press may leave a row of its own -> why.
COUNTED = {
    "takes": "uses of a limited thing are counted one by one: that is what they are for",
}
# Presses that are meant to do something each time -> what, and in which tables.
EACH_TIME = {
    "POST contractors.enter": ("each sign-in is a session of its own", ("web_sessions",)),
    "POST support.enter": ("each sign-in is a session of its own", ("web_sessions",)),
    "POST accounts.start": ("each device that starts has a session of its own", ("web_sessions",)),
    "POST accounts.take_job": (
        "each sign-in is a session of its own, and stands in the trail",
        ("web_sessions", "events"),
    ),
}

Shape = dict[str, int]


def shape(rows: Rows) -> Shape:
    """How many rows each table has, and the facts that count what was done."""
    counts = {table: len(found) for table, found in rows.items() if table not in COUNTED}
    for row in rows["onboardings"]:
        facts = [name for name in row if name not in ("revision", "status_since", *TIMES)]
        counts |= {f"{row['id']} {name} {row[name]}": 1 for name in facts if name not in CHAINED}
    return counts


TIMES = ("created_at", "started_at", "completed_at", "invite_expires_at")
# What follows from the number of events, which is counted, and from their random ids.
CHAINED = ("event_head",)


def press(town: Town, name: str, times: Callable[[Callable[[int], Any]], list[Any]]) -> Shape:
    """What the town looks like once the form was pressed as often as `times` has it."""
    town.put_back()
    row = ROWS[name]
    door = next(door for door in doors(town.app) if door.name == name)
    one = resident_of(town, row.stage)
    sent, path = form_of(town, door.endpoint, one), address(town, door, one)
    who = rightful(door, row)

    def once(_hand: int) -> int:
        return pressed(browser(town, who, door, row.stage), sent, path)

    codes = times(once)
    assert all(code < 500 for code in codes), f"{name} answered {sorted(codes)}"
    return shape(town.everything())


def pressed(visitor: FlaskClient, sent: Sent, path: str) -> int:
    try:
        return int(sent.post(visitor, path).status_code)
    finally:
        database.end_reads()


def by_one(once: Callable[[int], Any]) -> list[Any]:
    return [once(0)]


def twice(once: Callable[[int], Any]) -> list[Any]:
    return [once(0), once(1)]


def by_ten_at_once(once: Callable[[int], Any]) -> list[Any]:
    together = Barrier(HANDS)

    def at_the_same_moment(hand: int) -> Any:
        together.wait()
        return once(hand)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(at_the_same_moment, range(HANDS)))


def more(single: Shape, repeated: Shape, name: str) -> list[str]:
    _why, tables = EACH_TIME.get(name, ("", ()))
    return [
        f"{what}: {single.get(what, 0)} after one press, {repeated.get(what, 0)} after more"
        for what in sorted(single.keys() | repeated.keys())
        if single.get(what, 0) != repeated.get(what, 0)
        and what not in tables
        and not ("events" in tables and "event_count" in what)
    ]


@pytest.mark.parametrize("name", POSTS)
def test_pressed_again_it_is_the_same_as_once(town, name):
    single = press(town, name, by_one)
    faults = [
        f"{how}: {fault}"
        for how, times in (("twice", twice), ("ten at once", by_ten_at_once))
        for fault in more(single, press(town, name, times), name)
    ]
    assert not faults, "\n".join([name, *faults])


def test_what_may_happen_each_time_still_exists():
    assert EACH_TIME.keys() <= set(POSTS)


def test_a_press_that_counts_twice_is_seen(town, monkeypatch):
    monkeypatch.delitem(EACH_TIME, "POST contractors.enter")
    with pytest.raises(AssertionError, match="twice: web_sessions"):
        test_pressed_again_it_is_the_same_as_once(town, "POST contractors.enter")
