"""Time-stamps of an authority, kept beside what is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "contract_signatures"
MOMENT = sa.DateTime(timezone=True)
INDEXES = (["stamped_at", "stamp_lease_until"], ["sealed_sha256"])


def upgrade() -> None:
    for column in (
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.Column("stamped_at", MOMENT, nullable=True),
        sa.Column("stamp_lease_until", MOMENT, nullable=True),
        sa.Column("stamp_fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("stamp_failure", sa.String(length=300), nullable=False, server_default=""),
    ):
        op.add_column(TABLE, column)
    for columns in INDEXES:
        op.create_index(op.f(_named(columns)), TABLE, columns)


def downgrade() -> None:
    for columns in INDEXES:
        op.drop_index(op.f(_named(columns)), table_name=TABLE)
    for name in ("stamp_failure", "stamp_fence", "stamp_lease_until", "stamped_at", "stamp"):
        op.drop_column(TABLE, name)


def _named(columns: list[str]) -> str:
    return f"ix_{TABLE}_{'_'.join(columns)}"
