"""Every page there is, as its own people, support and strangers see it: valid HTML, one h1 that
opens its title, unique ids, labelled fields."""

import pytest

from tests.guards.forms import form_of
from tests.guards.route_table import ROWS
from tests.guards.visitors import WHO, Door, address, browser, doors, resident_of, rightful
from tests.html.client import problems_of
from tests.town import Town

HTMX = {"HX-Request": "true"}
# Not pages of ours -> what they are.
LETTERS = {
    "contractors.message_mail": "written for programs that read mail, in a frame of the settings",
    "contractors.sample_mail": "the same",
    "mailbox.html": "a mail, written for mail programs and shown as it was sent",
    "mailbox.sample_html": "the same, with sample data",
}


def door_of(town: Town, name: str) -> Door:
    return next(door for door in doors(town.app) if door.name == name)


READ = [name for name in sorted(ROWS) if name.partition(" ")[2] not in LETTERS]


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("GET ")])
def test_a_page_is_as_it_should_be(town, name):
    door, row = door_of(town, name), ROWS[name]
    path = address(town, door, resident_of(town, row.stage))
    faults = []
    for who in dict.fromkeys((rightful(door, row), "visit", *_at_odds(row.answers))):
        for headers in ({}, HTMX):
            answer = browser(town, who, door, row.stage).get(path, headers=headers)
            how = "by htmx" if headers else "alone"
            faults += [f"{who}, {how}: {fault}" for fault in problems_of(answer)]
    assert not faults, "\n".join([path, *faults])


def _at_odds(answers: tuple[str, ...]) -> list[str]:
    """One of those who are refused, so that the page that says so is read as well."""
    return [who for who, told in zip(WHO, answers, strict=True) if told in ("404", "403")][:1]


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("POST ")])
def test_a_form_sent_empty_comes_back_as_it_should(town, name):
    door, row = door_of(town, name), ROWS[name]
    one = resident_of(town, row.stage)
    path, faults = address(town, door, one), []
    for headers in ({}, HTMX):
        town.put_back()
        visitor = browser(town, rightful(door, row), door, row.stage)
        answer = visitor.post(path, data={"nothing": ""}, headers=headers)
        faults += [f"empty: {fault}" for fault in problems_of(answer)]
        answer = form_of(town, door.endpoint, one).post(visitor, path, headers=headers)
        faults += [f"filled in: {fault}" for fault in problems_of(answer)]
    assert not faults, "\n".join([path, *faults])


def test_a_page_with_a_fault_is_seen(town, monkeypatch):
    view = town.app.view_functions["front.healthz"]
    broken = lambda: "<!doctype html><title>A</title><h1>B</h1><p id=x><p id=x>"  # noqa: E731
    broken.access = view.access
    monkeypatch.setitem(town.app.view_functions, "front.healthz", broken)
    with pytest.raises(AssertionError, match="does not open with the h1"):
        test_a_page_is_as_it_should_be(town, "GET front.healthz")
