"""What people see holds nothing that is not for them: crawled as each of them, with canaries in
every private column (trust requirement R51)."""

import sqlite3
from contextlib import closing

import pytest

from tests.guards.route_table import ROWS
from tests.guards.visitors import address, browser, doors, resident_of
from tests.town import Rows, Town

# Nobody is ever shown these -> what they are.
SECRETS = {
    ("accounts", "password_hash"): "what a password is compared with",
    ("agents", "password_hash"): "the same",
    ("members", "password_hash"): "the same",
    ("web_sessions", "secret_hash"): "what a session's cookie is compared with",
    ("invite_links", "secret_hash"): "what a link is compared with",
    ("support_visits", "link_hash"): "the same",
    ("member_resets", "secret_hash"): "the same",
    ("member_invites", "secret_hash"): "the same",
    ("sign_ups", "secret_hash"): "the same",
    ("sign_ups", "password_hash"): "what a password is compared with",
    ("challenges", "code_hash"): "what a code is compared with",
    ("deliveries", "payload"): "a message on its way, sealed",
    ("card_holders", "stripe_customer"): "a name at Stripe",
    ("payment_methods", "stripe_id"): "the same",
}
NOTES = "canary: pays late"
OWN_ROWS = ("contacts", "onboardings", "estimates", "accounts", "contracts", "payment_methods")
CONTRACTORS = ("staff", "owner", "visit")


def values(rows: Rows, table: str, column: str) -> set[str]:
    return {str(row[column]) for row in rows[table] if row[column]}


def ids_of_others(town: Town, rows: Rows, who: str) -> set[str]:
    """The ids of what belongs to somebody else than this viewer."""
    here = town.here.company.id
    if who in ("owner", "staff"):
        return {r["id"] for t in OWN_ROWS for r in rows[t] if r["contractor_id"] != here}
    elif who == "rival":
        return {r["id"] for t in OWN_ROWS for r in rows[t] if r["contractor_id"] == here}
    elif who == "customer":
        neighbors = [one.contact.id for one in town.here.neighbors.values()]
        return {*neighbors, *(one.onboarding_id for one in town.here.neighbors.values())} - {""}
    else:
        return set()


def seen_by(town: Town, who: str) -> dict[str, str]:
    """Every page that this one can open, whole, by the name of its door."""
    found = {}
    for door in doors(town.app):
        if door.is_safe and door.marker != "sandbox":
            stage = ROWS[door.name].stage
            path = address(town, door, resident_of(town, stage))
            answer = browser(town, who, door, stage).get(path)
            if answer.status_code == 200 and answer.mimetype != "application/pdf":
                found[door.name] = answer.get_data().decode(errors="replace")
    return found


def plant(town: Town) -> None:
    with closing(sqlite3.connect(town.settings.data_dir / "onboarding.db")) as db, db:
        db.execute("update contacts set notes = ?", (NOTES,))


@pytest.mark.parametrize("who", ["nobody", "customer", "rival", "staff", "owner", "support"])
def test_nobody_sees_what_is_not_for_them(town, who):
    plant(town)
    rows = town.rows()
    hidden = {value: f"{t}.{c}" for t, c in SECRETS for value in values(rows, t, c)}
    hidden |= dict.fromkeys(ids_of_others(town, rows, who), "an id of somebody else's")
    if who not in CONTRACTORS and who != "rival":
        hidden[NOTES] = "contacts.notes"
    faults = [
        f"{name}: {what}"
        for name, text in seen_by(town, who).items()
        for value, what in hidden.items()
        if value in text
    ]
    assert not faults, "\n".join([who, *sorted(set(faults))])


def test_the_canaries_are_there_to_be_found(town):
    """The contractor does see the notes, and every secret has a value to look for."""
    plant(town)
    assert NOTES in seen_by(town, "staff")["GET contacts.edit"]
    rows = town.rows()
    empty = [f"{table}.{column}" for table, column in SECRETS if not values(rows, table, column)]
    assert empty == []
