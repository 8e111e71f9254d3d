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
SIDES = ("/crm", "/portal", "/support")

# Tables in which each press may leave a row of its own -> why.
COUNTED = {
    "takes": "uses of a limited thing are counted one by one: that is what they are for",
}
# Presses that are meant to do something each time -> what, and in which tables.
COMES_IN = "each press that lets somebody in begins a session; the newest cookie wins"
EACH_TIME = {
    "POST accounts.choose_password": (COMES_IN, ("web_sessions",)),
    "POST accounts.create": (COMES_IN, ("web_sessions",)),
    "POST accounts.start": (COMES_IN, ("web_sessions",)),
    "POST accounts.take_job": (COMES_IN + ", and stands in the trail", ("web_sessions", "events")),
    "POST contractors.enter": (COMES_IN, ("web_sessions",)),
    "POST payments_crm.open_account": (
        "Stripe's page is for one visit: each press is one, to the one account",
        ("answers", "objects"),
    ),
    "POST support.enter": (COMES_IN, ("web_sessions",)),
}
# Columns that tell one row from another, or when: two runs of the same press differ in them.
OWN = frozenset(
    {
        *("id", "revision", "status_since", "created_at", "started_at", "completed_at"),
        *("sent_at", "account_at", "opened_at", "approved_at", "signed_at", "first_completed_at"),
        *("invite_expires_at", "stuck_from", "event_head", "remind_at"),
    }
)

Shape = dict[str, int]


def shape(rows: Rows) -> Shape:
    """How many rows each table has, and the facts of each onboarding, by its contact."""
    counts = {table: len(found) for table, found in rows.items() if table not in COUNTED}
    for row in rows["onboardings"]:
        for name in row.keys() - OWN:
            fact = f"onboarding of {row['contact_id']}: {name} {row[name]}"
            counts[fact] = counts.get(fact, 0) + 1
    return counts


def press(town: Town, name: str, times: Callable[[Callable[[int], Any]], list[Any]]) -> Shape:
    """What the town looks like once the form was pressed as often as `times` has it."""
    town.put_back()
    row = ROWS[name]
    door = next(door for door in doors(town.app) if door.name == name)
    one = resident_of(town, row.stage)
    sent, path = form_of(town, door.endpoint, one), address(town, door, one)
    opened = browser(town, rightful(door, row), door, row.stage)
    opened.get(next((f"{side}/sign-in" for side in SIDES if path.startswith(side)), "/"))

    def once(_hand: int) -> int:
        return pressed(another_tab(town, opened), sent, path)

    codes = times(once)
    assert all(code < 500 for code in codes), f"{name} answered {sorted(codes)}"
    return shape(town.everything())


def another_tab(town: Town, opened: FlaskClient) -> FlaskClient:
    """The same browser: what it carries after it fetched the page with the form."""
    tab = town.client()
    for name in ("crm", "portal", "support", "visit", "device"):
        found = opened.get_cookie(name)
        if found is not None:
            tab.set_cookie(name, found.value)
    return tab


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
