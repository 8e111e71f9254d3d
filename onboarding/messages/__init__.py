"""A contact's conversation with the contractor: questions about an estimate or one line of it,
wishes for changes, answers, and plain messages once everything is signed."""
