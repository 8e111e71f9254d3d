"""What somebody wants who answers a text: the words of the law, in any dress, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.notifications.wishes import Wish, wish_of

WORDS = ("STOP", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE", "ALTO", "PARAR")
DRESSES = ("{}", "{}.", " {}!!! ", "'{}'", "Please {}", "{} please", "{} now, thanks", "¡{}!")


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("word", [*WORDS, "Stop", "stop", "oPt-OuT", "stopall"])
def test_each_word_of_the_law_stops_in_any_dress(word: str, dress: str) -> None:
    assert wish_of(dress.format(word)) is Wish.STOP


@pytest.mark.parametrize(
    "body",
    [
        "please stop texting me",
        "Stop sending me these messages.",
        "STOP TEXTING THIS NUMBER",
        "Don't text me again",
        "don’t ever message me",
        "Do not contact us anymore",
        "no more texts",
        "Unsubscribe me from this",
        "I want to opt out",
        "take me off your list",
        "remove my number from your list please",
        "Leave me alone",
        "quit texting",
        "Deje de mandarme mensajes",
        "No me envíen más",
        "no quiero más mensajes",
    ],
)
def test_a_clear_sentence_stops_as_well(body: str) -> None:
    assert wish_of(body) is Wish.STOP


@pytest.mark.parametrize(
    "body",
    [
        "Can you stop by on Monday?",
        "When does the work end?",
        "We had to cancel our vacation, Tuesday is fine",
        "Please don't cancel the appointment",
        "The rain won't stop",
        "I got your text, thanks",
        "Is there a stop valve at the end of the gutter",
        "helpful, thank you",
        "We start on Friday?",
        "",
        "👍",
    ],
)
def test_what_is_meant_for_the_contractor_stops_nothing(body: str) -> None:
    assert wish_of(body) is Wish.TELL


@pytest.mark.parametrize("body", ["START", "unstop", "Un-stop.", "start please"])
def test_start_is_understood(body: str) -> None:
    assert wish_of(body) is Wish.START


@pytest.mark.parametrize("body", ["HELP", "help?", "Info", "AYUDA"])
def test_help_is_understood(body: str) -> None:
    assert wish_of(body) is Wish.HELP


@given(st.text(max_size=400))
def test_any_text_at_all_is_one_of_the_four(body: str) -> None:
    assert wish_of(body) in Wish
