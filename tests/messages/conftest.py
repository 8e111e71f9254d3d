"""The same job as the estimates' tests have."""

from tests.estimates.conftest import drafted, sent

__all__ = ["drafted", "sent"]
