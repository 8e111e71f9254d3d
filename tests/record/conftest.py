import pytest

from tests.deal import Deal, deal
from tests.house import House


@pytest.fixture
def sent(house: House) -> Deal:
    """An estimate and its contract, sent to somebody who has an account."""
    return deal(house)
