"""first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("email", name=op.f("uq_agents_email")),
    )
    op.create_table(
        "contractors",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=False),
        sa.Column("logo_sha256", sa.String(length=64), nullable=True),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("license_number", sa.String(length=60), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractors")),
        sa.UniqueConstraint("slug", name=op.f("uq_contractors_slug")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("onboarding_id", sa.String(length=26), nullable=True),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("retry_of", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("is_code", sa.Boolean(), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("unsettled_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=120), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("failure", sa.String(length=12), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
        sa.UniqueConstraint("retry_of", name=op.f("uq_deliveries_retry_of")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_contractor_id_contact_id_id"),
            ["contractor_id", "contact_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_contractor_id_onboarding_id_id"),
            ["contractor_id", "onboarding_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_purpose_reference"), ["purpose", "reference"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_state_lease_until"), ["state", "lease_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_state_next_attempt_at"),
            ["state", "next_attempt_at"],
            unique=False,
        )

    op.create_table(
        "notifications",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("onboarding_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_contractor_id_read_at_id"),
            ["contractor_id", "read_at", "id"],
            unique=False,
        )

    op.create_table(
        "stripe_events",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("stripe_id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_events_stripe_id")),
    )
    op.create_table(
        "takes",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takes")),
    )
    with op.batch_alter_table("takes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_takes_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_takes_key_at"), ["key", "at"], unique=False)

    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=True),
        sa.Column("contractor_id", sa.String(length=26), nullable=True),
        sa.Column("origin", sa.String(length=26), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_web_sessions_secret_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_web_sessions_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_web_sessions_kind_subject_id"), ["kind", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_web_sessions_origin"), ["origin"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("mobile", sa.String(length=20), nullable=True),
        sa.Column("address_line1", sa.String(length=200), nullable=False),
        sa.Column("address_line2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=50), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("preferred_channel", sa.String(length=5), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_contacts_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contacts_contractor_id_archived_at_name_id"),
            ["contractor_id", "archived_at", "name", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_contractor_id_email"), ["contractor_id", "email"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_contractor_id_mobile"),
            ["contractor_id", "mobile"],
            unique=False,
        )

    op.create_table(
        "contract_templates",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_contract_templates_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_templates")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('owner', 'staff')", name=op.f("ck_members_role")),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_members_contractor_id_contractors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("email", name=op.f("uq_members_email")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_members_contractor_id"), ["contractor_id"], unique=False
        )

    op.create_table(
        "revisions",
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_revisions_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("contractor_id", name=op.f("pk_revisions")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address_line1", sa.String(length=200), nullable=False),
        sa.Column("address_line2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=50), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("preferred_channel", sa.String(length=5), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("profile_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_accounts_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_accounts_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_accounts_contact_id")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_contractor_id_email"), ["contractor_id", "email"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_accounts_contractor_id_phone"), ["contractor_id", "phone"], unique=False
        )

    op.create_table(
        "card_holders",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("stripe_customer", sa.String(length=255), nullable=True),
        sa.Column("default_count", sa.Integer(), nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_card_holders_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_card_holders_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_holders")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_card_holders_contact_id")),
        sa.UniqueConstraint("once_key", name=op.f("uq_card_holders_once_key")),
        sa.UniqueConstraint("stripe_customer", name=op.f("uq_card_holders_stripe_customer")),
    )
    op.create_table(
        "onboardings",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("site_line1", sa.String(length=200), nullable=False),
        sa.Column("site_line2", sa.String(length=200), nullable=False),
        sa.Column("site_city", sa.String(length=100), nullable=False),
        sa.Column("site_state", sa.String(length=50), nullable=False),
        sa.Column("site_postal_code", sa.String(length=20), nullable=False),
        sa.Column("site_time_zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invite", sa.String(length=12), nullable=False),
        sa.Column("has_account", sa.Boolean(), nullable=False),
        sa.Column("has_profile", sa.Boolean(), nullable=False),
        sa.Column("latest_version", sa.Integer(), nullable=False),
        sa.Column("opened_version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("approved_version", sa.Integer(), nullable=False),
        sa.Column("consented_version", sa.Integer(), nullable=False),
        sa.Column("signed_version", sa.Integer(), nullable=False),
        sa.Column("completed_version", sa.Integer(), nullable=False),
        sa.Column("has_card", sa.Boolean(), nullable=False),
        sa.Column("has_question", sa.Boolean(), nullable=False),
        sa.Column("has_change_request", sa.Boolean(), nullable=False),
        sa.Column(
            "amount_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("invite_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("event_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_onboardings_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_onboardings_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_onboardings_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboardings")),
    )
    with op.batch_alter_table("onboardings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_onboardings_contractor_id_contact_id"),
            ["contractor_id", "contact_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_onboardings_contractor_id_revision"),
            ["contractor_id", "revision"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_onboardings_contractor_id_status_status_since"),
            ["contractor_id", "status", "status_since"],
            unique=False,
        )

    op.create_table(
        "card_setups",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=False),
        sa.Column("wants_auto_pay", sa.Boolean(), nullable=False),
        sa.Column("mandate_version", sa.String(length=20), nullable=False),
        sa.Column("mandate_text", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.String(length=26), nullable=True),
        sa.Column("came_from", sa.String(length=10), nullable=False),
        sa.Column("stripe_session", sa.String(length=255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "came_from in ('card', 'methods')", name=op.f("ck_card_setups_came_from")
        ),
        sa.CheckConstraint(
            "not wants_auto_pay or mandate_text <> ''",
            name=op.f("ck_card_setups_auto_pay_has_words"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_card_setups_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_card_setups_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_card_setups_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_card_setups_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_setups")),
        sa.UniqueConstraint("once_key", name=op.f("uq_card_setups_once_key")),
        sa.UniqueConstraint("stripe_session", name=op.f("uq_card_setups_stripe_session")),
    )
    with op.batch_alter_table("card_setups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_setups_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_card_setups_state_created_at"), ["state", "created_at"], unique=False
        )

    op.create_table(
        "challenges",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("is_on_file", sa.Boolean(), nullable=False),
        sa.Column("asked_from", sa.String(length=80), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("delivery_id", sa.String(length=26), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_challenges_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_challenges_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_challenges_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_challenges_link_hash")),
    )
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_challenges_browser_hash"), ["browser_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_challenges_contractor_id_address_created_at"),
            ["contractor_id", "address", "created_at"],
            unique=False,
        )

    op.create_table(
        "estimates",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("discount_kind", sa.String(length=10), nullable=False),
        sa.Column(
            "discount_value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_estimates_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_estimates_onboarding_id_onboardings"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["members.id"], name=op.f("fk_estimates_sent_by_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimates")),
        sa.UniqueConstraint(
            "onboarding_id", "version", name=op.f("uq_estimates_onboarding_id_version")
        ),
    )
    with op.batch_alter_table("estimates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimates_onboarding_id"), ["onboarding_id"], unique=False
        )

    op.create_table(
        "events",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("visited_as", sa.String(length=10), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_events_contractor_id_contractors")
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"], ["onboardings.id"], name=op.f("fk_events_onboarding_id_onboardings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("onboarding_id", "seq", name=op.f("uq_events_onboarding_id_seq")),
    )
    op.create_table(
        "invites",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_invites_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_invites_contractor_id_contractors")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_invites_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"], ["onboardings.id"], name=op.f("fk_invites_onboarding_id_onboardings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
    )
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invites_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invites_onboarding_id_created_at"),
            ["onboarding_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "mandates",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mandates_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_mandates_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_mandates_contractor_id_contractors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandates_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("estimate_version", sa.Integer(), nullable=True),
        sa.Column("line_key", sa.String(length=26), nullable=True),
        sa.Column("line_name", sa.String(length=200), nullable=True),
        sa.Column("sender", sa.String(length=10), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("once_key", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sender in ('customer', 'member')", name=op.f("ck_messages_sender")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_messages_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_messages_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_messages_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("once_key", name=op.f("uq_messages_once_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_contact_id_id"), ["contact_id", "id"], unique=False
        )

    op.create_table(
        "support_visits",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("agent_id", sa.String(length=26), nullable=False),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("target_id", sa.String(length=26), nullable=False),
        sa.Column("target_name", sa.String(length=200), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "target in ('member', 'customer')", name=op.f("ck_support_visits_target")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_support_visits_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_support_visits_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_support_visits_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_visits")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_support_visits_link_hash")),
    )
    with op.batch_alter_table("support_visits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_visits_agent_id_id"), ["agent_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_support_visits_ended_at_expires_at"),
            ["ended_at", "expires_at"],
            unique=False,
        )

    op.create_table(
        "contracts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("estimate_id", sa.String(length=26), nullable=False),
        sa.Column("template_id", sa.String(length=26), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("template_body", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.LargeBinary(), nullable=True),
        sa.Column("frozen_sha256", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_version", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_contracts_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimates.id"], name=op.f("fk_contracts_estimate_id_estimates")
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_contracts_onboarding_id_onboardings"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["contract_templates.id"],
            name=op.f("fk_contracts_template_id_contract_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("estimate_id", name=op.f("uq_contracts_estimate_id")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contracts_onboarding_id"), ["onboarding_id"], unique=False
        )

    op.create_table(
        "estimate_responses",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("estimate_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("chosen_keys", sa.JSON(), nullable=False),
        sa.Column(
            "total_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_estimate_responses_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_estimate_responses_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["estimate_id"],
            ["estimates.id"],
            name=op.f("fk_estimate_responses_estimate_id_estimates"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_estimate_responses_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_responses")),
    )
    with op.batch_alter_table("estimate_responses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimate_responses_estimate_id"), ["estimate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_estimate_responses_onboarding_id"), ["onboarding_id"], unique=False
        )

    op.create_table(
        "invite_links",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("invite_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.String(length=26), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_new_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_invite_links_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["invite_id"], ["invites.id"], name=op.f("fk_invite_links_invite_id_invites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invite_links_secret_hash")),
    )
    with op.batch_alter_table("invite_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invite_links_invite_id"), ["invite_id"], unique=False)

    op.create_table(
        "line_items",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("estimate_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column(
            "unit_price_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("is_taxable", sa.Boolean(), nullable=False),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.Column("starts_chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_line_items_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["estimate_id"],
            ["estimates.id"],
            name=op.f("fk_line_items_estimate_id_estimates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_items")),
        sa.UniqueConstraint("estimate_id", "key", name=op.f("uq_line_items_estimate_id_key")),
    )
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("setup_id", sa.String(length=26), nullable=True),
        sa.Column("stripe_id", sa.String(length=255), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("exp_month", sa.Integer(), nullable=False),
        sa.Column("exp_year", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("auto_pay", sa.Boolean(), nullable=False),
        sa.Column("mandate_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detach_key", sa.String(length=64), nullable=True),
        sa.Column("detached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "not auto_pay or mandate_id is not null",
            name=op.f("ck_payment_methods_auto_pay_has_mandate"),
        ),
        sa.CheckConstraint(
            "not auto_pay or removed_at is null", name=op.f("ck_payment_methods_auto_pay_has_card")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_payment_methods_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_payment_methods_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_payment_methods_mandate_id_mandates")
        ),
        sa.ForeignKeyConstraint(
            ["setup_id"], ["card_setups.id"], name=op.f("fk_payment_methods_setup_id_card_setups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint("detach_key", name=op.f("uq_payment_methods_detach_key")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_payment_methods_stripe_id")),
    )
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_methods_contact_id"), ["contact_id"], unique=False
        )
        batch_op.create_index(
            "uq_payment_methods_default",
            ["contact_id"],
            unique=True,
            sqlite_where=sa.text("is_default and removed_at is null"),
            postgresql_where=sa.text("is_default and removed_at is null"),
        )

    op.create_table(
        "support_visit_pages",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("visit_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=True),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_support_visit_pages_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_support_visit_pages_onboarding_id_onboardings"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["support_visits.id"],
            name=op.f("fk_support_visit_pages_visit_id_support_visits"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_visit_pages")),
    )
    with op.batch_alter_table("support_visit_pages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_visit_pages_visit_id_id"), ["visit_id", "id"], unique=False
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("contract_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("frozen_sha256", sa.String(length=64), nullable=False),
        sa.Column("disclosure_version", sa.String(length=20), nullable=False),
        sa.Column("disclosure_sha256", sa.String(length=64), nullable=False),
        sa.Column("disclosure_text", sa.Text(), nullable=False),
        sa.Column("opened_event_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_consents_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_consents_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_event_id"], ["events.id"], name=op.f("fk_consents_opened_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consents_contract_id_frozen_sha256"),
            ["contract_id", "frozen_sha256"],
            unique=False,
        )

    op.create_table(
        "rejection_reasons",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_rejection_reasons_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["estimate_responses.id"],
            name=op.f("fk_rejection_reasons_response_id_estimate_responses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejection_reasons")),
        sa.UniqueConstraint("response_id", name=op.f("uq_rejection_reasons_response_id")),
    )
    op.create_table(
        "contract_signatures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contractor_id", sa.String(length=26), nullable=False),
        sa.Column("onboarding_id", sa.String(length=26), nullable=False),
        sa.Column("contract_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("consent_id", sa.String(length=26), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=False),
        sa.Column("frozen_sha256", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=5), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("typed_text", sa.String(length=200), nullable=True),
        sa.Column("strokes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("svg", sa.Text(), nullable=True),
        sa.Column("confirmed_channel", sa.String(length=5), nullable=False),
        sa.Column("confirmed_address", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_fence", sa.Integer(), nullable=False),
        sa.Column("seal_failure", sa.String(length=300), nullable=False),
        sa.Column("confirmation_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "method = 'drawn' and strokes is not null or method = 'typed' and typed_text is not null",
            name=op.f("ck_contract_signatures_method_has_signature"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_contract_signatures_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_contract_signatures_consent_id_consents")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_signatures_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["contractor_id"],
            ["contractors.id"],
            name=op.f("fk_contract_signatures_contractor_id_contractors"),
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboardings.id"],
            name=op.f("fk_contract_signatures_onboarding_id_onboardings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_signatures")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_contract_signatures_contract_id")),
    )
    with op.batch_alter_table("contract_signatures", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_signatures_confirmation_sent_at_sealed_at"),
            ["confirmation_sent_at", "sealed_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contract_signatures_onboarding_id"), ["onboarding_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contract_signatures_sealed_at_seal_lease_until"),
            ["sealed_at", "seal_lease_until"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("contract_signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_signatures_sealed_at_seal_lease_until"))
        batch_op.drop_index(batch_op.f("ix_contract_signatures_onboarding_id"))
        batch_op.drop_index(batch_op.f("ix_contract_signatures_confirmation_sent_at_sealed_at"))

    op.drop_table("contract_signatures")
    op.drop_table("rejection_reasons")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_contract_id_frozen_sha256"))

    op.drop_table("consents")
    with op.batch_alter_table("support_visit_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_visit_pages_visit_id_id"))

    op.drop_table("support_visit_pages")
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_methods_default",
            sqlite_where=sa.text("is_default and removed_at is null"),
            postgresql_where=sa.text("is_default and removed_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_payment_methods_contact_id"))

    op.drop_table("payment_methods")
    op.drop_table("line_items")
    with op.batch_alter_table("invite_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invite_links_invite_id"))

    op.drop_table("invite_links")
    with op.batch_alter_table("estimate_responses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_responses_onboarding_id"))
        batch_op.drop_index(batch_op.f("ix_estimate_responses_estimate_id"))

    op.drop_table("estimate_responses")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_onboarding_id"))

    op.drop_table("contracts")
    with op.batch_alter_table("support_visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_visits_ended_at_expires_at"))
        batch_op.drop_index(batch_op.f("ix_support_visits_agent_id_id"))

    op.drop_table("support_visits")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_contact_id_id"))

    op.drop_table("messages")
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandates_contact_id"))

    op.drop_table("mandates")
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invites_onboarding_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_invites_expires_at"))

    op.drop_table("invites")
    op.drop_table("events")
    with op.batch_alter_table("estimates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimates_onboarding_id"))

    op.drop_table("estimates")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_contractor_id_address_created_at"))
        batch_op.drop_index(batch_op.f("ix_challenges_browser_hash"))

    op.drop_table("challenges")
    with op.batch_alter_table("card_setups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_setups_state_created_at"))
        batch_op.drop_index(batch_op.f("ix_card_setups_contact_id"))

    op.drop_table("card_setups")
    with op.batch_alter_table("onboardings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onboardings_contractor_id_status_status_since"))
        batch_op.drop_index(batch_op.f("ix_onboardings_contractor_id_revision"))
        batch_op.drop_index(batch_op.f("ix_onboardings_contractor_id_contact_id"))

    op.drop_table("onboardings")
    op.drop_table("card_holders")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_contractor_id_phone"))
        batch_op.drop_index(batch_op.f("ix_accounts_contractor_id_email"))

    op.drop_table("accounts")
    op.drop_table("revisions")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_contractor_id"))

    op.drop_table("members")
    op.drop_table("contract_templates")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_contractor_id_mobile"))
        batch_op.drop_index(batch_op.f("ix_contacts_contractor_id_email"))
        batch_op.drop_index(batch_op.f("ix_contacts_contractor_id_archived_at_name_id"))

    op.drop_table("contacts")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_origin"))
        batch_op.drop_index(batch_op.f("ix_web_sessions_kind_subject_id"))
        batch_op.drop_index(batch_op.f("ix_web_sessions_expires_at"))

    op.drop_table("web_sessions")
    with op.batch_alter_table("takes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_takes_key_at"))
        batch_op.drop_index(batch_op.f("ix_takes_at"))

    op.drop_table("takes")
    op.drop_table("stripe_events")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_contractor_id_read_at_id"))

    op.drop_table("notifications")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_state_next_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_deliveries_state_lease_until"))
        batch_op.drop_index(batch_op.f("ix_deliveries_purpose_reference"))
        batch_op.drop_index(batch_op.f("ix_deliveries_provider_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_contractor_id_onboarding_id_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_contractor_id_contact_id_id"))

    op.drop_table("deliveries")
    op.drop_table("contractors")
    op.drop_table("agents")
