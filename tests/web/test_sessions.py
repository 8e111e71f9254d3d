"""Sessions are rows: made at sign-in, ended from here, never revived."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from onboarding import clock, create_app, tokens
from onboarding.config import Settings
from onboarding.contractors.actions import NewContractor, add_contractor
from onboarding.contractors.models import Member
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.support.actions import add_agent
from onboarding.web import endings, sessions
from onboarding.web.models import WebSession
from tests.house import PASSWORD, House

ALL = Everyone("a test looks at every session")


def rows() -> list[WebSession]:
    end_reads()
    return list(read(ALL).scalars(select(WebSession).order_by(WebSession.id)))


def cookie_of(client: FlaskClient, name: str = "crm") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return found.value


@pytest.fixture
def member(house: House) -> Member:
    return house.company()[1]


@pytest.fixture
def client(house: House, member: Member) -> FlaskClient:
    return house.sign_in_member(house.client(), member)


def test_signing_in_makes_one_row_that_keeps_only_the_hash(client: FlaskClient) -> None:
    [row] = rows()
    secret = cookie_of(client).removeprefix("s.")
    assert row.secret_hash == tokens.hash_secret(secret)
    assert secret not in str(row.data)


def test_a_cookie_planted_before_sign_in_opens_nothing_after_it(
    house: House, member: Member
) -> None:
    victim = house.client()
    victim.get("/crm/sign-in")
    planted = "s." + tokens.new_secret()
    victim.set_cookie("crm", planted)
    house.sign_in_member(victim, member)
    assert cookie_of(victim) != planted
    attacker = house.client()
    attacker.set_cookie("crm", planted)
    assert attacker.get("/crm/contacts").status_code == 303


def test_signing_in_again_kills_the_session_before(
    house: House, client: FlaskClient, member: Member
) -> None:
    before = cookie_of(client)
    house.sign_in_member(client, member)
    assert cookie_of(client) != before
    thief = house.client()
    thief.set_cookie("crm", before)
    assert thief.get("/crm/contacts").status_code == 303


def test_a_copied_cookie_is_worthless_after_signing_out(house: House, client: FlaskClient) -> None:
    copied = cookie_of(client)
    client.post("/crm/sign-out")
    thief = house.client()
    thief.set_cookie("crm", copied)
    assert thief.get("/crm/contacts").status_code == 303
    assert client.get_cookie("crm") is None


def test_a_session_ended_while_its_request_runs_is_not_revived(house: House) -> None:
    """Request A has loaded the session, B ends it, then A saves."""
    _, member = house.company("Harbor HVAC")
    house.sign_in_member(house.client(), member)
    [row] = rows()
    interface = house.app.session_interface
    assert isinstance(interface, sessions.ServerSessions)
    loaded = sessions.ServerSession("crm", dict(row.data))
    loaded.row = row
    loaded["typed"] = "something"
    with transaction(ALL) as db:
        endings.end(db, [row.id])
    with house.app.test_request_context("/crm/contacts"):
        interface.save_session(house.app, loaded, house.app.make_response("done"))
    [after] = rows()
    assert after.ended_at is not None
    assert "typed" not in after.data


def test_ending_a_session_again_keeps_its_first_moment(client: FlaskClient) -> None:
    [row] = rows()
    with transaction(ALL) as db:
        endings.end(db, [row.id])
    [ended] = rows()
    with clock.shifted(timedelta(hours=1)), transaction(ALL) as db:
        endings.end(db, [row.id])
    assert rows()[0].ended_at == ended.ended_at


def test_every_device_of_a_person_is_signed_out_but_the_one_kept(
    house: House, member: Member
) -> None:
    devices = [house.sign_in_member(house.client(), member) for _ in range(3)]
    kept = rows()[1]
    with transaction(ALL) as db:
        endings.end_of(db, "crm", member.id, keep=kept.id)
    assert [device.get("/crm/contacts").status_code for device in devices] == [303, 200, 303]


def test_everything_born_of_an_invite_ends_with_it(client: FlaskClient) -> None:
    [row] = rows()
    with transaction(ALL) as db:
        db.get_one(WebSession, row.id).origin = "some-invite"
    with transaction(ALL) as db:
        endings.end_born_of(db, "some-invite")
    assert client.get("/crm/contacts").status_code == 303


@pytest.mark.parametrize("path", ["/crm/sign-in", "/support/sign-in", "/portal/sign-in", "/i/x"])
def test_a_stranger_who_looks_writes_no_row(house: House, path: str) -> None:
    stranger = house.client()
    for _ in range(2):
        stranger.get(path)
    assert rows() == []


def test_a_strangers_cookie_is_signed_and_short_lived(house: House) -> None:
    stranger = house.client()
    stranger.get("/crm/contacts?search=dana")
    signed = cookie_of(stranger)
    assert signed.startswith("a.")
    stranger.set_cookie("crm", signed[:-3] + "AAA")
    assert stranger.get("/crm/sign-in").status_code == 200


def test_a_row_is_touched_at_most_once_a_minute(house: House, client: FlaskClient) -> None:
    client.get("/crm/contacts")
    seen = rows()[0].seen_at
    client.get("/crm/contacts")
    assert rows()[0].seen_at == seen
    with clock.shifted(timedelta(minutes=2)):
        client.get("/crm/contacts")
    assert rows()[0].seen_at > seen


def test_an_idle_session_is_over_after_twelve_hours(client: FlaskClient) -> None:
    with clock.shifted(timedelta(hours=12, seconds=1)):
        assert client.get("/crm/contacts").status_code == 303


def test_a_session_that_is_used_lives_on_to_its_absolute_end(
    house: House, client: FlaskClient
) -> None:
    secret = cookie_of(client)
    for hours in range(10, 14 * 24, 10):
        with clock.shifted(timedelta(hours=hours)):
            client.set_cookie("crm", secret)
            assert client.get("/crm/contacts").status_code == 200, hours
    with clock.shifted(timedelta(days=14, seconds=1)):
        client.set_cookie("crm", secret)
        assert client.get("/crm/contacts").status_code == 303


def test_a_poll_neither_prolongs_a_session_nor_touches_its_row(client: FlaskClient) -> None:
    seen = rows()[0].seen_at
    with clock.shifted(timedelta(hours=11)):
        client.get("/crm/pipeline/poll?revision=0")
    assert rows()[0].seen_at == seen
    with clock.shifted(timedelta(hours=12, minutes=1)):
        assert client.get("/crm/pipeline/poll?revision=0").status_code == 303


def test_each_kind_of_person_has_a_cookie_of_its_own(house: House, client: FlaskClient) -> None:
    agent = add_agent("Noor Haddad", "noor@support.test", PASSWORD)
    client.post("/support/sign-in", data={"email": agent.email, "password": PASSWORD})
    assert cookie_of(client, "support") != cookie_of(client, "crm")
    assert client.get("/support").status_code == 200
    client.post("/crm/sign-out")
    assert client.get("/support").status_code == 200
    assert client.get("/crm/contacts").status_code == 303


@pytest.mark.parametrize("name", ["support", "portal", "visit"])
def test_a_secret_of_one_kind_opens_no_other(house: House, client: FlaskClient, name: str) -> None:
    other = house.client()
    other.set_cookie(name, cookie_of(client))
    paths = {"support": "/support", "portal": "/portal", "visit": "/crm/contacts"}
    assert other.get(paths[name]).status_code == 303


@pytest.mark.parametrize("value", ["", "s.", "s.x", "a.", "a.x.y.z", "s." + "x" * 3000, "s.\u00e9"])
def test_a_broken_cookie_is_a_stranger(house: House, value: str) -> None:
    client = house.client()
    client.set_cookie("crm", value)
    assert client.get("/crm/contacts").status_code == 303
    assert client.get("/crm/sign-in").status_code == 200


def test_in_https_the_cookie_is_host_bound_secure_and_closed_to_scripts(
    settings: Settings,
) -> None:
    from dataclasses import replace

    app = create_app(replace(settings, base_url="https://portal.example.com"))
    app.config["WTF_CSRF_ENABLED"] = False
    _, member = add_contractor(
        NewContractor("Ridgeline", "Maria", "maria@ridgeline.test", PASSWORD, "+15035550142")
    )
    answer = app.test_client().post(
        "/crm/sign-in",
        base_url="https://portal.example.com",
        data={"email": member.email, "password": PASSWORD},
    )
    assert answer.status_code == 303
    jar = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        jar.load(line)
    assert set(jar) == {"__Host-crm", "__Host-known"}
    cookie = jar["__Host-crm"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_deactivated_member_is_out_at_their_next_click(
    client: FlaskClient, member: Member
) -> None:
    with transaction(member.contractor_id) as db:
        db.get_one(Member, member.id).is_active = False
    assert client.get("/crm/contacts").status_code == 303
    assert client.get("/crm/pipeline/poll?revision=0").status_code == 303


def test_the_place_one_wanted_is_kept_through_sign_in(house: House, member: Member) -> None:
    client = house.client()
    client.get("/crm/contacts?archived=1")
    answer = client.post("/crm/sign-in", data={"email": member.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/crm/contacts?archived=1"


def test_one_sign_in_counts_one_row_whatever_is_clicked_after(client: FlaskClient) -> None:
    for _ in range(5):
        client.get("/crm/contacts")
    assert read(ALL).scalar(select(func.count(WebSession.id))) == 1
