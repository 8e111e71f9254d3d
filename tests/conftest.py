"""One house for each test: the whole application on a database of its own, nothing faked but what
the demo fakes too."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.house import House, empty_database

from onboarding import create_app, database, jobs
from onboarding.config import Settings


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: a test then starts in milliseconds."""
    return empty_database(tmp_path_factory.mktemp("blank") / "blank.db")


@pytest.fixture
def settings(tmp_path: Path, blank_database: Path) -> Settings:
    shutil.copy(blank_database, tmp_path / "onboarding.db")
    return Settings(
        mode="test",
        base_url="http://localhost",
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'onboarding.db'}",
        secret_keys=("a key for tests that is long enough",),
        postal_address="1 Test Street, Portland, OR 97201",
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield House(app, settings)
    database.end_reads()
    database.engine().dispose()


@pytest.fixture
def run_jobs() -> Callable[[], Any]:
    """Does at once what the worker would do."""
    return jobs.run_pending
