"""Guesses, uses and ways in at the same moment."""

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.accounts import actions, challenges
from onboarding.accounts.actions import Entry, Starter
from onboarding.accounts.challenges import Proof, Verdict
from onboarding.accounts.models import Challenge
from onboarding.database import end_reads, read, transaction
from onboarding.invites.actions import revoke_invite
from onboarding.invites.actions_link import start
from onboarding.journey.actions import Refused
from tests.accounts.people import accounts
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready
from tests.invites.test_races import at_once


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


@pytest.fixture
def starter(sent: Scene) -> Starter:
    began = start(sent.secret(), "", "")
    return Starter(
        began.contractor_id,
        began.contact_id,
        began.onboarding_id,
        began.invite_id,
        began.channel,
        began.address,
        clock.now(),
    )


def asked(starter: Starter, browser: str = "a browser") -> str:
    return actions.ask_challenge(starter, "sms", "+15035550188", browser, "")


def test_of_200_guesses_at_once_five_are_looked_at(sent: Scene, starter: Starter):
    challenge_id = asked(starter)
    right = int(sent.code())
    guesses = [f"{(right + offset) % 1_000_000:06d}" for offset in range(1, 201)]

    def guess(code: str) -> Verdict:
        with transaction(starter.contractor_id) as db:
            return challenges.prove(db, Proof(challenge_id, "a browser", code))[0]

    verdicts = at_once(*[lambda code=code: guess(code) for code in guesses])
    end_reads()
    challenge = read(ANYONE).get_one(Challenge, challenge_id)
    assert challenge.tries == 5
    assert verdicts.count(Verdict.WRONG) == 4
    assert verdicts.count(Verdict.TOO_MANY) == 196
    assert guess(f"{right:06d}") is Verdict.TOO_MANY


def test_the_right_code_twenty_times_at_once_opens_once(sent: Scene, starter: Starter):
    challenge_id = asked(starter)
    code = sent.code()
    results = at_once(
        *[
            lambda: actions.create_with_challenge(starter, Proof(challenge_id, "a browser", code))
        ]
        * 20
    )  # fmt: skip
    assert sum(isinstance(each, Entry) for each in results) == 1
    assert results.count(Verdict.USED) == 19
    assert len(accounts()) == 1


def test_the_right_code_from_another_browser_counts_for_nothing(sent: Scene, starter: Starter):
    challenge_id = asked(starter)
    stolen = Proof(challenge_id, "another browser", sent.code())
    assert actions.create_with_challenge(starter, stolen) is Verdict.OLD
    end_reads()
    assert read(ANYONE).get_one(Challenge, challenge_id).tries == 0
    assert accounts() == []


def test_two_ways_at_once_make_one_account(sent: Scene, starter: Starter):
    by_text, by_mail = asked(starter, "a phone"), ""
    first = sent.code()
    by_mail = actions.ask_challenge(starter, "email", "dana@example.com", "a laptop", "")
    second = sent.code()
    results = at_once(
        lambda: actions.create_with_challenge(starter, Proof(by_text, "a phone", first)),
        lambda: actions.create_with_challenge(starter, Proof(by_mail, "a laptop", second)),
        lambda: actions.create_with_link(starter),
    )
    assert all(isinstance(each, Entry) for each in results), results
    assert sum(each.is_new for each in results if isinstance(each, Entry)) == 1
    assert len(accounts()) == 1
    assert sent.events().count("account.created") == 1


@pytest.mark.parametrize("_round", range(5))
def test_creating_while_it_is_revoked_is_either_first_or_refused(
    sent: Scene, starter: Starter, _round: int
):
    made, _ = at_once(
        lambda: actions.create_with_link(starter),
        lambda: revoke_invite(sent.onboarding_id, sent.by),
    )
    assert isinstance(made, Entry | Refused)
    assert len(accounts()) == isinstance(made, Entry)
    assert sent.onboarding().facts.is_revoked


def test_ten_requests_for_a_code_send_one(sent: Scene, starter: Starter):
    found = at_once(*[lambda: asked(starter)] * 10)
    assert len(set(found)) == 1
    assert len(sent.deliveries("code")) == 1
    assert len(read(ANYONE).scalars(select(Challenge)).all()) == 1
