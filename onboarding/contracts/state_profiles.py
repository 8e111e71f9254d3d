"""What states say about cancelling and signing, as data. Nothing here is legal advice.

Each profile has its source, and holds only once a lawyer has confirmed it: the contractor's page
says so beside each. A profile may lengthen the federal days and never shortens them.
"""

from dataclasses import dataclass

FEDERAL_DAYS = 3


@dataclass(frozen=True)
class StateProfile:
    """`days` in business days. `is_choice`: it holds only where the contractor says that it does,
    as for a buyer of a certain age. `limits_e_signing`: the state keeps such contracts out of its
    law on electronic signatures, or may be read so."""

    key: str
    state: str
    days: int
    source: str
    is_choice: bool = False
    limits_e_signing: bool = False


FEDERAL = StateProfile("federal", "", FEDERAL_DAYS, "16 CFR 429.1")
PROFILES = (
    FEDERAL,
    StateProfile(
        "ca",
        "CA",
        3,
        "California Civil Code 1689.6(a); Business and Professions Code 7159",
        limits_e_signing=True,
    ),
    StateProfile(
        "ca-65",
        "CA",
        5,
        "California Civil Code 1689.6(a)(2), buyers aged 65 and older",
        is_choice=True,
        limits_e_signing=True,
    ),
)
_BY_KEY = {profile.key: profile for profile in PROFILES}
_NAMES = {"california": "CA", "calif": "CA", "calif.": "CA"}


def profile(key: str, state: str) -> StateProfile:
    """The profile chosen, where it is one of the state's; else the one the state has by itself."""
    choice = _BY_KEY.get(key)
    if choice is not None and choice.is_choice and choice.state == _code(state):
        return choice
    return _own(state)


def choices(state: str) -> tuple[StateProfile, ...]:
    """What the contractor may choose from for a job in this state: the first is its own."""
    further = tuple(one for one in PROFILES if one.is_choice and one.state == _code(state))
    return (_own(state), *further)


def limits_e_signing(state: str) -> bool:
    """Whether contracts for a job in this state may be kept from electronic signatures."""
    return any(one.limits_e_signing for one in choices(state))


def _own(state: str) -> StateProfile:
    code = _code(state)
    found = (one for one in PROFILES if one.state == code and not one.is_choice)
    return next(found, FEDERAL)


def _code(state: str) -> str:
    """A state as people type it: `CA`, `ca`, `California`."""
    typed = state.strip()
    return _NAMES.get(typed.lower(), typed.upper())
