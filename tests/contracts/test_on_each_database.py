"""Signature, seal and card under threads, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from onboarding import gateways, jobs
from onboarding.contracts import sealing, signing
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.signing import Signature
from onboarding.notifications.models import Delivery
from tests.cards import CardWorld, card_world
from tests.deal import Deal, deal, now
from tests.house import House
from tests.payments.till import (
    cards,
    deliver,
    events_at_stripe,
    press_add_card,
    settle,
    setups,
    use,
)


@pytest.fixture
def world(everywhere: House, tmp_path: Path) -> Iterator[CardWorld]:
    # The queue would keep a connection for each thread that wakes it; a test does the work itself.
    jobs.close()
    with card_world(tmp_path) as world:
        gateways.use(replace(gateways.current(), cards=world.cards))
        yield world


@pytest.fixture
def consented(world: CardWorld, everywhere: House) -> Deal:
    consented = deal(everywhere)
    consented.approve()
    consented.consent()
    return consented


def test_twenty_signatures_eight_seals_and_ten_returns_are_one_of_each(
    consented: Deal, world: CardWorld
):
    contract = consented.contract
    arguments = (contract.id, contract.onboarding_id, str(contract.frozen_sha256))
    name = Signature(typed_text="Dana Whitfield")

    def sign(_: int) -> str:
        return signing.sign_contract(*arguments, name, consented.customer).id

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(sign, range(20)))) == 1
    use(press_add_card(consented.browser()))
    (setup,) = setups(consented)
    with ThreadPoolExecutor(18) as pool:
        seals = [pool.submit(sealing.seal_due) for _ in range(8)]
        returns = [pool.submit(settle, setup.id) for _ in range(10)]
        assert sum(seal.result() for seal in seals) == 1
        assert {back.result() for back in returns} == {"complete"}
    db = now(consented.company.id)
    assert db.scalar(select(func.count(ContractSignature.id))) == 1
    assert len(cards(consented)) == 1
    assert consented.events().count("onboarding.completed") == 1
    told = now(consented.company.id).scalars(
        select(Delivery.to).where(Delivery.purpose.like("onboarding_completed%"))
    )
    assert sorted(told) == ["dana@example.com", "maria@ridgeline-roofing.test"]


def test_events_and_return_at_once_are_one_card(consented: Deal, world: CardWorld):
    consented.sign()
    use(press_add_card(consented.browser()))
    (setup,) = setups(consented)
    events = events_at_stripe(world)[-3:]
    with ThreadPoolExecutor(8) as pool:
        browsers = [consented.house.client() for _ in range(9)]
        answers = [pool.submit(deliver, browsers[n], events[n % 3]) for n in range(9)]
        returns = [pool.submit(settle, setup.id) for _ in range(4)]
        assert {answer.result() for answer in answers} == {200}
        assert {back.result() for back in returns} == {"complete"}
    assert len(cards(consented)) == 1
    assert consented.events().count("payment.card_saved") == 1
