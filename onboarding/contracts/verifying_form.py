import re

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from onboarding.web.forms import Form, text_field


class VerifyForm(Form):
    """One file to check, or the fingerprint of one, as a mail or a program for files shows it."""

    document = FileField(_l("The PDF"))
    fingerprint = text_field(_l("Or its fingerprint (SHA-256)"), most=200)

    def sha256(self) -> str | None:
        """What was typed, without the spaces and in small letters; None where that is none."""
        plain = re.sub(r"[\s\u200b:]", "", self.fingerprint.data or "").lower()
        return plain if re.fullmatch("[0-9a-f]{64}", plain) else None
