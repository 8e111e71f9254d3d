"""A notification keeps what it tells, not the sentence: each member reads it in their language."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROWS = sa.table(
    "notifications",
    sa.column("id", sa.String),
    sa.column("text", sa.Text),
    sa.column("told", sa.JSON),
)


def upgrade() -> None:
    op.add_column(
        "notifications", sa.Column("told", sa.JSON(), nullable=False, server_default="{}")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(ROWS.c.id, ROWS.c.text)).all():
        told = _read(row.text)
        connection.execute(ROWS.update().where(ROWS.c.id == row.id).values(told=told))
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.alter_column("told", existing_type=sa.JSON(), server_default=None)
        batch_op.drop_column("text")


def downgrade() -> None:
    op.add_column("notifications", sa.Column("text", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ROWS.c.id, ROWS.c.told)).all():
        written = row.told.get("sentence") or json.dumps(row.told, ensure_ascii=False)
        connection.execute(ROWS.update().where(ROWS.c.id == row.id).values(text=written))
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.alter_column("text", existing_type=sa.Text(), server_default=None)
        batch_op.drop_column("told")


def _read(text: str) -> dict[str, object]:
    """A sentence of before stays as it is; what `downgrade` wrote is told again."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"sentence": text}
