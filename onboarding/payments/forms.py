from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from onboarding.web.forms import Form


class CardForm(Form):
    """Before Stripe's page: auto-pay, off unless switched on."""

    auto_pay = BooleanField(_l("Auto-pay"), default=False)


class ReturnForm(Form):
    """The way back from Stripe's page. The session's name is only a hint of where to look."""

    session_id = HiddenField(validators=[Length(max=255)])


class AddForm(Form):
    """Another card, or one in place of another."""

    replaces_id = HiddenField(validators=[Length(max=26)])


class RemoveForm(Form):
    """Removing a card; with auto-pay on, the customer says that it ends."""

    ends_auto_pay = HiddenField(validators=[Length(max=1)])


class PressForm(Form):
    """A button that carries nothing but itself."""
