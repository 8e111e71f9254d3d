"""Reminders wake the worker: on PostgreSQL by a connection of the queue's own, given back here."""

from collections.abc import Iterator

import pytest

from onboarding import jobs


@pytest.fixture(autouse=True)
def _no_queue_left_open() -> Iterator[None]:
    yield
    jobs.close()
