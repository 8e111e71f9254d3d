"""The service agreement: drafted beside the estimate, fixed at send, frozen at approval, consented
to, signed, sealed and confirmed to both parties."""
