"""What is open in a text with placeholders, as sentences in the reader's language."""

from collections.abc import Iterable

from flask_babel import gettext as _

from onboarding.braces import Complaint


def sentences(complaints: Iterable[Complaint]) -> list[str]:
    return [_sentence(complaint) for complaint in complaints]


def _sentence(complaint: Complaint) -> str:
    """The braces come in as a value, so that a translation cannot lose them."""
    typed, meant = complaint.typed, f"{{{complaint.meant}}}"
    if complaint.is_doubled:
        said = _("Write %(placeholder)s with one brace on each side.", placeholder=meant)
    elif complaint.meant:
        said = _(
            "%(typed)s is not one of the placeholders. Did you mean %(placeholder)s?",
            typed=typed,
            placeholder=meant,
        )
    else:
        said = _("%(typed)s is not one of the placeholders.", typed=typed)
    return str(said)
