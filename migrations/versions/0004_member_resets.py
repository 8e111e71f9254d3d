"""Links with which members choose a new password."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_resets",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_member_resets_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_resets_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_resets")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_member_resets_secret_hash")),
    )
    op.create_index(op.f("ix_member_resets_member_id"), "member_resets", ["member_id"])


def downgrade() -> None:
    op.drop_table("member_resets")
