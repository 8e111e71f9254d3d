"""Looking changes nothing, whoever looks at whatever: people, browsers that fetch ahead,
scanners of mail. All that may be written is what is listed here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from onboarding import clock
from tests.guards.route_table import ROWS
from tests.guards.visitors import WHO, Door, address, browser, doors, resident_of
from tests.town import Town, differences

# Any request may move this column, once a minute.
SEEN = {"web_sessions": ("seen_at",)}
TRAIL = ("events", "onboardings", "revisions")
# And where that is news of the job, the contact's place in the list of those with news.
NEWS = (*TRAIL, "contact_listings")
PREFETCH = {"Sec-Purpose": "prefetch"}


@dataclass(frozen=True)
class Observation:
    """What a GET may write: why, when, and in which tables."""

    why: str
    tables: tuple[str, ...]
    is_made: Callable[[str, Door, str], bool]


LISTED = {
    "link fetched": Observation(
        "the timeline tells machines from people, and never counts staff",
        ("invite_links", *NEWS),
        lambda how, door, who: (
            how == "GET" and door.endpoint == "invites.show" and who not in ("staff", "owner")
        ),
    ),
    "page shown to support": Observation(
        "the contractor reads what support saw",
        ("support_visit_pages", *TRAIL),
        lambda how, door, who: how != "HEAD" and who == "visit",
    ),
    "first view of a version": Observation(
        "Estimate Pending begins when the customer has seen it, in the pipeline too",
        NEWS,
        lambda how, door, who: (
            how == "GET"
            and door.endpoint in ("estimates.current", "estimates.show")
            and who in ("customer", "neighbor")
        ),
    ),
}
GETS = sorted(name for name in ROWS if name.startswith("GET "))


def look(town: Town, visitor: FlaskClient, path: str, how: str) -> list[str]:
    """What is written when somebody looks: a sentence for each table."""
    town.put_back()
    before = town.everything()
    headers = PREFETCH if how == "prefetch" else {}
    with clock.shifted(timedelta(minutes=2)):
        visitor.open(path, method="HEAD" if how == "HEAD" else "GET", headers=headers)
    return differences(before, town.everything(), SEEN) if town.is_changed() else []


def allowed(how: str, door: Door, who: str) -> set[str]:
    made = [listed.tables for listed in LISTED.values() if listed.is_made(how, door, who)]
    return {table for tables in made for table in tables}


@pytest.mark.parametrize("name", GETS)
def test_looking_writes_only_what_is_listed(town, name):
    door = next(door for door in doors(town.app) if door.name == name)
    stage = ROWS[name].stage
    path = address(town, door, resident_of(town, stage))
    faults = [
        f"{who}, {how}: {change}"
        for who in WHO
        for how in ("HEAD", "prefetch", "GET")
        for change in look(town, browser(town, who, door, stage), path, how)
        if change.partition(" ")[0] not in allowed(how, door, who)
    ]
    assert not faults, "\n".join([name, *faults])


LINKS = {
    "a living invite": lambda town: f"/i/{town.at('invited').secret}",
    "one that was started": lambda town: f"/i/{town.at('started').secret}",
    "one whose person has an account": lambda town: f"/i/{town.at('complete').secret}",
    "an expired one": lambda town: f"/i/{town.at('expired').secret}",
    "a replaced one": lambda town: f"/i/{town.at('replaced').secret}",
    "a revoked one": lambda town: f"/i/{town.at('revoked').secret}",
    "one that never was": lambda town: f"/i/{'z' * 43}",
    "a mailed link": lambda town: f"/portal/link/{town.told['link:coded']}",
    "an invitation to a team": lambda town: f"/crm/join/{town.told['member invite secret']}",
    "a company's beginning": lambda town: f"/crm/sign-up/{town.told['sign-up secret']}",
    "support's link": lambda town: f"/support/visit/{town.told['visit secret']}",
}


@pytest.mark.parametrize("which", LINKS)
def test_scanners_use_nothing_up(town, which):
    """Each link is fetched three times over by machines, and still opens for its person."""
    path = LINKS[which](town)
    scanner, trail = town.client(), {"invite_links", *NEWS}
    before = town.everything()
    for method in ("HEAD", "GET", "OPTIONS") * 3:
        scanner.open(path, method=method)
    changes = differences(before, town.everything(), SEEN)
    assert not [change for change in changes if change.partition(" ")[0] not in trail], changes
    assert not scanner.get_cookie("portal") or scanner.get_cookie("portal").value.startswith("a.")


@pytest.mark.parametrize(
    ("who", "path", "form"),
    [
        ((), "/i/{invited}/start", {}),
        (("customer:coded",), "/portal/link/{link}", {}),
        (("support",), "/support/visit/{visit}", {}),
    ],
)
def test_after_the_scanners_the_person_comes_in(town, who, path, form):
    secrets = {
        "invited": town.at("invited").secret,
        "link": town.told["link:coded"],
        "visit": town.told["visit secret"],
    }
    path = path.format(**secrets)
    for method in ("HEAD", "GET") * 3:
        town.client().open(path.removesuffix("/start"), method=method)
    assert town.client(*who).post(path, data=form).status_code == 303


@pytest.mark.parametrize(
    ("which", "who", "name"),
    [
        ("link fetched", "nobody", "GET invites.show"),
        ("page shown to support", "visit", "GET record.contact"),
        ("first view of a version", "customer", "GET estimates.current"),
    ],
)
def test_each_observation_is_made(town, which, who, name):
    """A line that is never true any more would hide a fault."""
    door = next(door for door in doors(town.app) if door.name == name)
    stage = ROWS[name].stage
    path = address(town, door, resident_of(town, stage))
    changed = look(town, browser(town, who, door, stage), path, "GET")
    assert {change.partition(" ")[0] for change in changed} == set(LISTED[which].tables)


def test_a_look_that_writes_is_seen(town, monkeypatch):
    monkeypatch.delitem(LISTED, "link fetched")
    with pytest.raises(AssertionError, match="nobody, GET: events changed"):
        test_looking_writes_only_what_is_listed(town, "GET invites.show")
