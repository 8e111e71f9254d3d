"""Documents kept in a folder: what was put there comes back, or is said to be altered."""

import hashlib
import threading
from pathlib import Path

import pytest

from onboarding.gateways.documents import DocumentAltered, DocumentMissing
from onboarding.gateways.documents_store import FolderStore

CONTENT = b"%PDF-1.7 a contract"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "documents")


def test_what_is_put_comes_back(store: FolderStore) -> None:
    assert store.put(CONTENT) == SHA256
    assert store.get(SHA256) == CONTENT
    assert store.has(SHA256)


def test_an_empty_document_is_a_document(store: FolderStore) -> None:
    assert store.get(store.put(b"")) == b""


def test_putting_it_again_changes_nothing(store: FolderStore, tmp_path: Path) -> None:
    store.put(CONTENT)
    before = kept(tmp_path)
    written = before[0].stat().st_mtime_ns
    assert store.put(CONTENT) == SHA256
    assert kept(tmp_path) == before
    assert before[0].stat().st_mtime_ns == written


def test_an_altered_document_is_not_handed_out(store: FolderStore, tmp_path: Path) -> None:
    store.put(CONTENT)
    kept(tmp_path)[0].write_bytes(CONTENT.replace(b"a", b"b"))
    with pytest.raises(DocumentAltered):
        store.get(SHA256)


def test_putting_an_altered_document_again_mends_it(store: FolderStore, tmp_path: Path) -> None:
    store.put(CONTENT)
    kept(tmp_path)[0].write_bytes(b"half")
    store.put(CONTENT)
    assert store.get(SHA256) == CONTENT


def test_a_document_that_was_never_put_is_missing(store: FolderStore) -> None:
    assert not store.has(SHA256)
    with pytest.raises(DocumentMissing):
        store.get(SHA256)


@pytest.mark.parametrize(
    "name",
    ["", "..", "../../etc/passwd", "/etc/passwd", SHA256.upper(), f"{SHA256}\n", SHA256[:63], "\0"],
)
def test_a_name_that_is_no_hash_leads_nowhere(store: FolderStore, name: str) -> None:
    store.put(CONTENT)
    with pytest.raises(DocumentMissing):
        store.get(name)
    with pytest.raises(DocumentMissing):
        store.has(name)


def test_a_failed_write_leaves_nothing_behind(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put(CONTENT)
    assert kept(tmp_path) == []
    assert not store.has(SHA256)


def test_ten_at_once_keep_one_whole_document(store: FolderStore, tmp_path: Path) -> None:
    content = CONTENT * 50_000
    threads = [threading.Thread(target=store.put, args=(content,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(hashlib.sha256(content).hexdigest()) == content
    assert len(kept(tmp_path)) == 1


def test_the_doctor_sees_where_documents_are_kept(store: FolderStore, tmp_path: Path) -> None:
    assert store.check() == f"Documents are kept in {tmp_path / 'documents'}."


def test_the_doctor_sees_that_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file in the way")
    with pytest.raises(OSError, match="documents"):
        FolderStore(tmp_path / "documents").check()


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
