"""The town in which the guards walk about, built once for each process of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import Town, built


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory, blank_database: Path) -> Iterator[Town]:
    with built(tmp_path_factory.mktemp("town"), blank_database) as town:
        yield town


@pytest.fixture
def town(built_town: Town) -> Town:
    """As it was built, whatever the test before it did."""
    built_town.enter()
    return built_town
