"""Papers of a made-up job, and the outside judges that look at PDFs: poppler, qpdf, pdfsig."""

import math
import subprocess
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from onboarding.gateways.documents import (
    Certificate,
    Company,
    ContractDocument,
    Drawn,
    EstimateDocument,
    Line,
    SignedContractDocument,
    TrailEvent,
)
from onboarding.gateways.documents_typst import TypstRenderer

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 11, 23, 21, 4, 5, tzinfo=UTC)

COMPANY = Company(
    name="Ridgeline Roofing",
    address="1180 Alder Street\nPortland, OR 97205",
    phone="(503) 555-0142",
    license_number="CCB 204518",
    color="#1f5c49",
)

LINES = (
    Line("Tear-off and disposal", "Two layers\nDump fees", 28000, "squares", 14929, 418012),
    Line("Ice and water shield", "Eaves, valleys", 6500, "rolls", 11800, 76700),
    Line("Copper chimney flashing", "", 1000, "", 89000, 89000, optional=True, chosen=False),
    Line("Gutter guards", "Stainless mesh", 140000, "ft", 800, 112000, optional=True),
)

ESTIMATE = EstimateDocument(
    language="en",
    company=COMPANY,
    customer_name="Margaret Ellison-Núñez",
    job_title="Roof replacement",
    job_site="412 Fern Hill Road, Portland, OR 97221",
    version=2,
    dated=date(2026, 11, 23),
    made_at=AT,
    scope="Tear off two layers.\n\n# Not included\n- Painting of fascia\n- Gutters of the garage",
    lines=LINES,
    currency="USD",
    subtotal_cents=606712,
    discount_cents=50000,
    tax_cents=49410,
    total_cents=606122,
    terms="This price holds for 30 days.",
)

CONTRACT = ContractDocument(
    language="en",
    company=COMPANY,
    customer_name="Margaret Ellison-Núñez",
    job_title="Roof replacement",
    job_site="412 Fern Hill Road, Portland, OR 97221",
    title="Service agreement",
    document_id="01kav5qzj7m8t4w3x9y2c6d5ef",
    dated=date(2026, 11, 23),
    made_at=AT,
    text="This agreement is about a roof.\n\n# 1. The work\nDone well.\n\n## Changes\n- In writing",
    text_sha256="3f5a" * 16,
)

CERTIFICATE = Certificate(
    signer_name="Margaret Ellison-Núñez",
    signer_email="m•••@example.com",
    signer_phone="(•••) •••-0142",
    authentication="Code sent by SMS to (•••) •••-0142",
    authenticated_at=AT - timedelta(minutes=24),
    consent_version="2026-10",
    consented_at=AT - timedelta(minutes=6),
    signed_at=AT,
    ip_address="203.0.113.7",
    user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
    events=(
        TrailEvent(AT - timedelta(minutes=40), "Portal invite sent by SMS", "Dana Whitfield"),
        TrailEvent(AT - timedelta(minutes=8), "Estimate version 2 approved"),
        TrailEvent(AT, "Agreement signed", "Margaret Ellison-Núñez"),
    ),
    chain_head="9b1c" * 16,
    time_zone="America/Los_Angeles",
    verify_url="https://portal.example.com/verify/01kav5qzj7m8t4w3x9y2c6d5ef",
)

WAVE = tuple((40.0 + 3 * t, 60 + 30 * math.sin(t / 5), 0.5) for t in range(110))

SIGNED = SignedContractDocument(CONTRACT, ESTIMATE, Drawn((WAVE,)), CERTIFICATE, "Owner")


@cache
def renderer() -> TypstRenderer:
    """One for all tests: starting it reads the fonts."""
    return TypstRenderer(ROOT / "templates" / "documents")


def judged(pdf: bytes, folder: Path, *command: str) -> str:
    """What a program of another maker prints about `pdf`; its exit code must be 0."""
    file = folder / "judged.pdf"
    file.write_bytes(pdf)
    words = [str(file) if word == "FILE" else word for word in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def text_of(pdf: bytes, folder: Path) -> str:
    """Its words as a person would copy them, spaces and line ends made one."""
    return " ".join(judged(pdf, folder, "pdftotext", "-layout", "FILE", "-").split())


def picture_of(pdf: bytes, folder: Path, page: int = 1) -> bytes:
    """A page in black and white at 50 dots an inch, as PGM."""
    number = str(page)
    return judged_bytes(pdf, folder, "pdftoppm", "-gray", "-r", "50", "-f", number, "-l", number)


def judged_bytes(pdf: bytes, folder: Path, *command: str) -> bytes:
    file = folder / "judged.pdf"
    file.write_bytes(pdf)
    return subprocess.run([*command, str(file)], capture_output=True, timeout=60, check=True).stdout
