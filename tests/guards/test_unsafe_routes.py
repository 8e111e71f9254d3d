"""Nothing that changes anything is done for a page of somebody else's: without our token, from
another origin or another site it is refused with a page that says so, and nothing is written."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from onboarding.web.sessions import END_OF_VISIT
from tests.guards.forms import form_of
from tests.guards.route_table import ROWS
from tests.guards.test_routes import WITHOUT_TOKEN
from tests.guards.visitors import address, browser, doors, resident_of, rightful
from tests.town import Town, differences

UNSAFE = sorted(name for name in ROWS if not name.startswith("GET "))
PROTECTED = [name for name in UNSAFE if name.partition(" ")[2] not in WITHOUT_TOKEN]
OWN = "http://localhost"
TOKEN = re.compile(r'(?:"X-CSRFToken": "|name="csrf_token" value=")([^"]+)"')
# The one column that any request may move: when the session was last seen.
SEEN = {"web_sessions": ("seen_at",)}


@pytest.fixture
def strict_town(town: Town) -> Town:
    """The town with forgery looked for, as it is in life."""
    town.app.config["WTF_CSRF_ENABLED"] = True
    return town


def token(visitor: FlaskClient, rule: str) -> str:
    """The token that the pages of this browser carry, on the door's side of the house; a visit
    ends by a button on the visited person's pages."""
    side = next((s for s in ("/crm", "/support") if rule.startswith(s)), "/portal")
    side = "/crm" if rule == END_OF_VISIT else side
    page = {"/crm": "/crm/pipeline", "/support": "/support"}.get(side, "/portal/no-such-page")
    return TOKEN.search(visitor.get(page, follow_redirects=True).text)[1]


def press(town: Town, name: str, **headers: str) -> TestResponse:
    """The rightful person's browser sends the form; with what `headers` give away about the page
    that made it. `token` is put in from one of its pages."""
    row = ROWS[name]
    door = next(door for door in doors(town.app) if door.name == name)
    one = resident_of(town, row.stage)
    sent, path = form_of(town, door.endpoint, one), address(town, door, one)
    visitor = browser(town, rightful(door, row), door, row.stage)
    if headers.pop("token", ""):
        headers["X-CSRFToken"] = token(visitor, door.rule)
    before = town.everything()
    answer = sent.post(visitor, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer.changed = differences(before, town.everything(), SEEN)
    return answer


@pytest.mark.parametrize("name", PROTECTED)
def test_a_form_of_somebody_elses_is_refused(strict_town, name):
    forgeries = {
        "without a token": {},
        "from a foreign origin": {"token": "yes", "Origin": "https://evil.example"},
        "from a page without an origin": {"token": "yes", "Origin": "null"},
        "from another site": {"token": "yes", "Sec_Fetch_Site": "cross-site", "Origin": OWN},
        "from a neighboring site": {"token": "yes", "Sec_Fetch_Site": "same-site", "Origin": OWN},
    }
    faults = []
    for how, headers in forgeries.items():
        strict_town.put_back()
        answer = press(strict_town, name, **headers)
        if not 400 <= answer.status_code < 500:
            faults.append(f"{how}: {answer.status_code}")
        if "<h1" not in answer.text:
            faults.append(f"{how}: no page that says what to do")
        faults += [f"{how}: {change}" for change in answer.changed]
    assert not faults, "\n".join([name, *faults])


@pytest.mark.parametrize("name", PROTECTED)
def test_our_own_form_is_taken(strict_town, name):
    """Otherwise the refusals above would prove nothing."""
    answer = press(strict_town, name, token="yes", Sec_Fetch_Site="same-origin", Origin=OWN)
    assert answer.status_code in (200, 204, 303, 409), answer.text


def test_a_providers_report_without_its_signature_is_refused(strict_town):
    for name in ("notifications_webhook.twilio_status", "stripe_webhook.stripe"):
        rule = next(door.rule for door in doors(strict_town.app) if door.endpoint == name)
        before = strict_town.everything()
        answer = strict_town.client().post(rule, data={"MessageSid": "SM1"})
        assert 400 <= answer.status_code < 500, name
        assert differences(before, strict_town.everything(), {}) == []


def test_a_form_that_is_taken_from_anywhere_is_seen(strict_town):
    strict_town.app.config["WTF_CSRF_ENABLED"] = False
    with pytest.raises(AssertionError, match="without a token: 303"):
        test_a_form_of_somebody_elses_is_refused(strict_town, "POST contacts.archive")
