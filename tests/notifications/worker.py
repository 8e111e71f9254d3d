"""A worker in a process of its own, for a test to kill. It sends what is due, once, and ends.

`python -m tests.notifications.worker FOLDER DATABASE SMTP_URL TWILIO_URL`
"""

import sys
from pathlib import Path

from onboarding import config, database, gateways
from onboarding.config import Settings
from onboarding.gateways import Gateways
from onboarding.gateways.documents_store import FolderStore
from onboarding.gateways.smtp import SmtpEmail
from onboarding.gateways.twilio import TwilioSms
from onboarding.notifications import sending
from tests.twilio_server import ACCOUNT, NUMBER, TOKEN


def main(folder: str, url: str, smtp_url: str, twilio_url: str) -> None:
    settings = Settings(
        mode="test",
        data_dir=Path(folder),
        database_url=url,
        secret_keys=("a key for tests that is long enough",),
        mail_from="portal@portal.test",
    )
    config.use(settings)
    database.configure(url)
    gateways.use(
        Gateways(
            email=SmtpEmail(smtp_url, settings.mail_from),
            sms=TwilioSms(ACCOUNT, TOKEN, NUMBER, base_url=twilio_url),
            documents=FolderStore(settings.documents_dir),
            cards=None,  # type: ignore[arg-type]
            renderer=None,  # type: ignore[arg-type]
            sealer=None,  # type: ignore[arg-type]
        )
    )
    sending.sweep()


if __name__ == "__main__":
    main(*sys.argv[1:])
