"""Two things at the same moment, from threads of this process."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from onboarding.database import end_reads
from onboarding.invites.actions import resend_invite, revoke_invite
from onboarding.invites.actions_link import LinkDead, start
from onboarding.journey.actions import Refused
from tests.house import House
from tests.invites.scene import Scene, ready


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each came to, an exception where it raised one."""
    barrier, found = Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[number] = act()
        except Exception as raised:
            found[number] = raised
        finally:
            end_reads()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found)


@pytest.mark.parametrize("_round", range(5))
def test_pressing_while_it_is_revoked_either_came_first_or_finds_it_dead(sent: Scene, _round: int):
    secret = sent.secret()
    pressed, _ = at_once(
        lambda: start(secret, "", ""), lambda: revoke_invite(sent.onboarding_id, sent.by)
    )
    was_first = "invite.opened" in sent.events()
    assert isinstance(pressed, LinkDead) is not was_first
    assert sent.onboarding().facts.is_revoked
    assert sent.events().index("invite.revoked") == len(sent.events()) - 1


@pytest.mark.parametrize("_round", range(5))
def test_pressing_while_it_is_replaced_either_came_first_or_finds_it_dead(sent: Scene, _round: int):
    secret = sent.secret()
    pressed, _ = at_once(
        lambda: start(secret, "", ""), lambda: resend_invite(sent.onboarding_id, sent.by)
    )
    assert isinstance(pressed, LinkDead) is not ("invite.opened" in sent.events())


def test_ten_presses_of_send_are_one_invite(house: House):
    scene = ready(house)
    results = at_once(*[scene.send] * 10)
    assert results == [None] * 10
    assert len(scene.invites()) == 1
    assert len(scene.deliveries("invite")) == 1


def test_ten_presses_of_get_started_are_one_event(sent: Scene):
    secret = sent.secret()
    results = at_once(*[lambda: start(secret, "", "")] * 10)
    assert not any(isinstance(each, LinkDead | Refused) for each in results)
    assert sent.events().count("invite.opened") == 1
