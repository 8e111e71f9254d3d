"""Sections, groups to pick one of, cost, a last day to approve; the price book; photos."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CENTS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def of_estimates() -> list[sa.Column]:
    return [
        sa.Column("sections", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("shows_quantities", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("shows_unit_prices", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("saved_by", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
    ]


def of_lines() -> list[sa.Column]:
    return [
        sa.Column("section_key", sa.String(length=26), nullable=False, server_default=""),
        sa.Column("group_name", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("unit_cost_cents", CENTS, nullable=True),
    ]


def upgrade() -> None:
    for column in of_estimates():
        op.add_column("estimates", column)
    for column in of_lines():
        op.add_column("line_items", column)
    make_price_book()
    make_photos()


def make_price_book() -> None:
    op.create_table(
        "price_book_items",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("unit_price_cents", CENTS, nullable=False),
        sa.Column("unit_cost_cents", CENTS, nullable=True),
        sa.Column("is_taxable", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_price_book_items_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_book_items")),
        sa.UniqueConstraint(
            "contractor_id", "name", name=op.f("uq_price_book_items_contractor_id_name")
        ),
    )


def make_photos() -> None:
    op.create_table(
        "line_photos",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("estimate_id", sa.String(length=26), nullable=False),
        sa.Column("line_key", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_line_photos_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["estimate_id"],
            ["estimates.id"],
            name=op.f("fk_line_photos_estimate_id_estimates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_photos")),
        sa.UniqueConstraint(
            "estimate_id",
            "line_key",
            "sha256",
            name=op.f("uq_line_photos_estimate_id_line_key_sha256"),
        ),
    )


def downgrade() -> None:
    op.drop_table("line_photos")
    op.drop_table("price_book_items")
    for column in of_lines():
        op.drop_column("line_items", column.name)
    for column in of_estimates():
        op.drop_column("estimates", column.name)
