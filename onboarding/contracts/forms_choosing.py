"""Forms about the right to cancel, on the contractor's side."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import InputRequired

from onboarding.contracts import state_profiles
from onboarding.contracts.choosing import Choice
from onboarding.contracts.state_profiles import StateProfile
from onboarding.web.forms import Form, text_field


class SigningForm(Form):
    """What a contract gives and how it is signed; a reason wherever the safe way is left."""

    has_cancel_right = BooleanField(_l("This contract gives the right to cancel"))
    no_cancel_reason = text_field(_l("Why not"), most=300)
    cancel_profile = RadioField(_l("How long"), choices=[], validate_choice=False, default="")
    e_sign_reason = text_field(_l("Why the limit does not apply to this contract"), most=300)

    is_on_paper = BooleanField(_l("It is printed and signed by hand"))

    @classmethod
    def of(cls, choice: Choice) -> "SigningForm":
        return cls(
            formdata=None,
            has_cancel_right=choice.has_cancel_right,
            no_cancel_reason=choice.no_cancel_reason,
            cancel_profile=choice.cancel_profile,
            e_sign_reason=choice.e_sign_reason,
            is_on_paper=choice.is_on_paper,
        )

    def offer(self, profiles: tuple[StateProfile, ...]) -> None:
        """The first is what the state has by itself: an empty choice stands for it."""
        self.cancel_profile.choices = [
            ("" if nth == 0 else one.key, _named(one)) for nth, one in enumerate(profiles)
        ]
        if self.cancel_profile.data not in dict(self.cancel_profile.choices):
            self.cancel_profile.data = ""

    def validate(self, extra_validators: Any = None) -> bool:
        is_whole = bool(super().validate(extra_validators))
        if self.has_cancel_right.data or self.no_cancel_reason.data:
            return is_whole
        self.no_cancel_reason.errors = [_("Say why this contract gives no right to cancel.")]
        return False

    def choice(self) -> Choice:
        """As it is kept: no reason where none is needed, no profile that there is not."""
        gives = bool(self.has_cancel_right.data)
        known = {one.key for one in state_profiles.PROFILES if one.is_choice}
        chosen = self.cancel_profile.data if self.cancel_profile.data in known else ""
        return Choice(
            has_cancel_right=gives,
            no_cancel_reason="" if gives else self.no_cancel_reason.data or "",
            cancel_profile=(chosen or "") if gives else "",
            e_sign_reason="" if self.is_on_paper.data else self.e_sign_reason.data or "",
            is_on_paper=bool(self.is_on_paper.data),
        )


class ScanForm(Form):
    """A contract signed by hand: its scan, and the day of the signature."""

    signed_on = DateField(_l("Signed on"), [InputRequired()])
    scan = MultipleFileField(_l("Scan or photos of the signed contract"))


class NoticeForm(Form):
    """The day on which a notice of cancellation was mailed or handed over."""

    noticed_on = DateField(_l("Mailed or handed over on"), [InputRequired()])


def _named(one: StateProfile) -> str:
    if one.is_choice:
        return str(_("%(days)s business days: the buyer is 65 or older", days=one.days))
    return str(_("%(days)s business days", days=one.days))
