"""Answers a second, each as a share of a bare Flask answer's in the same run (stack.md's measure).

The rounds are interleaved: what else the machine does falls on all of them alike. A round's share
is taken against the hellos before and after it, and the median of the rounds counts.
"""

from collections.abc import Mapping
from statistics import median

from bench.figures import Figure
from bench.load import Target, requests_a_second
from bench.office import Office
from bench.servers import free_port, served

READER = "Priya Raman"
_GOALS = {
    "idle poll, signed in": 0.6,
    "the customer's estimate page": 0.18,
}


def figures(office: Office, port: int, *, rounds: int, seconds: float) -> list[Figure]:
    hello_port = free_port()
    estimate = office.sent_estimate(READER)
    revision = office.job_of(READER).revision
    member, customer = (("Cookie", office.member_cookie),), _cookie(office)
    hello = Target(hello_port, "/", 200)
    targets = {
        "idle poll, signed in": Target(
            port, f"/crm/pipeline/poll?revision={revision + 1_000_000}", 204, member
        ),
        "the customer's estimate page": Target(
            port, f"/portal/estimate/{estimate.id}", 200, customer
        ),
    }
    environment = {
        "DATA_DIR": str(office.settings.data_dir),
        "BASE_URL": office.settings.base_url,
        "APP_MODE": "demo",
    }
    with served("bench.hello:app", hello_port), served("app:app", port, **environment):
        for target in (hello, *targets.values()):
            requests_a_second(target, seconds / 2)
        shares = _shares(hello, targets, rounds, seconds)
    return [
        Figure(name, round(share, 3), _GOALS[name], "of a bare Flask answer", is_least=True)
        for name, share in shares.items()
    ]


def _shares(
    hello: Target, targets: Mapping[str, Target], rounds: int, seconds: float
) -> dict[str, float]:
    shares: dict[str, list[float]] = {name: [] for name in targets}
    before = requests_a_second(hello, seconds)
    for _ in range(rounds):
        for name, target in targets.items():
            rate = requests_a_second(target, seconds)
            after = requests_a_second(hello, seconds)
            shares[name].append(rate / ((before + after) / 2))
            before = after
    return {name: median(found) for name, found in shares.items()}


def _cookie(office: Office) -> tuple[tuple[str, str], ...]:
    return (("Cookie", office.customer_cookie(READER)),)
