"""Addresses that are closed, texts that came in, reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(length=26), nullable=False)


def _contractor() -> sa.Column[str]:
    return sa.Column("contractor_id", sa.String(length=26), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(_moment("delayed_at", nullable=True))
    # Empty for what is there already: nobody is reminded of it until somebody does something.
    op.add_column("onboardings", _moment("remind_at", nullable=True))
    op.create_index(op.f("ix_onboardings_remind_at"), "onboardings", ["remind_at"])
    op.create_index(op.f("ix_deliveries_channel_recipient"), "deliveries", ["channel", "recipient"])
    _create_addresses()
    _create_alarms()
    _create_reminders()


def _create_addresses() -> None:
    op.create_table(
        "closed_addresses",
        _id(),
        _contractor(),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        _moment("at"),
        _moment("opened_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_addresses")),
        sa.UniqueConstraint(
            "contractor_id",
            "channel",
            "address",
            "why",
            name=op.f("uq_closed_addresses_contractor_id_channel_address_why"),
        ),
    )
    op.create_index(
        op.f("ix_closed_addresses_channel_address"), "closed_addresses", ["channel", "address"]
    )
    op.create_table(
        "inbound_texts",
        _id(),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=6), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_texts")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_inbound_texts_provider_id")),
    )
    op.create_index(op.f("ix_inbound_texts_number"), "inbound_texts", ["number"])


def _create_alarms() -> None:
    op.create_table(
        "text_alarms",
        _id(),
        _contractor(),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("reach", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_alarms")),
    )
    op.create_index(op.f("ix_text_alarms_at"), "text_alarms", ["at"])


def _create_reminders() -> None:
    op.create_table(
        "reminder_plans",
        _id(),
        _contractor(),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("first_hours", sa.Integer(), nullable=False),
        sa.Column("second_hours", sa.Integer(), nullable=False),
        sa.Column("third_hours", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_reminder_plans_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_plans")),
        sa.UniqueConstraint("contractor_id", name=op.f("uq_reminder_plans_contractor_id")),
    )
    op.create_table(
        "reminders",
        _id(),
        _contractor(),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("unsubscribe_hash", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.String(length=26), nullable=True),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_reminders_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_reminders_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "onboarding_id",
            "step",
            "cause",
            "number",
            name=op.f("uq_reminders_onboarding_id_step_cause_number"),
        ),
        sa.UniqueConstraint("unsubscribe_hash", name=op.f("uq_reminders_unsubscribe_hash")),
    )


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("reminder_plans")
    op.drop_table("text_alarms")
    op.drop_table("inbound_texts")
    op.drop_table("closed_addresses")
    op.drop_index(op.f("ix_deliveries_channel_recipient"), table_name="deliveries")
    op.drop_index(op.f("ix_onboardings_remind_at"), table_name="onboardings")
    op.drop_column("onboardings", "remind_at")
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("delayed_at")
