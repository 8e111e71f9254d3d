"""Guessing a password is slow, and no stranger locks anybody out of anything."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from onboarding import clock
from onboarding.web.guessing import Guess, TooManyTries, count, network
from tests.accounts.people import PASSWORD as CUSTOMERS
from tests.accounts.people import inside
from tests.house import PASSWORD, House
from tests.invites.scene import ready
from tests.support.people import an_agent

STRANGER, HOME, ELSEWHERE = "198.51.100.9", "203.0.113.7", "203.0.113.8"
CRM, SUPPORT = "/crm/sign-in", "/support/sign-in"
PORTAL = "/portal/ridgeline-roofing/sign-in/password"
CODES = "/portal/ridgeline-roofing/sign-in"


def tries(
    client: FlaskClient, path: str, email: str, password: str = "not the one", ip: str = STRANGER
) -> TestResponse:
    form = {"email": email, "password": password}
    return client.post(path, data=form, environ_overrides={"REMOTE_ADDR": ip})


def locked_out(house: House, path: str, email: str, ip: str = STRANGER) -> TestResponse:
    for _ in range(10):
        assert tries(house.client(), path, email, ip=ip).status_code == 422
    answer = tries(house.client(), path, email, ip=ip)
    assert answer.status_code == 429
    return answer


@pytest.fixture(params=[CRM, SUPPORT, PORTAL])
def door(house: House, request: pytest.FixtureRequest) -> tuple[House, str, str, str]:
    """A house, the address of a sign-in form, and somebody's e-mail address and password."""
    if request.param == CRM:
        return house, CRM, house.company()[1].email, PASSWORD
    elif request.param == SUPPORT:
        return house, SUPPORT, an_agent().email, PASSWORD
    scene = ready(house)
    scene.send()
    inside(scene, CUSTOMERS)
    return house, PORTAL, "dana@example.com", CUSTOMERS


def test_a_stranger_who_guesses_locks_out_only_the_network_they_guess_from(door):
    house, path, email, password = door
    locked_out(house, path, email)
    assert tries(house.client(), path, email, password, STRANGER).status_code == 429
    assert tries(house.client(), path, email, password, HOME).status_code == 303


def test_too_often_keeps_the_address_and_says_how_long_and_what_else(door):
    house, path, email, _ = door
    page = locked_out(house, path, email)
    assert f'value="{email}"' in page.text
    assert "That was tried very often" in page.text
    wait = int(page.headers["Retry-After"])
    assert 860 <= wait <= 900
    assert "You can try again in 15 minutes." in page.text
    assert ("have a code sent" if path == PORTAL else "where you signed in before") in page.text
    assert "not the one" not in page.text


def test_the_answer_is_the_same_for_an_address_of_nobody(door):
    house, path, email, _ = door
    pages = [locked_out(house, path, each) for each in (email, "nobody@example.com")]
    known, unknown = (re.sub(r'value="[\w.-]{60,}"|[\w.-]+@[\w.-]+', "", p.text) for p in pages)
    assert plain(known) == plain(unknown)


def plain(page: str) -> str:
    return re.sub(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}", "", page)


def test_a_device_that_was_here_before_is_let_in_whatever_strangers_do(house: House):
    _, member = house.company()
    hers = house.client()
    assert tries(hers, CRM, member.email, PASSWORD, HOME).status_code == 303
    hers.post("/crm/sign-out")
    locked_out(house, CRM, member.email, HOME)  # a thief in her own office
    for number in range(60):  # and a thousand machines elsewhere
        tries(house.client(), CRM, member.email, ip=f"198.51.100.{number}")
    assert tries(house.client(), CRM, member.email, PASSWORD, ELSEWHERE).status_code == 429
    assert tries(hers, CRM, member.email, PASSWORD, HOME).status_code == 303


def test_a_known_device_has_ten_tries_too(house: House):
    _, member = house.company()
    hers = house.client()
    assert tries(hers, CRM, member.email, PASSWORD).status_code == 303
    for _ in range(10):
        assert tries(hers, CRM, member.email).status_code == 422
    assert tries(hers, CRM, member.email, PASSWORD).status_code == 429


def test_a_mark_of_another_address_or_a_forged_one_is_none(house: House):
    _, member = house.company()
    _, rival = house.company("Other Roofing")
    theirs = house.client()
    assert tries(theirs, CRM, rival.email, PASSWORD).status_code == 303
    locked_out(house, CRM, member.email)
    assert tries(theirs, CRM, member.email, PASSWORD).status_code == 429
    forger = house.client()
    forger.set_cookie("known", theirs.get_cookie("known").value[:-4] + "AAAA")
    assert tries(forger, CRM, rival.email, "no").status_code == 422


def test_an_office_signs_in_one_after_the_other(house: House):
    _, member = house.company()
    answers = [tries(house.client(), CRM, member.email, PASSWORD, HOME) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {303}


def test_one_network_tries_thirty_addresses_and_no_more(house: House):
    found = [tries(house.client(), CRM, f"n{number}@example.com") for number in range(31)]
    assert [answer.status_code for answer in found] == [422] * 30 + [429]


def test_fifty_tries_an_hour_from_everywhere_are_the_most(house: House):
    def guess(number: int) -> None:
        count(Guess("crm", "maria@example.com", f"198.51.100.{number}"))

    for number in range(50):
        guess(number)
    with pytest.raises(TooManyTries):
        guess(99)
    with clock.shifted(timedelta(minutes=61)):
        guess(99)


def test_strangers_who_ask_for_codes_leave_the_customer_theirs(house: House):
    scene = ready(house)
    scene.send()
    phone = inside(scene)
    phone.post("/portal/sign-out")

    def asks(client: FlaskClient, minutes: int, ip: str) -> int:
        given = {"data": {"address": "dana@example.com"}, "environ_overrides": {"REMOTE_ADDR": ip}}
        with clock.shifted(timedelta(minutes=minutes)):
            return client.post(CODES, **given).status_code

    found = [asks(house.client(), 1, f"198.51.100.{n}") for n in range(20)]
    assert set(found) == {303}
    assert asks(house.client(), 2, ELSEWHERE) == 429
    assert asks(phone, 2, HOME) == 303


@pytest.mark.parametrize(
    ("ip", "whole"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_with_ipv6_is_one_network(ip: str, whole: str):
    assert network(ip) == whole
