"""The same job as the estimates' tests have. Answers wake the worker: on PostgreSQL by a connection
of the queue's own, given back here."""

from collections.abc import Iterator

import pytest

from onboarding import jobs
from tests.estimates.conftest import drafted, sent

__all__ = ["drafted", "sent"]


@pytest.fixture(autouse=True)
def _no_queue_left_open() -> Iterator[None]:
    yield
    jobs.close()
