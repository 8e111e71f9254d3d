"""Puts pip into the environment that runs this, where Python came without ensurepip."""

import hashlib
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ADDRESS = (
    "https://files.pythonhosted.org/packages/07/25/"
    "ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c960057c41cd23337/pip-26.3-py3-none-any.whl"
)
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def main() -> None:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=60) as answer:
            wheel = answer.read()
    except OSError as reason:
        sys.exit(f"pip could not be fetched ({reason}). Run: apt install python3-venv, then again.")
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(f"{ADDRESS} is not the file that was expected, so it was not used.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ADDRESS.rsplit("/", 1)[1])
        path.write_bytes(wheel)
        # A wheel of pip can be run as it is, and then installs itself.
        command = [sys.executable, f"{path}/pip", "install", "--quiet", "--no-index", str(path)]
        sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603  # no word from outside


main()
