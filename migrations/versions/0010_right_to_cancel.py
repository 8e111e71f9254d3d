"""The right to cancel a signed contract, signing on paper, copies and late seals seen to.

Contracts that are frozen keep their bytes, which give no such right: theirs is off, with a reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_METHODS = "method = 'drawn' and strokes is not null or method = 'typed' and typed_text is not null"


def upgrade() -> None:
    _add_to_onboardings()
    _add_to_contracts()
    _add_to_signatures()
    _create_cancellations()
    _refuse_changes()


def _create_cancellations() -> None:
    op.create_table(
        "cancellations",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("contractor_id", sa.String(26), nullable=False),
        sa.Column("onboarding_id", sa.String(26), nullable=False),
        sa.Column("contract_id", sa.String(26), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("refund_by", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("actor_id", sa.String(26), nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_cancellations_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_cancellations_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_cancellations_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellations")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_cancellations_contract_id")),
    )
    op.create_index(op.f("ix_cancellations_onboarding_id"), "cancellations", ["onboarding_id"])


def _refuse_changes() -> None:
    """What was cancelled stays cancelled, as with events and consents."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    does = (
        "BEGIN SELECT RAISE(ABORT, 'cancellations are never changed'); END"
        if is_sqlite
        else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER cancellations_refuse_{act} BEFORE {act.upper()} ON cancellations "
            f"{does}"
        )


def _add_to_onboardings() -> None:
    """Other tables point at these two: they are added to and never made anew. Defaults stay."""
    for column in (
        sa.Column("cancelled_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wants_paper", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("cancel_until", sa.DateTime(timezone=True)),
    ):
        op.add_column("onboardings", column)


def _add_to_contracts() -> None:
    for column in (
        sa.Column("has_cancel_right", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("is_on_paper", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("no_cancel_reason", sa.String(300), nullable=False, server_default=""),
        sa.Column("cancel_profile", sa.String(20), nullable=False, server_default=""),
        sa.Column("e_sign_reason", sa.String(300), nullable=False, server_default=""),
    ):
        op.add_column("contracts", column)
    contracts = sa.table(
        "contracts",
        sa.column("frozen", sa.LargeBinary),
        sa.column("has_cancel_right", sa.Boolean),
        sa.column("no_cancel_reason", sa.String),
    )
    op.execute(
        contracts.update()
        .where(contracts.c.frozen.is_not(None))
        .values(has_cancel_right=False, no_cancel_reason="Approved before contracts had it.")
    )


def _add_to_signatures() -> None:
    with op.batch_alter_table("contract_signatures") as batch:
        for name in ("cancel_until", "copy_sent_at", "alarmed_at"):
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("signed_on", sa.Date()))
        batch.add_column(sa.Column("scan_sha256", sa.String(64)))
        batch.add_column(sa.Column("scan_type", sa.String(20), nullable=False, server_default=""))
        batch.alter_column("consent_id", existing_type=sa.String(26), nullable=True)
        batch.drop_constraint(op.f("ck_contract_signatures_method_has_signature"), type_="check")
        batch.create_check_constraint(
            op.f("ck_contract_signatures_method_has_signature"),
            f"{_METHODS} or method = 'paper' and scan_sha256 is not null",
        )
        batch.create_check_constraint(
            op.f("ck_contract_signatures_electronic_has_consent"),
            "method = 'paper' or consent_id is not null",
        )
    with op.batch_alter_table("contract_signatures") as batch:
        batch.alter_column("scan_type", existing_type=sa.String(20), server_default=None)


def downgrade() -> None:
    op.drop_table("cancellations")
    with op.batch_alter_table("contract_signatures") as batch:
        batch.drop_constraint(op.f("ck_contract_signatures_electronic_has_consent"), type_="check")
        batch.drop_constraint(op.f("ck_contract_signatures_method_has_signature"), type_="check")
        batch.create_check_constraint(op.f("ck_contract_signatures_method_has_signature"), _METHODS)
        batch.alter_column("consent_id", existing_type=sa.String(26), nullable=False)
        for name in ("scan_type", "scan_sha256", "signed_on", "alarmed_at", "copy_sent_at"):
            batch.drop_column(name)
        batch.drop_column("cancel_until")
    for name in ("e_sign_reason", "cancel_profile", "no_cancel_reason", "is_on_paper"):
        op.drop_column("contracts", name)
    op.drop_column("contracts", "has_cancel_right")
    for name in ("cancel_until", "wants_paper", "cancelled_version"):
        op.drop_column("onboardings", name)
