"""Words that came by text, put into the conversation they belong to."""

from onboarding.actor import Actor, Kind
from onboarding.contacts.models import Contact
from onboarding.database import read
from onboarding.journey.actions import Refused
from onboarding.journey.queries import current_of_contact
from onboarding.messages.actions import Words, write

_LONGEST = 4000


def converse(contact_id: str, contractor_id: str, words: str, key: str) -> bool:
    """Writes them as the contact's message; once, however often it is asked with the same key.

    False where there is no conversation they could stand in: nothing sent yet, no account, access
    revoked. Whoever holds the phone is taken for the contact, as for a letter with their name: it
    is words for the contractor, and binds nobody.
    """
    db = read(contractor_id)
    contact = db.get(Contact, contact_id)
    onboarding = current_of_contact(db, contact_id)
    if contact is None or onboarding is None:
        return False
    by = Actor(Kind.CUSTOMER, contact.id, contact.name, contractor_id, "", "Text message")
    try:
        write(onboarding.id, Words(words.strip()[:_LONGEST], key), by)
    except Refused:
        return False
    return True
