from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from onboarding.web.forms import Form


class VerifyForm(Form):
    """One file to check."""

    document = FileField(_l("The PDF"))
