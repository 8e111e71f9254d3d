"""Documents set in type by typst: PDF/A-2a and PDF/UA-1, the same bytes for the same values.

The templates read one JSON tree and place its strings as text, so nothing typed can become markup,
a link or an attachment. typst sees the template folder and nothing else: a logo and a signature go
in as bytes, fonts come from the folder, and no template imports a package from the network.
"""

import io
import json
import threading
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import segno
import typst

from onboarding.gateways import documents_logo, strokes
from onboarding.gateways import documents_values as values
from onboarding.gateways.documents import (
    Company,
    ContractDocument,
    Drawn,
    EstimateDocument,
    SignedContractDocument,
    UnusableDocument,
)
from onboarding.gateways.documents_fonts import coverage, printable

Drawings = dict[str, Any]
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
MOST_CHARACTERS = 1_500_000


class TypstRenderer:
    """One compiler for the process, made on first use: it keeps fonts and recent pages warm."""

    def __init__(self, template_dir: Path) -> None:
        self._templates = template_dir
        self._lock = threading.Lock()

    def estimate(self, data: EstimateDocument) -> bytes:
        drawings = self._letterhead(data.company)
        drawings["photos"] = [list(photo) for photo in values.photos_of(data)]
        return self._set("estimate.typ", values.estimate(data), drawings, data.made_at)

    def contract(self, data: ContractDocument) -> bytes:
        drawings = self._letterhead(data.company)
        return self._set("contract.typ", values.contract(data), drawings, data.made_at)

    def signed_contract(self, data: SignedContractDocument) -> bytes:
        drawings = self._letterhead(data.contract.company)
        if isinstance(data.signature, Drawn):
            drawings["signature"] = strokes.svg(data.signature.strokes)
        if data.certificate.verify_url:
            drawings["code"] = _qr(data.certificate.verify_url)
        tree = values.signed_contract(data)
        return self._set("signed_contract.typ", tree, drawings, data.certificate.signed_at)

    def check(self) -> str:
        """Sets a page with one character of each script in it."""
        text = "Añ Ж Ω א ع अ ก 中 한 ☺"
        self.contract(
            ContractDocument(
                language="en",
                company=Company(name="Doctor"),
                customer_name=text,
                job_title=text,
                job_site=text,
                title=text,
                document_id="0",
                dated=_EPOCH.date(),
                made_at=_EPOCH,
                text=text,
                text_sha256="0" * 64,
            )
        )
        return f"Documents are set with {len(self._fonts)} fonts from {self._templates}."

    @cached_property
    def _fonts(self) -> tuple[frozenset[int], ...]:
        return coverage(self._templates / "fonts")

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[self._templates / "fonts"],
        )
        return typst.Compiler(root=self._templates, font_paths=fonts)

    def _letterhead(self, company: Company) -> Drawings:
        """A logo that cannot be set must not keep a contract from being signed: the name stands."""
        logo = company.logo
        if logo is None or not documents_logo.is_usable(logo):
            return {"logo": None}
        drawings: Drawings = {"logo": list(logo)}
        try:
            self._compile("logo.typ", {"drawings": json.dumps(drawings)}, _EPOCH)
        except UnusableDocument:
            return {"logo": None}
        return drawings

    def _set(
        self, template: str, tree: values.Tree, drawings: Drawings, made_at: datetime
    ) -> bytes:
        data = json.dumps(self._printable(tree))
        if len(data) > MOST_CHARACTERS:
            raise UnusableDocument("The text is too long for one document.")
        return self._compile(template, {"data": data, "drawings": json.dumps(drawings)}, made_at)

    def _compile(self, template: str, inputs: dict[str, str], made_at: datetime) -> bytes:
        try:
            with self._lock:
                made = self._compiler.compile(
                    self._templates / template,
                    format="pdf",
                    sys_inputs=inputs,
                    pdf_standards=["a-2a", "ua-1"],
                    timestamp=int(made_at.timestamp()),
                )
        except typst.TypstError as unset:
            raise UnusableDocument(unset.message) from unset
        if not isinstance(made, bytes):
            raise UnusableDocument("typst made no PDF.")
        return made

    def _printable(self, value: Any) -> Any:
        """The same tree with every string printable: in one place, so that none is forgotten."""
        match value:
            case str():
                return printable(value, self._fonts)
            case dict():
                return {key: self._printable(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self._printable(inner) for inner in value]
        return value


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, nl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()
