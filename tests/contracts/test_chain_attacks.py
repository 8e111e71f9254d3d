"""Somebody at the database itself, triggers dropped: whatever they do to a trail is found."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from onboarding import database, gateways
from onboarding.contracts import sealing
from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind, hash_of
from onboarding.journey.models import Event, Onboarding
from onboarding.notifications.models import Delivery
from onboarding.notifications.payload import unsealed
from tests.deal import Deal, now
from tests.documents import text_of

Attack = Callable[[Connection, str], None]


def edit(db: Connection, job: str) -> None:
    said = {"job": job}
    db.execute(text("update events set actor_name='X' where onboarding_id=:job and seq=3"), said)


def delete(db: Connection, job: str) -> None:
    db.execute(text("delete from events where onboarding_id=:job and seq=3"), {"job": job})


def reorder(db: Connection, job: str) -> None:
    for before, after in ((3, -1), (4, 3), (-1, 4)):
        db.execute(
            text("update events set seq=:after where onboarding_id=:job and seq=:before"),
            {"job": job, "before": before, "after": after},
        )


def insert(db: Connection, job: str) -> None:
    """One more event between two, the later ones moved on."""
    last = db.execute(text("select max(seq) from events where onboarding_id=:job"), {"job": job})
    for seq in range(last.scalar_one(), 3, -1):
        db.execute(
            text("update events set seq=seq+1 where onboarding_id=:job and seq=:seq"),
            {"job": job, "seq": seq},
        )
    names = [row[1] for row in db.execute(text("pragma table_info(events)"))]
    taken = ", ".join({"id": "'" + "x" * 26 + "'", "seq": "4"}.get(name, name) for name in names)
    db.execute(
        text(
            f"insert into events ({', '.join(names)}) "
            f"select {taken} from events where onboarding_id=:job and seq=3"
        ),
        {"job": job},
    )


def cut_tail(db: Connection, job: str) -> None:
    """The last event, the signature's, and the row's own head made to fit."""
    last = "(select max(seq) from events where onboarding_id=:job)"
    db.execute(text(f"delete from events where onboarding_id=:job and seq={last}"), {"job": job})
    db.execute(
        text(
            "update onboardings set event_count=event_count-1, event_head="
            f"(select hash from events where onboarding_id=:job and seq={last}) where id=:job"
        ),
        {"job": job},
    )


ATTACKS: dict[str, Attack] = {
    "an edit": edit,
    "a deletion": delete,
    "another order": reorder,
    "an insertion": insert,
    "a tail cut off and its head made to fit": cut_tail,
}


def attack(deal: Deal, does: Attack) -> None:
    database.end_reads()
    with database.engine().begin() as db:
        for act in ("update", "delete"):
            db.execute(text(f"drop trigger events_refuse_{act}"))
        does(db, deal.estimate.onboarding_id)


def audited(deal: Deal, *words: str) -> tuple[int, str]:
    database.end_reads()
    told = deal.house.app.test_cli_runner().invoke(args=["audit", "verify", *words])
    return told.exit_code, told.output


@pytest.mark.parametrize("does", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_on_the_trail_is_found(approved: Deal, does: Attack):
    approved.signed()
    assert audited(approved)[0] == 0
    attack(approved, does)
    code, said = audited(approved)
    assert code == 1
    assert f"BROKEN {approved.estimate.onboarding_id}" in said


def replace_whole(deal: Deal) -> None:
    """Another story, well chained, and the row's own head with it."""
    job = now(deal.company.id).get_one(Onboarding, deal.estimate.onboarding_id)
    told = list(
        now(deal.company.id).scalars(
            select(Event).where(Event.onboarding_id == job.id).order_by(Event.seq)
        )
    )
    previous, rewritten = "", []
    for event in told:
        event.actor_name, event.previous_hash = "Nobody", previous
        event.hash = previous = hash_of(event)
        rewritten.append({"id": event.id, "hash": event.hash, "before": event.previous_hash})
    head, id_ = previous, job.id

    def does(db: Connection, _: str) -> None:
        change = "update events set actor_name='Nobody', hash=:hash, previous_hash=:before"
        for one in rewritten:
            db.execute(text(f"{change} where id=:id"), one)
        fitting = {"head": head, "id": id_}
        db.execute(text("update onboardings set event_head=:head where id=:id"), fitting)

    attack(deal, does)


def test_a_chain_replaced_whole_no_longer_has_the_head_that_was_signed(approved: Deal):
    signed = approved.signed()
    replace_whole(approved)
    code, said = audited(approved)
    assert code == 1
    assert signed.chain_head in said
    assert "does not fit" not in said


def sent_mails(deal: Deal) -> list[str]:
    statement = select(Delivery.payload).where(
        Delivery.purpose.startswith("onboarding_completed"), Delivery.channel == "email"
    )
    return [unsealed(str(told)).text for told in now(deal.company.id).scalars(statement)]


def test_the_head_stands_in_certificate_and_both_mails_and_is_looked_for(
    approved: Deal, tmp_path: Path
):
    signed = approved.signed()
    sealing.seal_due()
    with transaction(approved.company.id) as db:
        onboarding = journey.lock(db, approved.estimate.onboarding_id)
        journey.record(db, onboarding, EventKind.CARD_SAVED, approved.customer, has_card=True)
        sealing.confirm_if_ready(db, onboarding)
    mails = sent_mails(approved)
    assert len(mails) >= 2
    for mail in mails:
        assert signed.chain_head in re.sub(r"\s", "", mail)
    sealed = approved.signature
    assert sealed is not None
    pdf = gateways.current().documents.get(str(sealed.sealed_sha256))
    assert signed.chain_head in text_of(pdf, tmp_path).replace(" ", "")
    assert audited(approved, "--head", signed.chain_head)[0] == 0
    code, said = audited(approved, "--head", "0" * 64)
    assert code == 1
    assert "cut or replaced" in said
