"""Contacts in and out: the list's own rows, words to search by, imports, merged records."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(length=26)
AT = sa.DateTime(timezone=True)
WORD = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")

_ID = sa.column("id", sa.String)
_CONTRACTOR = sa.column("contractor_id", sa.String)
CONTACTS = sa.table(
    "contacts",
    *(_ID, _CONTRACTOR, sa.column("name", sa.String), sa.column("email", sa.String)),
    *(sa.column("mobile", sa.String), sa.column("archived_at", AT), sa.column("created_at", AT)),
)
ONBOARDINGS = sa.table(
    "onboardings",
    *(sa.column("id", sa.String), sa.column("contact_id", sa.String)),
    *(sa.column("status", sa.String), sa.column("status_since", AT)),
)
LISTINGS = sa.table(
    "contact_listings",
    *(sa.column("contact_id", sa.String), sa.column("contractor_id", sa.String)),
    *(sa.column("shelf", sa.String), sa.column("name_key", sa.String)),
    *(sa.column("email_key", sa.String), sa.column("standing", sa.String)),
    sa.column("active_at", AT),
)
WORDS = sa.table(
    "contact_words",
    *(sa.column("contractor_id", sa.String), sa.column("word", sa.String)),
    sa.column("contact_id", sa.String),
)
LISTED = {
    "by_name": ("name_key", "contact_id"),
    "by_age": ("contact_id",),
    "by_act": ("active_at", "contact_id"),
    "standing_by_name": ("standing", "name_key", "contact_id"),
    "standing_by_age": ("standing", "contact_id"),
    "standing_by_act": ("standing", "active_at", "contact_id"),
}


def upgrade() -> None:
    # In plain words, for alembic would write the table anew on SQLite, and others point at it.
    op.execute(
        "ALTER TABLE contacts ADD COLUMN merged_into_id VARCHAR(26)"
        " CONSTRAINT fk_contacts_merged_into_id_contacts REFERENCES contacts (id)"
    )
    _make_listings()
    _make_words()
    _make_imports()
    _make_refusals()
    _fill()


def downgrade() -> None:
    for table in ("contact_import_refusals", "contact_imports", "contact_words"):
        op.drop_table(table)
    op.drop_table("contact_listings")
    op.execute("ALTER TABLE contacts DROP COLUMN merged_into_id")


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _make_listings() -> None:
    table = "contact_listings"
    op.create_table(
        table,
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("contractor_id", ID, nullable=False),
        sa.Column("shelf", sa.String(length=10), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("standing", sa.String(length=30), nullable=False),
        sa.Column("active_at", AT, nullable=False),
        _reference(table, "contact_id", "contacts"),
        _reference(table, "contractor_id", "contractors"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f(f"pk_{table}")),
    )
    for name, columns in LISTED.items():
        op.create_index(f"ix_{table}_{name}", table, ["contractor_id", "shelf", *columns])
    op.create_index(f"ix_{table}_email_key", table, ["contractor_id", "email_key"])


def _make_words() -> None:
    table = "contact_words"
    op.create_table(
        table,
        sa.Column("contractor_id", ID, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        _reference(table, "contact_id", "contacts"),
        _reference(table, "contractor_id", "contractors"),
        sa.PrimaryKeyConstraint("contractor_id", "word", "contact_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_contact_id"), table, ["contact_id"])


def _make_imports() -> None:
    table = "contact_imports"
    counts = ("row_count", "cursor", "good_count", "duplicate_count", "refused_count")
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("contractor_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("separator", sa.String(length=1), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("duplicates", sa.String(length=6), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (*counts, "added_count", "updated_count", "fence")
        ),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("lease_until", AT, nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("started_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        _reference(table, "contractor_id", "contractors"),
        _reference(table, "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_contractor_id"), table, ["contractor_id"])
    op.create_index(op.f(f"ix_{table}_state_lease_until"), table, ["state", "lease_until"])


def _make_refusals() -> None:
    table = "contact_import_refusals"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("contractor_id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        _reference(table, "contractor_id", "contractors"),
        _reference(table, "import_id", "contact_imports"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("import_id", "line", name=op.f(f"uq_{table}_import_id_line")),
    )


def _fill() -> None:
    """A row and words for each contact that is there, a thousand at a time."""
    connection, after = op.get_bind(), ""
    while True:
        some = sa.select(CONTACTS).where(CONTACTS.c.id > after).order_by(CONTACTS.c.id)
        contacts = connection.execute(some.limit(1000)).all()
        if not contacts:
            return
        standings = _standings(connection, [contact.id for contact in contacts])
        connection.execute(
            LISTINGS.insert(),
            [_listing(contact, *standings.get(contact.id, ("", None))) for contact in contacts],
        )
        words = [row for contact in contacts for row in _words(contact)]
        if words:
            connection.execute(WORDS.insert(), words)
        after = contacts[-1].id


def _standings(connection: Any, contact_ids: list[str]) -> dict[str, tuple[str, Any]]:
    """The status of the newest job of each, and since when."""
    rows = connection.execute(
        sa.select(ONBOARDINGS)
        .where(ONBOARDINGS.c.contact_id.in_(contact_ids))
        .order_by(ONBOARDINGS.c.id)
    )
    return {row.contact_id: (row.status, row.status_since) for row in rows}


def _listing(contact: Any, standing: str, since: Any) -> dict[str, Any]:
    return {
        "contact_id": contact.id,
        "contractor_id": contact.contractor_id,
        "shelf": "current" if contact.archived_at is None else "archived",
        "name_key": _folded(contact.name)[:200],
        "email_key": contact.email.casefold()[:254] if contact.email else None,
        "standing": standing,
        "active_at": since or contact.created_at,
    }


def _words(contact: Any) -> Iterator[dict[str, str]]:
    text = f"{_folded(contact.name)} {_folded(contact.email or '')}"
    found = {*re.findall(r"\w+", text), *([_folded(contact.email)] if contact.email else [])}
    digits = (contact.mobile or "").lstrip("+")
    found |= {digits, digits[-10:], digits[-7:], digits[-4:]} - {""}
    for word in sorted({word[:60] for word in found}):
        yield {
            "contractor_id": contact.contractor_id,
            "word": word,
            "contact_id": contact.id,
        }


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
