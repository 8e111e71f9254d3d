"""A web process of its own, for a test to ask and to kill.

`python -m tests.payments.process FOLDER DATABASE STRIPE_URL` says on which port it answers.
"""

import sys
from pathlib import Path

from werkzeug.serving import make_server

from onboarding import create_app
from onboarding.config import Settings
from tests.cards import KEY, SECRET


def main(folder: str, database_url: str, stripe_url: str) -> None:
    app = create_app(
        Settings(
            mode="test",
            base_url="http://localhost",
            data_dir=Path(folder),
            database_url=database_url,
            secret_keys=("a key for tests that is long enough",),
            postal_address="1 Test Street, Portland, OR 97201",
            stripe_secret_key=KEY,
            stripe_webhook_secrets=(SECRET,),
            stripe_base_url=stripe_url,
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
