"""What a member decides about a contract besides its words, before it is sent: whether it gives the
right to cancel, for how long, and why it is signed electronically where the state limits that."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.contracts import state_profiles
from onboarding.contracts.actions import ContractSent
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.e_signing import is_undecided
from onboarding.contracts.models import Contract
from onboarding.contracts.queries import contract_of_estimate
from onboarding.contracts.state_profiles import StateProfile
from onboarding.database import transaction
from onboarding.journey.actions import lock, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act


@dataclass(frozen=True)
class Choice:
    """The names are the contract's columns. A reason stands only where one is needed."""

    has_cancel_right: bool = True
    no_cancel_reason: str = ""
    cancel_profile: str = ""
    e_sign_reason: str = ""
    is_on_paper: bool = False


@dataclass(frozen=True)
class Choosing:
    """What the editor shows: the choice as it is kept, and the profiles of the job's state."""

    choice: Choice
    profiles: tuple[StateProfile, ...]
    gives_by_default: bool

    @property
    def limits_e_signing(self) -> bool:
        return any(profile.limits_e_signing for profile in self.profiles)

    def needs_reason(self, choice: Choice) -> bool:
        """Electronically all the same, where the state limits that, goes only with a reason."""
        return self.limits_e_signing and is_undecided(choice)


def choosing(db: Session, onboarding: Onboarding, draft: Contract | None) -> Choosing:
    """The choice of a draft; of one that is not saved yet, what the company begins with."""
    gives = db.get_one(Contractor, onboarding.contractor_id).gives_cancel_right
    kept = _kept(draft) if draft is not None else Choice(has_cancel_right=gives)
    return Choosing(kept, state_profiles.choices(onboarding.site_state), gives)


def choose_signing(estimate_id: str, choice: Choice, by: Actor) -> Contract:
    """Keeps the choice with the draft, and in the trail. Chosen again, it is the same choice.

    Raises ContractGone, ContractSent, Refused.
    """
    with transaction(by.contractor_id) as db:
        draft = contract_of_estimate(db, estimate_id)
        if draft is None:
            raise ContractGone
        onboarding = lock(db, draft.onboarding_id)
        require(Act.DRAFT, onboarding, by)
        if draft.sent_at is not None:
            raise ContractSent
        if choice == _kept(draft):
            return draft
        for name, value in asdict(choice).items():
            setattr(draft, name, value)
        said = {"contract_id": draft.id, **asdict(choice)}
        record(db, onboarding, EventKind.SIGNING_CHOSEN, by, said)
        return draft


def _kept(draft: Contract) -> Choice:
    return Choice(
        draft.has_cancel_right,
        draft.no_cancel_reason,
        draft.cancel_profile,
        draft.e_sign_reason,
        draft.is_on_paper,
    )
