"""What an act costs: the floor is one commit, on the same disk, of an insert and an update."""

import time

from sqlalchemy import event, insert, update

from bench.figures import Figure, middle
from bench.office import EVERYONE, Office
from onboarding import clock, database
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import Revision
from onboarding.database import transaction
from onboarding.estimates import actions_answers, pricing
from onboarding.web.models import Take

APPROVER = "Priya Raman"


def figures(office: Office, *, times: int) -> list[Figure]:
    floor = middle(_bare_commit, times)
    act = _Approval(office)
    approve = middle(act.milliseconds, times)
    return [
        Figure("commits for one approval", act.commits(), 1, "commits"),
        Figure("one approval, contract frozen", round(approve, 1), 50, "ms"),
        Figure("the same, over one bare commit", round(approve / floor, 1), 10, "times"),
    ]


def _bare_commit() -> float:
    begun = time.perf_counter()
    with transaction(EVERYONE) as db:
        db.execute(insert(Take).values(key="benchmark", at=clock.now()))
        db.execute(update(Revision).values(number=Revision.number + 1))
    return (time.perf_counter() - begun) * 1000


class _Approval:
    """Approves an estimate, and takes it back so that it can be approved again."""

    def __init__(self, office: Office) -> None:
        account = office.customer(APPROVER)
        self.by = Actor(Kind.CUSTOMER, account.id, account.name, account.contractor_id)
        estimate = office.sent_estimate(APPROVER)
        self.estimate_id = estimate.id
        self.total = pricing.totals(estimate, ()).total
        database.end_reads()

    def milliseconds(self) -> float:
        begun = time.perf_counter()
        actions_answers.approve_estimate(self.estimate_id, (), self.total, self.by)
        took = (time.perf_counter() - begun) * 1000
        actions_answers.withdraw_approval(self.estimate_id, self.by)
        return took

    def commits(self) -> int:
        seen: list[object] = []

        def note(connection: object) -> None:
            seen.append(connection)

        event.listen(database.engine(), "commit", note)
        actions_answers.approve_estimate(self.estimate_id, (), self.total, self.by)
        event.remove(database.engine(), "commit", note)
        return len(seen)
