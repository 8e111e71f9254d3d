"""Stand-ins for the demo and for tests: a mailbox, a phone, and a Stripe with its wire format."""
