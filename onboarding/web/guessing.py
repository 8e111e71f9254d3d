"""How often somebody may try to sign in as an address, so that nobody guesses a password and no
stranger locks anybody out (R35, R38).

Tries are counted for an address from one network, and by themselves for a device that the address
signed in from before: whatever strangers do elsewhere, neither runs out. All that strangers try
from everywhere is bounded too, more widely. The same is counted whether or not the address is
somebody's.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from onboarding import passwords
from onboarding.database import Everyone, transaction
from onboarding.web import throttle

_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_COUNTING = Everyone("sign-in attempts are counted before anybody is known")


class TooManyTries(Exception):
    """Sign-in was tried too often. `seconds` is when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Guess:
    """A password tried at a door ('crm', 'support', 'portal:<contractor>') for an e-mail address.

    `device` is the name of a device on which the address signed in before, empty for any other.
    """

    door: str
    address: str
    ip: str
    device: str = ""

    @property
    def own_key(self) -> str:
        asker = f"on {self.device}" if self.device else f"from {network(self.ip)}"
        return f"{self.door}:{self.address.lower()}:{asker}"

    @property
    def network_key(self) -> str:
        return f"{self.door}:{network(self.ip)}"

    def limits(self) -> list[tuple[str, int, timedelta]]:
        own = (self.own_key, 10, _QUARTER)
        if self.device:
            return [own]
        everywhere = f"{self.door}:{self.address.lower()}"
        return [own, (self.network_key, 30, _QUARTER), (everywhere, 50, _HOUR)]


def count(guess: Guess) -> None:
    """One try. What is refused is not counted. Raises TooManyTries."""
    with transaction(_COUNTING) as db:
        for key, limit, within in guess.limits():
            if not throttle.take(db, key, limit=limit, within=within):
                raise TooManyTries(throttle.seconds_left(db, key, within=within))


def is_right(guess: Guess, password: str, password_hash: str | None) -> bool:
    """A try where one person at most has the address: whether the password is theirs. It takes as
    long where there is no hash to compare with. Raises TooManyTries."""
    count(guess)
    if not passwords.is_right(password, password_hash):
        return False
    was_right(guess)
    return True


def was_right(guess: Guess) -> None:
    """The password was right: the tries before it are forgiven, and the network gets its one back,
    so that an office may sign in one after the other."""
    with transaction(_COUNTING) as db:
        throttle.forget(db, guess.own_key)
        if not guess.device:
            throttle.give_back(db, guess.network_key)


def network(ip: str) -> str:
    """Where somebody is: an IPv4 address; of IPv6 the half that a household or company has."""
    try:
        found = ip_address(ip)
    except ValueError:
        return ip
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else ip
