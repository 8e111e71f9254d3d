"""What was asked and answered about an estimate, to be shown on it in its place.

The messages room leans on this one, so its rows come through a door: `use_conversation` is called
once, when the application is put together.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

WHOLE = ""
"""Where what is said about the whole estimate stands, among the keys of its lines."""


@dataclass(frozen=True)
class Said:
    """One message. `line_key` is WHOLE where it is not about one line; `line_name` as it was then.

    `kind` is 'question', 'changes', 'answer' or 'message'; `about` what a change is wanted of.
    """

    id: str
    line_key: str
    line_name: str
    kind: str
    about: str
    body: str
    by: str
    at: datetime
    is_customers: bool
    is_seen: bool


Conversation = Callable[[Session, str], Sequence[Said]]
_conversation: Conversation | None = None


def use_conversation(conversation: Conversation) -> None:
    """`conversation(db, onboarding_id)`: all that was said about this job, in order."""
    global _conversation
    _conversation = conversation


def said_of(db: Session, onboarding_id: str) -> Mapping[str, list[Said]]:
    """By the key of the line that it is about; what is about the whole stands under WHOLE."""
    if _conversation is None:
        raise RuntimeError("Estimates know no messages yet: call use_conversation(…) first.")
    by_line: dict[str, list[Said]] = defaultdict(list)
    for said in _conversation(db, onboarding_id):
        by_line[said.line_key].append(said)
    return by_line


def unread(said: Mapping[str, list[Said]]) -> int:
    """How many of the contractor's words the customer has not looked at."""
    return sum(not one.is_customers and not one.is_seen for line in said.values() for one in line)
