"""What was signed can be read, saved and proven long after: 400 days later, with access ended, with
nobody to sign in any more (R04, R16)."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from onboarding import clock, gateways
from onboarding.accounts.models import Account
from onboarding.contracts import sealing
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.queries import lost_heads
from onboarding.database import Everyone, transaction
from onboarding.journey.queries import broken_chains
from onboarding.web.models import WebSession
from tests.deal import Deal, now

ALL = Everyone("a test looks at everything that is kept")
LONG = timedelta(days=400)


@pytest.fixture
def sealed(approved: Deal) -> Iterator[bytes]:
    """The sealed copy as it was on the first day; the clock stands 400 days later."""
    approved.signed()
    assert sealing.seal_due() == 1
    signed = approved.signature
    assert signed is not None
    copy = gateways.current().documents.get(str(signed.sealed_sha256))
    with clock.frozen(clock.now() + LONG):
        yield copy


def proven(deal: Deal, copy: bytes) -> None:
    """Authentic to a stranger, and every event is in its chain."""
    page = deal.house.client().post("/verify", data={"document": (BytesIO(copy), "contract.pdf")})
    assert "It is exactly as it was sealed." in page.text
    db = now(ALL)
    assert list(broken_chains(db)) == []
    assert lost_heads(db) == []


def test_after_400_days_both_sides_get_the_very_same_bytes(approved: Deal, sealed: bytes):
    address = f"portal/contract/{approved.contract.id}"
    assert approved.browser().get(f"/{address}").status_code == 200
    assert approved.browser().get(f"/{address}/contract.pdf").data.startswith(b"%PDF")
    saved = approved.browser().get(f"/{address}/signed.pdf?download=1")
    assert saved.data == sealed
    assert saved.headers["Content-Disposition"].startswith("attachment")
    members = approved.members_browser().get(f"/crm/contracts/{approved.contract.id}/signed.pdf")
    assert members.data == sealed
    proven(approved, sealed)


def test_access_that_was_revoked_ends_no_right_to_the_copy(approved: Deal, sealed: bytes):
    approved.revoke()
    address = f"/portal/contract/{approved.contract.id}/signed.pdf"
    assert approved.browser().get(address).data == sealed


def test_an_account_that_signed_cannot_be_taken_out_from_under_its_signature(
    approved: Deal, sealed: bytes
):
    with pytest.raises(IntegrityError), transaction(ALL) as db:
        db.execute(delete(Account).where(Account.id == approved.account.id))
    signed = now(ALL).query(ContractSignature).one()
    assert signed.account_id == approved.account.id


def test_an_account_emptied_of_its_person_leaves_record_and_proof_whole(
    approved: Deal, sealed: bytes
):
    """Nobody can sign in any more: the contractor's copy, the mailed one and the page still do."""
    with transaction(ALL) as db:
        db.execute(delete(WebSession).where(WebSession.subject_id == approved.account.id))
        gone = {"name": "Removed", "email": None, "phone": None, "password_hash": None}
        db.execute(update(Account).where(Account.id == approved.account.id).values(**gone))
    signed = approved.signature
    assert signed is not None
    assert signed.signer_name == "Dana Whitfield"
    members = approved.members_browser().get(f"/crm/contracts/{approved.contract.id}/signed.pdf")
    assert members.data == sealed
    proven(approved, sealed)
