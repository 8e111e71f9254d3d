"""What a test may break at the card sandbox. An object in memory: no address reaches it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

Item = TypeVar("Item")


class Fault(Enum):
    DELAY = "answers, `seconds` too late"
    CUT_BEFORE = "hangs up before anything has happened"
    CUT_AFTER = "does it, and hangs up without saying so"
    FAIL = "answers 500, and again for the same idempotency key"
    TOO_MANY = "answers 429"


@dataclass
class PlannedFault:
    fault: Fault
    path: str
    times: int
    seconds: float


class Faults:
    """Faults to come, in the order planned, and how webhooks misbehave until told otherwise."""

    def __init__(self) -> None:
        self.webhooks_twice = False
        self.webhooks_reversed = False
        self.webhooks_lost = False
        self._planned: list[PlannedFault] = []
        self._lock = threading.Lock()

    def plan(self, fault: Fault, *, path: str = "", times: int = 1, seconds: float = 0.0) -> None:
        """The next `times` requests whose path contains `path` meet `fault`."""
        with self._lock:
            self._planned.append(PlannedFault(fault, path, times, seconds))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()
        self.webhooks_twice = self.webhooks_reversed = self.webhooks_lost = False

    def take(self, path: str) -> PlannedFault | None:
        """The fault that this request meets; it counts as met."""
        with self._lock:
            for planned in self._planned:
                if planned.path in path:
                    planned.times -= 1
                    self._planned = [one for one in self._planned if one.times > 0]
                    return planned
        return None

    def disturb(self, batch: Sequence[Item]) -> list[Item]:
        """A batch of webhooks as the network delivers it."""
        sent = [] if self.webhooks_lost else list(batch)
        if self.webhooks_reversed:
            sent.reverse()
        return [item for item in sent for _ in range(2 if self.webhooks_twice else 1)]
