"""How handing over a message can end other than well: alike for e-mail and for texts."""


class NotSent(Exception):
    """The message was not accepted, or nobody knows. `answer` is what came back, in words."""

    def __init__(self, answer: str, *, retry_after: float = 0) -> None:
        self.answer = answer
        self.retry_after = retry_after
        super().__init__(answer)


class TemporaryRefusal(NotSent):
    """Certainly not accepted, for a reason that passes: try again, in `retry_after` seconds."""


class PermanentRefusal(NotSent):
    """Certainly not accepted, and it never will be: the same message is not tried again."""


class OptedOut(PermanentRefusal):
    """Whoever reads there has told the provider STOP."""


class UnknownOutcome(NotSent):
    """Handed over whole, and no answer came: it may have been accepted."""
