"""What waits for the contractor and when each step came first, as columns; versions of templates."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Each with the kind of event whose first it is.
FIRSTS = {
    "sent_at": "invite.sent",
    "account_at": "account.created",
    "opened_at": "estimate.opened",
    "approved_at": "estimate.approved",
    "signed_at": "contract.signed",
    "first_completed_at": "onboarding.completed",
}
STUCK = {"Not delivered", "Link expired", "Rejected", "Question", "Changes asked"}
SOON = timedelta(hours=12)
UNREAD = "ix_messages_contractor_id_seen_at_sender"
MOMENT = sa.DateTime(timezone=True)
JOBS = sa.table(
    "onboardings",
    sa.column("id", sa.String),
    sa.column("status", sa.String),
    sa.column("details", sa.JSON),
    sa.column("status_since", MOMENT),
    sa.column("invite_expires_at", MOMENT),
    sa.column("stuck_from", MOMENT),
    *(sa.column(name, MOMENT) for name in FIRSTS),
)
EVENTS = sa.table(
    "events",
    sa.column("onboarding_id", sa.String),
    sa.column("kind", sa.String),
    sa.column("visited_as", sa.String),
    sa.column("at", MOMENT),
)


def upgrade() -> None:
    for name in (*FIRSTS, "stuck_from"):
        op.add_column("onboardings", sa.Column(name, MOMENT, nullable=True))
    _fill_firsts()
    _fill_stuck()
    for columns in (("status", "stuck_from"), ("sent_at",)):
        names = ["contractor_id", *columns]
        op.create_index(op.f("ix_onboardings_" + "_".join(names)), "onboardings", names)
    op.create_index(UNREAD, "messages", ["contractor_id", "seen_at", "sender"])
    _add_to_templates()


def downgrade() -> None:
    op.drop_index(UNREAD, "messages")
    op.drop_table("contract_template_versions")
    op.drop_column("contracts", "template_version")
    for column in _of_templates():
        op.drop_column("contract_templates", column.name)
    op.drop_index(op.f("ix_onboardings_contractor_id_sent_at"), "onboardings")
    op.drop_index(op.f("ix_onboardings_contractor_id_status_stuck_from"), "onboardings")
    for name in (*FIRSTS, "stuck_from"):
        op.drop_column("onboardings", name)


def _fill_firsts() -> None:
    """From the trail, which tells who looked through the customer's eyes."""
    for name, kind in FIRSTS.items():
        first = (
            sa.select(sa.func.min(EVENTS.c.at))
            .where(
                EVENTS.c.onboarding_id == JOBS.c.id,
                EVENTS.c.kind == kind,
                EVENTS.c.visited_as.is_(None),
            )
            .scalar_subquery()
        )
        op.execute(sa.update(JOBS).values({JOBS.c[name]: first}))


def _fill_stuck() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(JOBS)).all():
        moment = _stuck_from(row)
        if moment is not None:
            connection.execute(JOBS.update().where(JOBS.c.id == row.id).values(stuck_from=moment))


def _stuck_from(row: Any) -> datetime | None:
    if not STUCK.isdisjoint(row.details):
        moment: datetime | None = row.status_since
    elif row.status == "Invited" and row.invite_expires_at is not None:
        moment = row.invite_expires_at - SOON
    else:
        moment = None
    return moment


def _of_templates() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("origin", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("reviewed_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("archived_at", MOMENT, nullable=True),
    )


def _add_to_templates() -> None:
    for column in _of_templates():
        op.add_column("contract_templates", column)
    op.add_column("contracts", sa.Column("template_version", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE contract_templates SET origin = 'service' WHERE name = 'Service agreement (sample)'"
    )
    op.create_table(
        "contract_template_versions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("template_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_contract_template_versions_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["contract_templates.id"],
            name=op.f("fk_contract_template_versions_template_id_contract_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_template_versions")),
        sa.UniqueConstraint(
            "template_id",
            "number",
            name=op.f("uq_contract_template_versions_template_id_number"),
        ),
    )
    # What stands now is each one's first version; its id serves as that version's too.
    op.execute(
        "INSERT INTO contract_template_versions"
        " (id, contractor_id, template_id, number, name, body, saved_at, saved_by)"
        " SELECT id, contractor_id, id, 1, name, body, created_at, '' FROM contract_templates"
    )
