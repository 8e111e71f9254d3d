"""Taking rows in: each whole or not at all, by a handful of statements for hundreds of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Column, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.contacts import folding, listing
from onboarding.contacts.duplicates import OnFile, on_file
from onboarding.contacts.models import (
    Contact,
    ContactImport,
    ContactListing,
    ContactWord,
    Duplicates,
    ImportRefusal,
)
from onboarding.contacts.rows import Reading, new_values
from onboarding.contractors import revisions

_contacts = cast(Table, Contact.__table__)
_listings = cast(Table, ContactListing.__table__)
_words = cast(Table, ContactWord.__table__)
_refusals = cast(Table, ImportRefusal.__table__)

Values = dict[str, Any]


@dataclass
class _Settled:
    """What becomes of a handful of rows: contacts by id, new ones whole, others as they change."""

    added: dict[str, Values] = field(default_factory=dict)
    changed: dict[str, Values] = field(default_factory=dict)
    refused: list[tuple[Reading, list[list[str]]]] = field(default_factory=list)


def take_in(db: Session, held: ContactImport, readings: Sequence[Reading]) -> None:
    """Writes the rows, as the member decided about those who are on file already."""
    settled = _settled(Duplicates(held.duplicates), readings, on_file(db, readings))
    _add(db, held.contractor_id, settled.added)
    _change(db, held.contractor_id, settled.changed)
    _refuse(db, held, settled.refused)
    held.added_count += len(settled.added)
    held.updated_count += len(settled.changed)


def _settled(wanted: Duplicates, readings: Iterable[Reading], known: OnFile) -> _Settled:
    settled = _Settled()
    for reading in readings:
        match = None if reading.reasons or wanted is Duplicates.ADD else known.match(reading)
        if reading.reasons:
            settled.refused.append((reading, [list(reason) for reason in reading.reasons]))
        elif match is None:
            contact_id = tokens.new_id()
            settled.added[contact_id] = new_values(reading.fields)
            # Somebody who stands twice among these rows is on file from the first time on.
            known.add(contact_id, reading.fields["name"], reading.email_key, reading.mobile)
        elif wanted is Duplicates.SKIP:
            why = ["duplicate", known.why(reading), known.names[match]]
            settled.refused.append((reading, [why]))
        elif match in settled.added:
            settled.added[match].update(reading.fields)
        else:
            settled.changed.setdefault(match, {}).update(reading.fields)
    return settled


def _add(db: Session, contractor_id: str, added: dict[str, Values]) -> None:
    if not added:
        return
    now = clock.now()
    shared = {"contractor_id": contractor_id, "version": 1, "revision": 0, "created_at": now}
    connection = db.connection()
    connection.execute(
        _contacts.insert(), [{"id": key, **shared, **values} for key, values in added.items()]
    )
    connection.execute(
        _listings.insert(),
        [
            {
                "contact_id": key,
                "contractor_id": contractor_id,
                "shelf": "current",
                "standing": "",
                "active_at": now,
                **_keys(values),
            }
            for key, values in added.items()
        ],
    )
    _write_words(db, contractor_id, added)


def _change(db: Session, contractor_id: str, changed: dict[str, Values]) -> None:
    """Only what the file says: cells that are empty there leave what is on file."""
    if not changed:
        return
    columns = [*new_values({})]
    found = db.execute(
        select(_contacts.c.id, *(_contacts.c[name] for name in columns))
        .where(_contacts.c.contractor_id == contractor_id, _contacts.c.id.in_(sorted(changed)))
        .order_by(_contacts.c.id)
        .with_for_update()
    ).all()
    whole = {row.id: dict(zip(columns, row[1:], strict=True)) | changed[row.id] for row in found}
    revision = revisions.move_on(db, contractor_id)
    moved = {"version": _contacts.c.version + 1, "revision": revision}
    _update_each(db, _contacts.c.id, whole, moved)
    keys = {key: _keys(values) for key, values in whole.items()}
    _update_each(db, _listings.c.contact_id, keys, {"active_at": clock.now()})
    db.connection().execute(delete(_words).where(_words.c.contact_id.in_(sorted(whole))))
    _write_words(db, contractor_id, whole)


def _update_each(db: Session, key: Column[Any], rows: dict[str, Values], alike: Values) -> None:
    """Each row, found by its key, gets values of its own and those that all get alike."""
    own = next(iter(rows.values()), {})
    statement = (
        update(key.table)
        .where(key == bindparam("its_key"))
        .values(**alike, **{name: bindparam(f"its_{name}") for name in own})
    )
    told = [
        {"its_key": row_key, **{f"its_{name}": value for name, value in values.items()}}
        for row_key, values in rows.items()
    ]
    if told:
        db.connection().execute(statement, told)


def _refuse(
    db: Session, held: ContactImport, refused: list[tuple[Reading, list[list[str]]]]
) -> None:
    rows = [
        {
            "id": tokens.new_id(),
            "contractor_id": held.contractor_id,
            "import_id": held.id,
            "line": reading.line.number,
            "reasons": reasons,
            "cells": reading.line.cells,
        }
        for reading, reasons in refused
    ]
    if rows:
        db.connection().execute(_refusals.insert(), rows)
    again = sum(reasons[0][0] == "duplicate" for _, reasons in refused)
    held.duplicate_count += again
    held.refused_count += len(refused) - again


def _keys(values: Values) -> Values:
    return {
        "name_key": folding.name_key(values["name"]),
        "email_key": folding.email_key(values["email"]),
    }


def _write_words(db: Session, contractor_id: str, contacts: dict[str, Values]) -> None:
    rows = [
        row
        for key, values in contacts.items()
        for row in listing.word_rows(
            key,
            contractor_id,
            folding.words_of(values["name"], values["email"], values["mobile"]),
        )
    ]
    if rows:
        db.connection().execute(_words.insert(), rows)
