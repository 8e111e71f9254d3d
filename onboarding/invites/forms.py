from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from onboarding.notifications.models import Channel
from onboarding.web.forms import Form


class SendForm(Form):
    channels = SelectMultipleField(
        _("Send it by"),
        choices=[
            SelectChoice(Channel.EMAIL.value, _("E-mail")),
            SelectChoice(Channel.SMS.value, _("Text message")),
        ],
    )

    at_once = BooleanField(_("Send the text now all the same"))

    def chosen(self) -> list[Channel]:
        """The channels ticked, those that exist."""
        known = {channel.value for channel in Channel}
        return [Channel(each) for each in self.channels.data or [] if each in known]
