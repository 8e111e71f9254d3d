"""`app` for gunicorn and `flask --app app`; run as a program it is the whole demo in one process:
web server, worker, local mailbox and card sandbox, on SQLite."""

import sys

from onboarding import create_app
from onboarding.config import Misconfigured

if __name__ == "__main__":
    from onboarding.sandbox.serving import serve

    serve()
else:
    try:
        app = create_app()
    except Misconfigured as fault:
        sys.exit(f"The settings are not whole:\n{fault}")
