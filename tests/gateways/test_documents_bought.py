"""A bought certificate seals, its issuers stand in the seal, and what older keys sealed stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader

from onboarding import clock, create_app
from onboarding.config import Misconfigured, Settings, read_settings
from onboarding.gateways.documents import SealingFailed
from onboarding.gateways.documents_key import SealKey
from onboarding.gateways.documents_pkcs12 import bought_key
from onboarding.gateways.documents_seal import PadesSealer
from tests.documents import AT, SIGNED, judged, renderer
from tests.gateways.test_documents_seal import MUTANTS

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PASSWORD = "a word for it"
YEAR = timedelta(days=365)


def new_rsa() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def on_p384() -> Key:
    return ec.generate_private_key(ec.SECP384R1())


def certified(key: Key, name: str, by: tuple[Key, str], lasts: timedelta) -> x509.Certificate:
    issuing, issuer = by
    return (
        x509.CertificateBuilder(
            issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            public_key=key.public_key(),
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - 2 * YEAR)
        .not_valid_after(clock.now() + lasts)
        .sign(issuing, hashes.SHA256())
    )


def bought(path: Path, new_key: Callable[[], Key] = new_rsa, lasts: timedelta = YEAR) -> Path:
    """A PKCS#12 file: key and certificate, the one between, the root, and one that is strange."""
    root, between, key = new_key(), new_key(), new_key()
    chain = (
        certified(root, "Root", (root, "Root"), lasts),
        certified(new_key(), "Stranger", (root, "Somebody"), lasts),
        certified(between, "Between", (root, "Root"), lasts),
    )
    own = certified(key, "Ridgeline Roofing, Inc.", (between, "Between"), lasts)
    encryption = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"", key, own, chain, encryption))
    return path


@cache
def unsealed() -> bytes:
    return renderer().signed_contract(SIGNED)


def sealed_by(sealer: PadesSealer) -> bytes:
    return sealer.seal(unsealed(), "Signed contract", AT)


@pytest.mark.parametrize("new_key", [new_rsa, on_p384])
def test_what_it_seals_is_valid_to_an_outside_judge_and_names_its_issuers(
    tmp_path: Path, new_key: Callable[[], Key]
):
    key = bought_key(bought(tmp_path / "seal.p12", new_key), PASSWORD)
    sealed = sealed_by(PadesSealer(tmp_path / "seal", key))
    said = judged(sealed, tmp_path, "pdfsig", "FILE")
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Ridgeline Roofing, Inc." in said
    judged(sealed, tmp_path, "qpdf", "--check", "FILE")
    seal = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
    assert {each.subject.native["common_name"] for each in seal.other_embedded_certs} == {
        "Between",
        "Root",
    }


def test_what_older_keys_sealed_still_verifies_and_so_does_this_when_it_is_gone(tmp_path: Path):
    folder = tmp_path / "seal"
    own = sealed_by(PadesSealer(folder))
    first = PadesSealer(folder, bought_key(bought(tmp_path / "1.p12"), PASSWORD))
    by_first = sealed_by(first)
    second = PadesSealer(folder, bought_key(bought(tmp_path / "2.p12"), PASSWORD))
    by_second = sealed_by(second)
    for present in (PadesSealer(folder), first, second):
        assert [present.verify(pdf).found for pdf in (own, by_first, by_second)] == [
            "authentic"
        ] * 3
    assert PadesSealer(tmp_path / "another").verify(by_first).found == "unknown"
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_every_change_is_found_in_what_it_sealed(tmp_path: Path):
    sealer = PadesSealer(tmp_path, bought_key(bought(tmp_path / "seal.p12"), PASSWORD))
    sealed = sealed_by(sealer)
    for name, (mutate, why) in MUTANTS.items():
        mutant = mutate(sealed)
        assert mutant != sealed
        found = sealer.verify(mutant)
        assert (found.found, found.why) == ("altered", why), name


def test_those_who_vouch_for_it_cannot_seal_in_its_name(tmp_path: Path):
    between, key = new_rsa(), new_rsa()
    above = certified(between, "Between", (between, "Between"), YEAR)
    own = certified(key, "Ridgeline Roofing, Inc.", (between, "Between"), YEAR)
    ours = PadesSealer(tmp_path / "seal", SealKey(key, own, (above,)))
    assert ours.verify(sealed_by(ours)).found == "authentic"
    theirs = sealed_by(PadesSealer(tmp_path / "other", SealKey(between, above)))
    dressed_up = sealed_by(PadesSealer(tmp_path / "third", SealKey(between, above, (own,))))
    assert ours.verify(theirs).found == "unknown"
    assert ours.verify(dressed_up).found == "altered"


def test_one_that_ends_while_the_worker_runs_seals_no_more_and_still_verifies(tmp_path: Path):
    sealer = PadesSealer(tmp_path, bought_key(bought(tmp_path / "seal.p12"), PASSWORD))
    sealed = sealed_by(sealer)
    assert "Ridgeline Roofing, Inc." in sealer.check()
    with clock.shifted(YEAR + timedelta(days=1)):
        with pytest.raises(SealingFailed, match="needs its successor"):
            sealed_by(sealer)
        with pytest.raises(SealingFailed, match="needs its successor"):
            sealer.check()
        assert sealer.verify(sealed).found == "authentic"


def refusal(settings: Settings) -> str:
    with pytest.raises(Misconfigured) as refused:
        create_app(settings)
    return "\n".join(refused.value.sentences)


def test_what_does_not_open_or_has_ended_is_refused_at_the_start(
    settings: Settings, tmp_path: Path
):
    whole = replace(settings, seal_pkcs12=bought(tmp_path / "a.p12"), seal_pkcs12_password=PASSWORD)
    assert "does not open" in refusal(replace(whole, seal_pkcs12_password="another"))
    assert "cannot be read" in refusal(replace(whole, seal_pkcs12=tmp_path / "none.p12"))
    ended = bought(tmp_path / "b.p12", lasts=-timedelta(days=1))
    assert "needs its successor" in refusal(replace(whole, seal_pkcs12=ended))
    (tmp_path / "c.p12").write_bytes(b"hello")
    assert "does not open" in refusal(replace(whole, seal_pkcs12=tmp_path / "c.p12"))


@pytest.mark.parametrize(
    "half", [{"SEAL_PKCS12": "seal.p12"}, {"SEAL_PKCS12_PASSWORD": PASSWORD}], ids=str
)
def test_half_set_is_refused(half: dict[str, str]):
    with pytest.raises(Misconfigured, match="set together or not at all"):
        read_settings(half)


@pytest.mark.parametrize(
    "url", ["tsa.example.com", "ftp://tsa.example.com", "http://", "http://a:b"]
)
def test_an_authority_needs_an_address(url: str):
    with pytest.raises(Misconfigured, match="TSA_URL"):
        read_settings({"TSA_URL": url})
    assert PASSWORD not in repr(Settings(seal_pkcs12_password=PASSWORD, tsa_url=PASSWORD))
