"""Whether all that is kept is whole: facts, chains of events, and documents."""

from collections.abc import Iterator

from sqlalchemy import select

from onboarding import gateways
from onboarding.database import Base, Everyone, read
from onboarding.gateways.documents import DocumentAltered, DocumentMissing, DocumentStore
from onboarding.journey.queries import broken_chains
from onboarding.keeping.rederiving import differing_facts

# Columns that name a document in the store.
DOCUMENTS = frozenset(
    {
        "contract_signatures.scan_sha256",
        "contract_signatures.sealed_sha256",
        "contractors.logo_mail_sha256",
        "contractors.logo_page_sha256",
        "contractors.logo_sha256",
        "line_photos.sha256",
        "line_photos.thumbnail_sha256",
    }
)
# Columns that hold the hash of something else -> of what.
NO_DOCUMENTS = {
    "contracts.frozen_sha256": "the frozen bytes in the same row",
    "consents.frozen_sha256": "the frozen bytes of the contract",
    "consents.disclosure_sha256": "the disclosure in the same row",
    "contract_signatures.frozen_sha256": "the frozen bytes in the same row",
}
_EVERYBODY = Everyone("what is kept is looked at as a whole")


def faults() -> Iterator[str]:
    """A sentence for each thing that is not as it should be."""
    db = read(_EVERYBODY)
    for onboarding_id, seq in broken_chains(db):
        yield f"onboarding {onboarding_id}: event {seq} does not fit its chain"
    yield from differing_facts(db)
    yield from _damaged_documents()
    yield from _missing_documents()


def _damaged_documents() -> Iterator[str]:
    store = gateways.current().documents
    for sha256 in store.names():
        try:
            store.get(sha256)
        except DocumentAltered:
            yield f"document {sha256} is no longer what was kept"


def _missing_documents() -> Iterator[str]:
    store = gateways.current().documents
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if f"{table.name}.{column.name}" in DOCUMENTS:
                named = select(table.c.id, column).where(column.is_not(None))
                for row_id, sha256 in read(_EVERYBODY).execute(named):
                    if not _has(store, sha256):
                        yield f"{table.name} {row_id}: its document {sha256} is missing"


def _has(store: DocumentStore, sha256: str) -> bool:
    try:
        return store.has(sha256)
    except DocumentMissing:
        return False
