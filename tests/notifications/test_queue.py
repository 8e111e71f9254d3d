"""Writing a message down: in the act's transaction, sealed, and sent once that is committed."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from onboarding import config, gateways, jobs, tokens
from onboarding.database import transaction
from onboarding.notifications import actions, outcomes, sending
from onboarding.notifications.actions import CannotRetry
from onboarding.notifications.models import (
    Delivery,
    DeliveryState,
    Failure,
    Notification,
    NotificationKind,
    Purpose,
)
from onboarding.notifications.payload import Attachment
from onboarding.notifications.queries import latest_notifications, unread_count
from onboarding.notifications.typesetting import Message
from tests.notifications.conftest import CONTRACTOR, EVERYONE, PostOffice, letter, text

TOKEN = tokens.new_secret()
SECRET = Message(f"{TOKEN} is yours", f"Go to /i/{TOKEN}", f"<a href='/i/{TOKEN}'>", f"/i/{TOKEN}")


def test_a_message_goes_out_when_the_act_is_committed(post_office: PostOffice) -> None:
    jobs.configure(post_office.settings, immediate=True)
    with transaction(CONTRACTOR) as db:
        actions.queue(db, letter())
        assert not post_office.mailbox.latest("email")
    assert len(post_office.mailbox.latest("email")) == 1


def test_an_act_that_fails_tells_nobody(post_office: PostOffice) -> None:
    jobs.configure(post_office.settings, immediate=True)
    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    sending.sweep()
    assert not post_office.mailbox.latest("email")


def act_and_fail() -> None:
    with transaction(CONTRACTOR) as db:
        actions.queue(db, letter())
        raise ZeroDivisionError


def test_the_workers_are_woken_once_for_an_act_and_only_by_its_commit(
    post_office: PostOffice,
) -> None:
    jobs.configure(post_office.settings)
    with transaction(CONTRACTOR) as db:
        actions.queue(db, letter())
        with db.begin_nested():
            actions.queue(db, letter())
        assert jobs.waiting() == 0
    assert jobs.waiting() == 1


def test_a_code_is_on_its_way_within_half_a_second(post_office: PostOffice) -> None:
    jobs.configure(post_office.settings)
    stop = jobs.run_in_thread()
    try:
        time.sleep(0.3)
        begun = time.monotonic()
        post_office.send(**text(is_code=True))
        while not post_office.mailbox.latest("sms") and time.monotonic() - begun < 5:
            time.sleep(0.005)
        assert time.monotonic() - begun < 0.5
    finally:
        stop()


@pytest.mark.parametrize("channel", [{}, text()])
def test_a_copy_of_the_database_holds_no_link_and_no_code(
    post_office: PostOffice, tmp_path: Path, channel: dict[str, str]
) -> None:
    jobs.configure(post_office.settings)
    post_office.send(message=SECRET, is_secret=True, is_code=True, **channel)
    assert_nowhere(tmp_path, TOKEN)
    sending.sweep()
    assert_nowhere(tmp_path, TOKEN)


def assert_nowhere(folder: Path, secret: str) -> None:
    files = [path for path in folder.iterdir() if path.is_file() and "mailbox" not in path.name]
    assert any("test.db" in path.name for path in files)
    for path in files:
        assert secret.encode() not in path.read_bytes(), path.name


def test_what_carried_a_link_is_wiped_once_it_is_out(post_office: PostOffice) -> None:
    secret = post_office.send(is_secret=True)
    plain = post_office.send()
    assert post_office.now(secret).payload
    sending.sweep()
    assert post_office.now(secret).payload is None
    assert post_office.now(plain).payload


def test_a_new_secret_key_still_reads_what_the_old_one_sealed(post_office: PostOffice) -> None:
    waiting = post_office.send()
    renew_keys("a new key that is long enough, too", *post_office.settings.secret_keys)
    sending.sweep()
    assert post_office.now(waiting).state == DeliveryState.DELIVERED


def test_a_key_that_was_lost_is_said_plainly(post_office: PostOffice) -> None:
    waiting = post_office.send()
    renew_keys("a new key that is long enough, too")
    sending.sweep()
    stands = post_office.now(waiting)
    assert (stands.state, stands.failure) == (DeliveryState.FAILED, Failure.UNREADABLE)
    assert "secret key" in stands.answer


def renew_keys(*keys: str) -> None:
    config.use(replace(config.current(), secret_keys=keys))


def test_a_file_goes_along_by_its_name_in_the_store(post_office: PostOffice) -> None:
    sha256 = gateways.current().documents.put(b"%PDF sealed")
    post_office.send(attachments=(Attachment("contract.pdf", "application/pdf", sha256),))
    sending.sweep()
    (arrived,) = post_office.mailbox.latest("email")
    (file,) = arrived.mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("contract.pdf", b"%PDF sealed")


def test_what_is_never_texted_cannot_be_queued_as_a_text(post_office: PostOffice) -> None:
    with pytest.raises(ValueError, match="question_asked"):
        post_office.send(**text(message=Message("s", "t", "h", None)))


def test_a_revoked_links_message_is_withdrawn_before_it_goes(post_office: PostOffice) -> None:
    waiting = post_office.send(purpose=Purpose.INVITE, reference="01invite", is_secret=True)
    other = post_office.send(purpose=Purpose.INVITE, reference="01another")
    with transaction(CONTRACTOR) as db:
        assert actions.withdraw(db, purpose=Purpose.INVITE, reference="01invite") == 1
        assert actions.withdraw(db, purpose=Purpose.INVITE, reference="01invite") == 0
    sending.sweep()
    stands = post_office.now(waiting)
    assert (stands.state, stands.failure, stands.payload) == ("failed", "withdrawn", None)
    assert post_office.now(other).state == DeliveryState.DELIVERED


def test_trying_again_twice_sends_one_more(post_office: PostOffice) -> None:
    waiting = post_office.send(to="nobody at all")
    sending.sweep()
    with transaction(CONTRACTOR) as db:
        given_up = db.scalars(select(Delivery).where(Delivery.id == waiting.id)).one()
        again = actions.retry(db, given_up)
        assert actions.retry(db, given_up) is again
    assert again.message_id != waiting.message_id
    assert post_office.now(waiting).state == DeliveryState.FAILED


@pytest.mark.parametrize("fields", [{}, {"to": "nobody at all", "is_secret": True}])
def test_what_is_out_or_wiped_is_not_tried_again(
    post_office: PostOffice, fields: dict[str, object]
) -> None:
    sent = post_office.send(**fields)
    sending.sweep()
    with transaction(CONTRACTOR) as db:
        stands = db.scalars(select(Delivery).where(Delivery.id == sent.id)).one()
        with pytest.raises(CannotRetry):
            actions.retry(db, stands)


def test_a_notification_is_read_once_and_only_by_its_own_contractor(
    post_office: PostOffice,
) -> None:
    first, second = (notified(post_office, text) for text in ("one", "two"))
    with transaction("01somebodyelse000000000000") as db:
        assert actions.mark_read(db, first.id) is None
        assert (unread_count(db), list(latest_notifications(db))) == (0, [])
    with transaction(CONTRACTOR) as db:
        read = actions.mark_read(db, first.id)
        assert read is not None
        moment = read.read_at
        assert actions.mark_read(db, first.id).read_at == moment  # type: ignore[union-attr]
        assert unread_count(db) == 1
        assert [note.id for note in latest_notifications(db)] == [second.id, first.id]
        actions.mark_all_read(db)
        assert unread_count(db) == 0


def notified(post_office: PostOffice, words: str) -> Notification:
    with transaction(CONTRACTOR) as db:
        return actions.notify(
            db,
            contractor_id=CONTRACTOR,
            contact_id=None,
            onboarding_id=None,
            kind=NotificationKind.QUESTION_ASKED,
            told={"words": words},
        )


def test_rooms_hear_of_their_own_messages_in_the_same_transaction(
    post_office: PostOffice,
) -> None:
    heard: list[tuple[str, str | None]] = []

    def note(db: object, delivery: Delivery) -> None:
        heard.append((delivery.state, delivery.reference))

    outcomes.on_outcome(Purpose.CARD_REMOVED, note)
    outcomes.on_outcome(Purpose.CARD_REMOVED, note)
    post_office.send(purpose=Purpose.CARD_REMOVED, reference="01card")
    post_office.send(purpose=Purpose.CARD_REMOVED, reference="01bad", to="nobody at all")
    post_office.send()
    sending.sweep()
    assert heard == [("delivered", "01card"), ("failed", "01bad")]


def test_a_listener_that_fails_undoes_itself_and_nothing_else(post_office: PostOffice) -> None:
    def stumble(db: object, delivery: Delivery) -> None:
        delivery.reference = "changed"
        raise ZeroDivisionError

    outcomes.on_outcome(Purpose.SUPPORT_LINK, stumble)
    sent = post_office.send(purpose=Purpose.SUPPORT_LINK)
    sending.sweep()
    sending.sweep()
    assert len(post_office.mailbox.latest("email")) == 1
    with transaction(EVERYONE) as db:
        stands = db.scalars(select(Delivery).where(Delivery.id == sent.id)).one()
        assert (stands.state, stands.reference) == (DeliveryState.DELIVERED, "01reference")
