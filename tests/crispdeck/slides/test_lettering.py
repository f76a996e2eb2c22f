"""Words broken into lines by what letters are wide on average."""

import pytest

from crispdeck.slides.lettering import Line, Paragraph, Run, lines, width_pt


def text_of(line: Line) -> str:
    return "".join(run.text for run in line.runs)


def broken(text: str, room_pt: float) -> list[str]:
    run = Run(text, 10, "#000")
    return [text_of(line) for line in lines(Paragraph((run,)), room_pt)]


def test_lines_break_at_spaces_and_end_without_one() -> None:
    room_pt = width_pt("three small words", 10)
    assert broken("three small words and more", room_pt) == ["three small words", "and more"]


def test_a_word_wider_than_the_room_stands_alone_and_is_squeezed() -> None:
    [first, long, _last] = lines(Paragraph((Run("a unbreakable b", 10, "#000"),)), 30)
    assert (text_of(first), text_of(long)) == ("a", "unbreakable")
    assert long.width_pt == 30


def test_a_break_of_the_text_begins_a_line_even_an_empty_one() -> None:
    assert broken("one\n\ntwo", 1000) == ["one", "", "two"]


def test_words_of_one_look_are_one_run_again_and_others_stay_apart() -> None:
    runs = (Run("plain and ", 10, "#000"), Run("bold", 10, "#000", is_bold=True))
    [line] = lines(Paragraph(runs), 1000)
    assert [(run.text, run.is_bold) for run in line.runs] == [("plain and ", False), ("bold", True)]


def test_a_line_is_as_high_as_its_largest_letters() -> None:
    [line] = lines(Paragraph((Run("small ", 8, "#000"), Run("large", 20, "#000"))), 1000)
    assert line.size_pt == 20


@pytest.mark.parametrize(("narrow", "wide"), [("iiii", "mmmm"), ("abc", "ABC"), ("ab", "上海")])
def test_letters_have_their_widths(narrow: str, wide: str) -> None:
    assert width_pt(narrow, 10) < width_pt(wide, 10)
    assert width_pt(narrow, 10) < width_pt(narrow, 10, is_bold=True)
    assert width_pt(narrow, 20) == pytest.approx(2 * width_pt(narrow, 10))
