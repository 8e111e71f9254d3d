"""Events on their way to the product: signed, repeated, out of order, lost, late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from onboarding import clock
from onboarding.gateways.cards import StripeEvent
from onboarding.gateways.stripe_events import read_event
from onboarding.sandbox.stripe_faults import Faults
from onboarding.sandbox.stripe_objects import event, setup_intent
from onboarding.sandbox.stripe_store import Store
from onboarding.sandbox.stripe_webhooks import WebhookSender
from tests.cards import SECRET, CardWorld, card_world


class Portal:
    """Takes events as the product does: believes what is signed, and may be out of order."""

    def __init__(self) -> None:
        self.events: list[StripeEvent] = []
        self.is_down = False
        self.arrived = threading.Condition()

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]
        request = Request(environ)
        read = read_event((SECRET,), request.get_data(), request.headers["Stripe-Signature"])
        with self.arrived:
            if not self.is_down:
                self.events.append(read)
            self.arrived.notify_all()
        return Response(status=503 if self.is_down else 200)(environ, start_response)

    def wait_for(self, kind: str) -> StripeEvent:
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.named(kind), timeout=10), self.events
        return self.named(kind)[0]

    def named(self, kind: str) -> list[StripeEvent]:
        return [event for event in self.events if event.type == kind]


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def listening(portal: Portal) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, portal, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def world(portal: Portal, tmp_path: Path) -> Iterator[CardWorld]:
    with listening(portal) as url, card_world(tmp_path, webhook_url=url) as made:
        yield made


@pytest.fixture
def sender(portal: Portal, tmp_path: Path) -> Iterator[WebhookSender]:
    """A sender without its thread: it sends when the test says so."""
    with listening(portal) as url:
        yield WebhookSender(Store(tmp_path / "sandbox.db"), Faults(), url, SECRET)


def queue(sender: WebhookSender, count: int = 3) -> list[str]:
    with sender.store.transaction() as shelf:
        events = [event("setup_intent.created", setup_intent(), None, {}) for _ in range(count)]
        for one in events:
            shelf.keep(one)
            shelf.queue_delivery(one["id"], clock.now().timestamp())
    return [one["id"] for one in events]


def waiting(sender: WebhookSender) -> int:
    with sender.store.transaction() as shelf:
        return shelf.waiting_deliveries()


def test_the_portal_hears_of_a_saved_card(world: CardWorld, portal: Portal) -> None:
    customer = world.customer()
    page = world.setup(customer)
    world.press(page, "visa")
    done = portal.wait_for("checkout.session.completed")
    assert (done.object_id, done.customer) == (page.session_id, customer)
    succeeded = portal.wait_for("setup_intent.succeeded")
    assert succeeded.object_id == world.cards.fetch_setup(page.session_id).setup_intent_id
    assert portal.wait_for("customer.created").object_id == customer


def test_the_portal_hears_of_declines_and_of_the_banks_question(
    world: CardWorld, portal: Portal
) -> None:
    page = world.setup(world.customer())
    world.press(page, "declined")
    portal.wait_for("setup_intent.setup_failed")
    world.press(page, "authenticate")
    portal.wait_for("setup_intent.requires_action")
    assert portal.named("checkout.session.completed") == []


def test_the_portal_hears_whose_card_was_removed(world: CardWorld, portal: Portal) -> None:
    customer = world.customer()
    world.press(world.setup(customer), "visa")
    (card,) = world.cards.list_cards(customer)
    world.cards.set_default(customer, card.id, "default-1")
    world.cards.detach_card(card.id, "detach-1")
    gone = portal.wait_for("payment_method.detached")
    assert (gone.object_id, gone.customer) == (card.id, customer)
    portal.wait_for("customer.updated")


def test_an_event_is_sent_again_until_the_portal_takes_it(
    sender: WebhookSender, portal: Portal
) -> None:
    (sent,) = queue(sender, 1)
    portal.is_down = True
    assert sender.send_due() == 1
    assert (portal.events, waiting(sender)) == ([], 1)
    assert sender.send_due() == 0
    portal.is_down = False
    with clock.shifted(timedelta(seconds=2)):
        assert sender.send_due() == 1
    assert ([one.id for one in portal.events], waiting(sender)) == ([sent], 0)


def test_a_portal_that_is_gone_is_given_up_in_the_end(tmp_path: Path) -> None:
    sender = WebhookSender(Store(tmp_path / "x.db"), Faults(), "http://127.0.0.1:9/", SECRET)
    queue(sender, 1)
    tries = 0
    for _ in range(30):
        with clock.shifted(timedelta(hours=tries)):
            tries += sender.send_due()
    assert (tries, waiting(sender)) == (20, 0)


def test_what_waited_is_sent_after_a_restart(tmp_path: Path, portal: Portal) -> None:
    portal.is_down = True
    with listening(portal) as url:
        with card_world(tmp_path, webhook_url=url) as world:
            world.customer()
            with portal.arrived:
                portal.arrived.wait(timeout=10)
        portal.is_down = False
        with card_world(tmp_path, webhook_url=url) as world, clock.shifted(timedelta(minutes=2)):
            world.cards.check()
            portal.wait_for("customer.created")


def test_webhooks_can_come_twice_backwards_or_not_at_all(
    sender: WebhookSender, portal: Portal
) -> None:
    sender.faults.webhooks_twice = True
    sender.faults.webhooks_reversed = True
    sent = queue(sender)
    sender.send_due()
    assert [one.id for one in portal.events] == [one for one in sent[::-1] for _ in range(2)]
    portal.events.clear()
    sender.faults.clear()
    sender.faults.webhooks_lost = True
    queue(sender)
    sender.send_due()
    assert (portal.events, waiting(sender)) == ([], 0)


def test_two_senders_never_send_the_same_delivery(sender: WebhookSender, portal: Portal) -> None:
    queue(sender, 20)
    threads = [threading.Thread(target=sender.send_due) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(portal.events) == len({one.id for one in portal.events}) == 20


def test_without_an_address_nothing_is_queued(tmp_path: Path) -> None:
    with card_world(tmp_path) as world:
        world.customer()
        with world.served.sandbox.store.transaction() as shelf:
            assert shelf.waiting_deliveries() == 0
