"""A company's logo and own words, invitations to its team, and sign-up in the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW = (
    "logo_page_sha256",
    "logo_mail_sha256",
    "logo_width",
    "logo_height",
    "own_words",
    "settled_at",
    "quiet_from",
    "quiet_to",
    "offers_auto_pay",
    "gives_cancel_right",
)


def upgrade() -> None:
    for column in (
        sa.Column("logo_page_sha256", sa.String(length=64), nullable=True),
        sa.Column("logo_mail_sha256", sa.String(length=64), nullable=True),
        sa.Column("logo_width", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("logo_height", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("own_words", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=False, server_default="21"),
        sa.Column("quiet_to", sa.Integer(), nullable=False, server_default="8"),
        sa.Column("offers_auto_pay", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("gives_cancel_right", sa.Boolean(), nullable=False, server_default=sa.true()),
    ):
        op.add_column("contractors", column)
    # Whoever works here already has long looked through its details.
    op.execute("UPDATE contractors SET settled_at = created_at")
    _create_member_invites()
    _create_sign_ups()


def downgrade() -> None:
    op.drop_table("sign_ups")
    op.drop_table("member_invites")
    # Not in a batch: on SQLite that would drop the table that every other one leans on.
    for name in NEW:
        op.drop_column("contractors", name)


def _create_member_invites() -> None:
    op.create_table(
        "member_invites",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint("role in ('owner', 'staff')", name=op.f("ck_member_invites_role")),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_member_invites_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invites")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_member_invites_secret_hash")),
    )
    op.create_index(op.f("ix_member_invites_contractor_id"), "member_invites", ["contractor_id"])


def _create_sign_ups() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ups_secret_hash")),
    )
    op.create_index(op.f("ix_sign_ups_expires_at"), "sign_ups", ["expires_at"])
