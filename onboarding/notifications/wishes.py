"""What somebody wants who answers a text. Pure: no database, no clock.

Source: 47 CFR 64.1200(a)(10) names the words that must stop all texts, and asks that any other
clear wish be honored too; CTIA adds HELP and START.
"""

import re
import unicodedata
from enum import StrEnum


class Wish(StrEnum):
    """At most six letters: it is a column."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    TELL = "tell"  # words for the contractor


_STOP = {"stop", "stopall", "quit", "end", "revoke", "optout", "cancel", "unsubscribe"} | {
    *("alto", "parar", "pare", "detener", "cancelar", "basta", "stopp", "remove", "removeme")
}
_START = {"start", "unstop", "resubscribe", "optin", "subscribe", "iniciar", "empezar", "comenzar"}
_HELP = {"help", "info", "ayuda"}
# Said around a word without changing what it asks for.
_POLITE = re.compile(
    r"\b(please|pls|plz|thanks|thank you|now|already|immediately|ok|okay|hi|hello|hey|sir|guys"
    r"|por favor|porfavor|gracias|ya)\b"
)
_TEXTS = r"(text(s|ing)?|txt(s|ing)?|messag(e|es|ing)|msgs?|sms|contact(ing)?|mensajes?)"
_LONGEST_WISH = 160
# Sentences that leave no doubt. "Can you stop by on Monday?" is not among them.
_CLEAR = (
    re.compile(rf"\b(stop|quit|cease|end)( \w+){{0,3}} {_TEXTS}\b"),
    re.compile(rf"\b(dont|do not|never|no longer)( \w+){{0,2}} {_TEXTS}( \w+)? (me|us)\b"),
    re.compile(rf"\b(dont|do not)( \w+){{0,2}} {_TEXTS}( \w+){{0,2}} (again|any ?more)\b"),
    re.compile(rf"^no more {_TEXTS}( from you)?$"),
    re.compile(r"\bunsubscribe( \w+)?( from)?\b|\bopt( \w+){0,2} out\b"),
    re.compile(r"\b(remove|take) (me|my (phone|cell|mobile)?( )?number)\b.*\b(off|from|list)\b"),
    re.compile(r"^(remove|take) (me|my number)( off)?$|^leave (me|us) alone$|^stop (it|this)$"),
    re.compile(r"\b(deje|dejen|deja|pare|paren) de (mandar|enviar|escribir|contactar)\w*\b"),
    re.compile(r"\bno (me )?(mande|manden|envie|envien|escriba|escriban)( \w+)? mas\b"),
    re.compile(r"\bno (quiero|mas|deseo)( \w+){0,2} mensajes\b"),
)


def wish_of(body: str) -> Wish:
    """What a text asks for; anything that is not clearly a wish of ours is for the contractor."""
    words = _plain(body)
    alone = "".join(_POLITE.sub(" ", words).split())
    if alone in _STOP:
        return Wish.STOP
    elif alone in _START:
        return Wish.START
    elif alone in _HELP:
        return Wish.HELP
    elif len(words) <= _LONGEST_WISH and any(clear.search(words) for clear in _CLEAR):
        return Wish.STOP
    else:
        return Wish.TELL


def _plain(body: str) -> str:
    """Small letters and digits with one space between, accents and apostrophes gone."""
    bare = unicodedata.normalize("NFKD", body).casefold()
    letters = "".join(
        sign if sign.isalnum() else "" if sign in "'’`´" or unicodedata.combining(sign) else " "
        for sign in bare
    )
    return " ".join(letters.split())
