"""What others wrote and we serve: the bytes reviewed, version in the name, licence beside."""

import hashlib
import re
import shutil
from pathlib import Path

from tests.guards.sources import ROOT

VENDOR = ROOT / "static" / "vendor"


def faults_in(folder: Path) -> list[str]:
    sums = {}
    for line in (folder / "CHECKSUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        sums[name] = digest
    present = {path.name: path for path in folder.iterdir() if path.name != "CHECKSUMS"}
    faults = [f"{name} is in CHECKSUMS only" for name in sums.keys() - present.keys()]
    for name, path in present.items():
        content = path.read_bytes()
        if name not in sums:
            faults.append(f"{name} is not in CHECKSUMS")
        elif hashlib.sha256(content).hexdigest() != sums[name]:
            faults.append(f"{name} is not the file that was reviewed")
        faults += name_faults(name, content, present.keys()) if path.suffix == ".js" else []
    return faults


def name_faults(name: str, content: bytes, present) -> list[str]:
    match = re.match(r"(.+?-(\d+\.\d+\.\d+))\.", name)
    if match is None:
        return [f"{name} does not carry its version"]
    faults = []
    if match[2].encode() not in content:
        faults.append(f"{name} says {match[2]}, its content does not")
    if f"{match[1]}.LICENSE.txt" not in present:
        faults.append(f"{name} has no licence beside it")
    return faults


def test_vendored_assets_are_what_was_reviewed():
    assert not faults_in(VENDOR), faults_in(VENDOR)


def test_a_changed_byte_is_seen(tmp_path):
    folder = shutil.copytree(VENDOR, tmp_path / "vendor")
    script = next(folder.glob("htmx-*.js"))
    script.write_bytes(script.read_bytes() + b" ")
    assert faults_in(folder) == [f"{script.name} is not the file that was reviewed"]


def test_a_file_without_checksum_version_and_licence_is_seen(tmp_path):
    folder = shutil.copytree(VENDOR, tmp_path / "vendor")
    (folder / "extra.min.js").write_text("1")
    assert set(faults_in(folder)) == {
        "extra.min.js is not in CHECKSUMS",
        "extra.min.js does not carry its version",
    }


def test_a_missing_file_and_a_missing_licence_are_seen(tmp_path):
    folder = shutil.copytree(VENDOR, tmp_path / "vendor")
    licence = next(folder.glob("htmx-*.LICENSE.txt"))
    licence.unlink()
    assert len(faults_in(folder)) == 2
