"""What `make run` and `make test` set up with: pinned, done once, clear about what is missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.guards.sources import ROOT

PINNED = re.compile(r'[\w.-]+==[\w.]+(; python_version < "[\d.]+")?')


def run(script: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    if path is not None:
        environment["PATH"] = path
    return subprocess.run(
        [shutil.which("bash"), script], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def scripts(tmp_path) -> Path:
    """The scripts in a checkout where nothing was set up yet."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return shutil.copytree(ROOT / "scripts", tmp_path / "scripts")


def machine_without(folder: Path, *programs: str) -> str:
    """A PATH with what this machine has, but for these."""
    folder.mkdir()
    for place in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"):
        for found in Path(place).glob("*"):
            if not any(re.fullmatch(program, found.name) for program in programs):
                (folder / found.name).unlink(missing_ok=True)
                (folder / found.name).symlink_to(found)
    return str(folder)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned(name):
    lines = [line.partition(" #")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert wanted
    assert [line for line in wanted if not PINNED.fullmatch(line)] == []


def test_a_second_run_of_make_test_has_nothing_to_set_up():
    run(ROOT / "scripts/setup-tests")
    again = run(ROOT / "scripts/setup-tests")
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("nothing to do.") == len(again.stdout.splitlines()) == 3


def test_without_python_make_run_says_what_to_install(scripts, tmp_path):
    bare = machine_without(tmp_path / "bin", r"python.*", "uv")
    answer = run(scripts / "setup", bare)
    assert answer.returncode == 1
    assert "Python 3.11 or newer is not here. Install it (Debian: apt install" in answer.stderr


def test_without_chromium_and_apt_make_test_names_what_is_missing(tmp_path):
    bare = machine_without(tmp_path / "bin", r"chromium.*", "google-chrome.*", "apt-get")
    answer = run(ROOT / "scripts/setup-tests", bare)
    assert answer.returncode == 1
    assert "Tests need chromium (these are Debian's names). Install them" in answer.stderr


def test_the_commands_of_every_submission_can_be_started():
    for name in (".ci/run", "scripts/setup", "scripts/setup-tests"):
        assert os.access(ROOT / name, os.X_OK), name
    assert "make test" in (ROOT / ".ci/run").read_text()
