"""`python app.py`: one command, one process, one place to look."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from onboarding.sandbox import demo

ROOT = Path(__file__).parents[2]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _program(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            yield program
        finally:
            if program.poll() is None:
                program.kill()


def _welcome(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    words = ""
    while "Ctrl-C" not in words:
        line = program.stdout.readline()
        assert line, program.stderr and program.stderr.read()
        words += line
    return words


def _sign_in(base: str) -> requests.Session:
    browser = requests.Session()
    page = browser.get(f"{base}/crm/sign-in", timeout=20)
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    typed = {"email": demo.OWNER[1], "password": demo.PASSWORD, "csrf_token": token}
    answer = browser.post(f"{base}/crm/sign-in", data=typed, timeout=20)
    assert answer.url == f"{base}/crm/pipeline", answer.text
    return browser


def test_it_says_where_to_go_serves_ends_cleanly_and_keeps_what_was_there(tmp_path):
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    for end in (signal.SIGINT, signal.SIGTERM):
        with _program(tmp_path, port) as program:
            assert f"{base}/crm" in _welcome(program)
            board = _sign_in(base).get(f"{base}/crm/pipeline", timeout=20)
            assert board.text.count(">Mei-Ling Zhou<") == 1
            program.send_signal(end)
            _, complaints = program.communicate(timeout=30)
            assert program.returncode == 0
            assert complaints == ""


def test_a_port_that_is_taken_is_a_sentence(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with _program(tmp_path, port) as program:
            said, complaints = program.communicate(timeout=60)
    assert program.returncode == 1
    assert said == ""
    assert complaints.startswith(f"127.0.0.1:{port} cannot be used: Address already in use.")
    assert "BASE_URL=" in complaints
    assert "Traceback" not in complaints
