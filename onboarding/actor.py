"""Who acts: a person of one of three kinds, or the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    CUSTOMER = "customer"
    MEMBER = "member"
    SUPPORT = "support"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The person behind a request, as the audit trail names them.

    `visited_as` is set for a support agent who looks through somebody's eyes: the kind of person
    whose screen is shown. `ip` and `user_agent` are empty where there was no request.
    """

    kind: Kind
    id: str
    name: str
    contractor_id: str = ""
    ip: str = ""
    user_agent: str = ""
    visited_as: Kind | None = None

    @property
    def is_visiting(self) -> bool:
        return self.kind is Kind.SUPPORT


SYSTEM = Actor(Kind.SYSTEM, "system", "System")
