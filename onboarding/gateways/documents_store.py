"""Documents kept in a folder, each under the SHA-256 of its bytes."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from onboarding.gateways.documents import DocumentAltered, DocumentMissing

_NAME = re.compile(r"[0-9a-f]{64}")


class FolderStore:
    """`<root>/ab/abcd…`: what was put there survives a power cut from the moment `put` returns."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        kept = self._path(sha256)
        if not _holds(kept, content):
            kept.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self._root)
            _write_whole(kept, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise DocumentMissing(sha256) from missing
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DocumentAltered(sha256)
        return content

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def names(self) -> Iterator[str]:
        for path in self._root.glob("??/*"):
            if _NAME.fullmatch(path.name):
                yield path.name

    def check(self) -> str:
        sha256 = self.put(b"A document that the doctor keeps to see that documents are kept.\n")
        self.get(sha256)
        return f"Documents are kept in {self._root}."

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise DocumentMissing(sha256)
        return self._root / sha256[:2] / sha256


def _holds(path: Path, content: bytes) -> bool:
    """Whether the whole is there already: a damaged copy is written anew."""
    return path.is_file() and path.read_bytes() == content


def _write_whole(path: Path, content: bytes) -> None:
    """All or nothing: other readers see the finished file or none."""
    handle, name = tempfile.mkstemp(prefix=".coming-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Without this the file is on the disk and its name, after a power cut, may not be."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
