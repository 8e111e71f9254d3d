"""How long the papers take: an estimate, a signed contract, its seal, and the test of that."""

import time
from collections.abc import Callable

from sqlalchemy import select

from bench.figures import Figure, middle
from bench.office import EVERYONE, Office
from onboarding import gateways
from onboarding.contracts import frozen
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.papers import estimate_paper, signed_paper
from onboarding.database import read


def figures(office: Office, *, times: int) -> list[Figure]:
    world = gateways.current()
    db = read(EVERYONE)
    signed = db.scalars(select(ContractSignature).order_by(ContractSignature.id)).first()
    assert signed is not None
    estimate = estimate_paper(frozen.read(signed.frozen))
    paper = signed_paper(db, signed)
    pdf = world.renderer.signed_contract(paper)
    sealed = world.sealer.seal(pdf, "Signed contract", signed.at)

    def took(do: Callable[[], object]) -> float:
        return round(middle(_timed(do), times), 1)

    return [
        Figure("estimate as PDF/A", took(lambda: world.renderer.estimate(estimate)), 60, "ms"),
        Figure(
            "signed contract as PDF/A",
            took(lambda: world.renderer.signed_contract(paper)),
            120,
            "ms",
        ),
        Figure(
            "seal", took(lambda: world.sealer.seal(pdf, "Signed contract", signed.at)), 120, "ms"
        ),
        Figure("test of a seal", took(lambda: world.sealer.verify(sealed)), 120, "ms"),
    ]


def _timed(do: Callable[[], object]) -> Callable[[], float]:
    def milliseconds() -> float:
        begun = time.perf_counter()
        do()
        return (time.perf_counter() - begun) * 1000

    return milliseconds
