"""Cards on the contractor's own account, cards that expire, and locks after too many declines."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ON = ("card_holders", "card_setups", "payment_methods")


def upgrade() -> None:
    for table in ON:
        op.add_column(table, _text("stripe_account", 64))
    op.add_column(
        "card_setups", sa.Column("declines", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("card_setups", sa.Column("declined_at", MOMENT, nullable=True))
    op.add_column("payment_methods", _text("holder_name", 200))
    op.add_column("payment_methods", sa.Column("checked_at", MOMENT, nullable=True))
    op.add_column("payment_methods", sa.Column("expired_at", MOMENT, nullable=True))
    with op.batch_alter_table("card_holders") as table:
        table.drop_constraint("uq_card_holders_contact_id", type_="unique")
        table.create_unique_constraint(
            "uq_card_holders_contact_id_stripe_account", ["contact_id", "stripe_account"]
        )
    _create_locks()
    _create_accounts()


def downgrade() -> None:
    op.drop_table("card_accounts")
    op.drop_table("card_locks")
    # Of a contact's customers at Stripe the oldest stays: it is the one that was known before.
    op.execute(
        "DELETE FROM card_holders WHERE id NOT IN"
        " (SELECT min(id) FROM card_holders GROUP BY contact_id)"
    )
    with op.batch_alter_table("card_holders") as table:
        table.drop_constraint("uq_card_holders_contact_id_stripe_account", type_="unique")
        table.create_unique_constraint("uq_card_holders_contact_id", ["contact_id"])
    for name in ("expired_at", "checked_at", "holder_name"):
        op.drop_column("payment_methods", name)
    for name in ("declined_at", "declines"):
        op.drop_column("card_setups", name)
    for table in ON:
        op.drop_column(table, "stripe_account")


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=26), nullable=False)


def _create_locks() -> None:
    op.create_table(
        "card_locks",
        _id("id"),
        _id("contractor_id"),
        _id("contact_id"),
        _id("onboarding_id"),
        sa.Column("declines", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_card_locks_{column}_{table}")
            )
            for column, table in (
                ("contractor_id", "contractors"),
                ("contact_id", "contacts"),
                ("onboarding_id", "onboardings"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_locks")),
    )
    op.create_index(op.f("ix_card_locks_contact_id"), "card_locks", ["contact_id"])


def _create_accounts() -> None:
    op.create_table(
        "card_accounts",
        _id("id"),
        _id("contractor_id"),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("stripe_account", sa.String(length=64), nullable=True),
        sa.Column("card_payments", sa.String(length=20), nullable=False),
        sa.Column("has_told_all", sa.Boolean(), nullable=False),
        sa.Column("due_count", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_card_accounts_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_accounts")),
        sa.UniqueConstraint("contractor_id", name=op.f("uq_card_accounts_contractor_id")),
        sa.UniqueConstraint("once_key", name=op.f("uq_card_accounts_once_key")),
        sa.UniqueConstraint("stripe_account", name=op.f("uq_card_accounts_stripe_account")),
    )
