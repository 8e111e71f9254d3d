"""The demo in one process: gunicorn's threads, the worker's beside them, everything local."""

import os
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from onboarding import create_app, jobs, migrating
from onboarding.config import Misconfigured, Settings, read_settings
from onboarding.sandbox import demo

_THREADS = 16


class _Demo(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process of many threads: the card sandbox answers the same process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        values: dict[str, Any] = {
            "bind": self.settings.host,
            "workers": 1,
            "threads": _THREADS,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "post_worker_init": lambda _: jobs.run_in_thread(),
            "loglevel": "warning",
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self.settings)


def serve() -> None:
    """Sets the database up, loads the demo when it is empty, says where to go, and serves."""
    try:
        settings = read_settings(os.environ)
    except Misconfigured as fault:
        sys.exit(f"The settings are not whole:\n{fault}")
    if settings.is_production:
        sys.exit(
            "app.py as a program is the demo. In production run gunicorn and the worker: see README."
        )
    app = create_app(settings)
    migrating.upgrade()
    with app.app_context():
        demo.load()
    sys.stdout.write(demo.welcome(settings))
    sys.stdout.flush()
    _Demo(settings).run()
