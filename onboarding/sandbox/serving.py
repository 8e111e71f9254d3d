"""The demo in one process: gunicorn's threads, the worker's beside them, everything local."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from onboarding import create_app, jobs, migrating
from onboarding.config import Misconfigured, Settings, read_settings
from onboarding.sandbox import demo

_THREADS = 16
# Loading the demo takes less on any machine: gunicorn ends a worker that is silent longer.
_PATIENCE_SECONDS = 300
# Longer than the pipeline's polls lie apart, so that they share a connection.
_KEEP_ALIVE_SECONDS = 30
_PORTS = {"http": 80, "https": 443}


class _Demo(BaseApplication):
    """Gunicorn with one process of many threads: the card sandbox answers the same process.

    The application is made, migrated and filled in that process, never before the fork: the PDF
    engine's threads would not live on in it.
    """

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings = settings
        self.address = address
        self.stop_jobs: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        values: dict[str, Any] = {
            "bind": self.address,
            "workers": 1,
            "threads": _THREADS,
            "worker_class": "gthread",
            "timeout": _PATIENCE_SECONDS,
            "graceful_timeout": 3,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "control_socket_disable": True,
            "post_worker_init": self._begin_work,
            "worker_exit": lambda _arbiter, _worker: self.stop_jobs(),
            "loglevel": "critical",
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        try:
            app = create_app(self.settings)
        except Misconfigured as fault:
            sys.stderr.write(f"The settings are not whole:\n{fault}\n")
            sys.exit(Arbiter.APP_LOAD_ERROR)
        migrating.upgrade()
        with app.app_context():
            try:
                demo.load()
            except demo.CutShort:
                sys.stderr.write(demo.cut_short(self.settings) + "\n")
                sys.exit(Arbiter.APP_LOAD_ERROR)
        return app

    def _begin_work(self, _: object) -> None:
        self.stop_jobs = jobs.run_in_thread()
        sys.stdout.write(demo.welcome(self.settings))
        sys.stdout.flush()


def serve() -> None:
    """Sets the database up, loads the demo when it is empty, says where to go, and serves."""
    try:
        settings = read_settings(os.environ)
    except Misconfigured as fault:
        sys.exit(f"The settings are not whole:\n{fault}")
    if settings.is_production:
        sys.exit("app.py as a program is the demo. In production run gunicorn and the worker.")
    parts = urlsplit(settings.base_url)
    host, port = parts.hostname or "127.0.0.1", parts.port or _PORTS[parts.scheme]
    why_not = _why_not(host, port)
    if why_not:
        sys.exit(why_not)
    _Demo(settings, f"[{host}]:{port}" if ":" in host else f"{host}:{port}").run()


def _why_not(host: str, port: int) -> str:
    """A sentence when nothing can be served there; empty when it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as refusal:
        return (
            f"{host}:{port} cannot be used: {refusal.strerror}."
            f" Set another address, such as BASE_URL=http://127.0.0.1:{port % 60_000 + 1}"
        )
    return ""
