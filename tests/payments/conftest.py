from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onboarding import gateways
from tests.cards import CardWorld, card_world
from tests.deal import Deal, deal
from tests.house import House


@pytest.fixture
def world(house: House, tmp_path: Path) -> Iterator[CardWorld]:
    """The product with a card sandbox over real HTTP, whose webhooks a test delivers itself."""
    with card_world(tmp_path) as world:
        gateways.use(replace(gateways.current(), cards=world.cards))
        yield world


@pytest.fixture
def signed(world: CardWorld, house: House) -> Deal:
    """A customer who has signed and is asked for a card."""
    signed = deal(house)
    signed.signed()
    return signed
