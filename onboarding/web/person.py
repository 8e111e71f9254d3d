"""A signed-in person, as Flask-Login asks for one; without Flask, so that queries can make it."""

from dataclasses import dataclass

from onboarding.actor import Kind


@dataclass(frozen=True)
class Visitor:
    """A support agent in a visit."""

    visit_id: str
    agent_id: str
    agent_name: str


@dataclass(frozen=True)
class Person:
    """A signed-in person of one of three kinds. `role` is a member's: owner or staff.

    `visit` is set while a support agent looks through this person's eyes: it names the agent, who
    then is the actor.
    """

    kind: Kind
    id: str
    name: str
    contractor_id: str = ""
    contact_id: str = ""
    role: str = ""
    language: str = ""
    visit: Visitor | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What a session keeps of this person: in a visit, the visit."""
        return self.visit.visit_id if self.visit else self.id
