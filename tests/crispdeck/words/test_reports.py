"""What a report says of a deck and of each picture."""

import pytest

from crispdeck.words.reports import growth_words, lead_words, network_words, uses_words

SHARP, PLAIN = {"network": "plain-m-x4@7"}, {"network": "bicubic", "fallback": "unfaithful"}


@pytest.mark.parametrize(
    ("upscales", "words"),
    [
        ([], "No picture of this deck was changed."),
        ([SHARP], "1 blurred picture of this deck made sharp. "),
        ([SHARP, SHARP, PLAIN], "2 blurred pictures of this deck made sharp, 1 only enlarged. "),
    ],
)
def test_a_report_begins_with_what_became_of_the_deck(
    upscales: list[dict[str, str]], words: str
) -> None:
    assert lead_words(iter(upscales)).startswith(words)


def test_what_no_network_made_is_said_to_be_enlarged_plainly() -> None:
    assert network_words(SHARP) == "plain-m-x4@7"
    assert "by plain interpolation" in network_words(PLAIN)
    assert network_words({}) == ""


def test_one_use_is_nothing_to_speak_of() -> None:
    assert (uses_words(1), uses_words(3)) == ("", "shown in 3 places")


def test_growth_names_both_sizes() -> None:
    assert growth_words(1_500_000, 2_000_000) == "File size: 1.5 MB → 2.0 MB"
