"""The town in which the guards walk about, built once for each process of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onboarding import clock
from tests.town import Town, built


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory, blank_database: Path) -> Iterator[Town]:
    with built(tmp_path_factory.mktemp("town"), blank_database) as town:
        yield town


@pytest.fixture
def town(built_town: Town) -> Iterator[Town]:
    """As it was built, whatever the test before it did, and when it was built: codes and links in
    it run out by the clock, however long the run goes on."""
    built_town.enter()
    with clock.shifted(built_town.built_at - clock.now()):
        yield built_town
