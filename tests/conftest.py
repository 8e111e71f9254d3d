"""One house for each test: the whole application on a database of its own, nothing faked but what
the demo fakes too."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from onboarding import create_app, database, jobs, migrating
from onboarding.config import Settings
from tests import card_numbers
from tests.databases import postgres
from tests.house import House, Tell, empty_database
from tests.html.client import ReadingClient

# Shared by several folders, and dear: one town and one browser for each process of tests.
pytest_plugins = ["tests.browser.fixtures", "tests.guards.fixtures"]


@pytest.fixture(autouse=True, scope="session")
def addresses_compiled_once() -> Iterator[None]:
    """Each house has an app of its own with the same 250 rules: what werkzeug compiles of a rule is
    a function of its text, so it is done once in a process."""
    compiled = Rule._compile_builder
    known: dict[tuple[object, ...], Any] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, str(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", remembered)
        yield


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
    with _opened(settings) as house:
        yield house


@pytest.fixture(params=["sqlite", "postgresql"])
def everywhere(request: pytest.FixtureRequest, settings: Settings) -> Iterator[House]:
    """The same house on each database."""
    if request.param == "sqlite":
        with _opened(settings) as house:
            yield house
    else:
        with (
            postgres.database() as url,
            _opened(replace(settings, database_url=url)) as house,
        ):
            migrating.upgrade()
            yield house


@contextmanager
def _opened(settings: Settings) -> Iterator[House]:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = ReadingClient
    card_numbers.watch_requests(app)
    try:
        yield House(app, settings)
    finally:
        jobs.close()
        database.end_reads()
        database.engine().dispose()
    card_numbers.refuse_requests(app)
    card_numbers.refuse_files(settings.data_dir)


@pytest.fixture(autouse=True, scope="session")
def no_card_number_in_a_log() -> Iterator[None]:
    watch = card_numbers.LogWatch()
    logging.getLogger().addHandler(watch)
    yield
    logging.getLogger().removeHandler(watch)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """`tell(line)`: a figure that was measured, printed at the end of the run."""
    return lambda line: request.node.user_properties.append(("told", line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    for report in reports:
        for name, value in report.user_properties:
            if name == "told":
                terminalreporter.write_line(value)
