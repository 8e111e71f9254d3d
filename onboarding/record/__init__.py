"""The contact record: on one screen what is true of a contact, what really happened, what to do."""
