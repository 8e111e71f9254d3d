"""The table of who may go where is whole, and every line of it is what happens."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.guards.forms import FORMS, form_of
from tests.guards.route_table import ROWS, Row
from tests.guards.visitors import WHO, Door, address, browser, doors, resident_of
from tests.town import Town

# What a try that was turned away may leave behind.
TRACES = {
    "takes": "tries are counted, whoever tries",
    "web_sessions": "the session was seen; a try at a code is counted in it",
    "challenges": "a wrong code is counted where it was tried",
    "support_visit_pages": "what support tried and was refused is written down",
    "events": "the same, in the audit trail of the onboarding",
    "onboardings": "the head of that trail, and the revision that shows it",
    "revisions": "the same",
}
_TOKEN = re.compile(rb'"X-CSRFToken": "[^"]+"|name="csrf_token" value="[^"]+"')
TURNED_AWAY = {"in", "403", "404", "409", "422", "401"}


def told(answer: TestResponse) -> str:
    """`in` where one is led to a sign-in page, else the status code."""
    is_door = answer.status_code == 303 and answer.location.partition("?")[0].endswith("/sign-in")
    return "in" if is_door else str(answer.status_code)


def ask(town: Town, door: Door, row: Row, who: str, *, is_missing: bool = False) -> TestResponse:
    """Somebody at the door, with the form that belongs there."""
    one = resident_of(town, row.stage)
    path = address(town, door, one, is_missing=is_missing)
    visitor = browser(town, who, door, row.stage)
    if door.method == "POST":
        return form_of(town, door.endpoint, one).post(visitor, path)
    return visitor.open(path, method=door.method)


def test_every_route_has_its_line_and_no_line_is_stale(town):
    known = {door.name: door.marker for door in doors(town.app)}
    assert not known.keys() - ROWS.keys(), "say in route_table.py who may go there"
    assert not ROWS.keys() - known.keys(), "no such route any more: take the line out"
    wrong = {name: known[name] for name, row in ROWS.items() if row.marker != known[name]}
    assert not wrong, f"the marker in the code is another one: {wrong}"


def test_every_form_has_its_values_and_none_is_stale(town):
    posts = {door.endpoint for door in doors(town.app) if door.method == "POST"}
    assert not posts - FORMS.keys(), "say in forms.py what a person sends there"
    assert not FORMS.keys() - posts, "nothing is posted there any more: take the form out"


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_person_is_answered_as_the_table_says(town, name):
    row = ROWS[name]
    door = next(door for door in doors(town.app) if door.name == name)
    before, faults = town.rows(), []
    for who, expected in zip(WHO, row.answers, strict=True):
        town.put_back()
        answer = ask(town, door, row, who)
        if told(answer) != expected:
            faults.append(f"{who}: {told(answer)} instead of {expected}")
        if expected in TURNED_AWAY and expected != "in" and door.is_safe is False:
            faults += [f"{who}: was turned away, and {what}" for what in _changed(before, town)]
        if expected == "404":
            faults += _told_apart(town, door, row, who, answer)
    assert not faults, "\n".join([name, *faults])


def _changed(before: dict, town: Town) -> list[str]:
    after = town.rows()
    kept = before.keys() - TRACES.keys()
    return [f"{table} changed" for table in sorted(kept) if before[table] != after[table]]


def _told_apart(town: Town, door: Door, row: Row, who: str, foreign: TestResponse) -> list[str]:
    """Somebody else's and nobody's are the same, to the byte."""
    town.put_back()
    missing = ask(town, door, row, who, is_missing=True)
    if (missing.status_code, _plain(missing)) == (foreign.status_code, _plain(foreign)):
        return []
    return [f"{who}: what is somebody else's is answered otherwise than what is missing"]


def _plain(answer: TestResponse) -> bytes:
    """Without the token against forgery, which is another one each time, and without the address
    that was asked for, which the choice of language leads back to."""
    return _TOKEN.sub(b"", answer.data).replace(answer.request.path.encode(), b"")


def test_a_route_without_a_line_is_seen(town, monkeypatch):
    monkeypatch.delitem(ROWS, "GET contacts.edit")
    with pytest.raises(AssertionError, match="say in route_table"):
        test_every_route_has_its_line_and_no_line_is_stale(town)


def test_a_stale_line_is_seen(town, monkeypatch):
    monkeypatch.setitem(ROWS, "GET contacts.gone", ROWS["GET contacts.edit"])
    with pytest.raises(AssertionError, match=r"take the line out"):
        test_every_route_has_its_line_and_no_line_is_stale(town)


def test_a_wrong_answer_is_seen(town, monkeypatch):
    codes = "200 in in 404 200 200 in 200"
    monkeypatch.setitem(ROWS, "GET contacts.edit", Row("member", "complete", codes))
    with pytest.raises(AssertionError, match="nobody: in instead of 200"):
        test_each_person_is_answered_as_the_table_says(town, "GET contacts.edit")


def test_a_page_that_tells_foreign_from_missing_is_seen(town):
    door = next(door for door in doors(town.app) if door.name == "GET contacts.edit")
    own = ask(town, door, ROWS[door.name], "staff")
    assert _told_apart(town, door, ROWS[door.name], "staff", own)
