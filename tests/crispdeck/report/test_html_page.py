"""A report as a page needs nothing else, and what comes out of a deck is text in it."""

import io
import re
from html.parser import HTMLParser

from crispdeck.report.html_page import to_html, write_html
from crispdeck.report.model import Report
from tests.crispdeck.report.showing import LOOKS


class Page(HTMLParser):
    """Collects what a page loads and shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.alternatives: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img":
            self.sources.append(found["src"] or "")
            self.alternatives.append(found["alt"] or "")
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestHtml:
    def test_it_is_well_formed_and_needs_no_network(self, report: Report) -> None:
        text = to_html(report)
        page = Page(text)
        assert page.open == []
        assert len(page.sources) >= 2 * len(report.sharpened)
        assert all(source.startswith("data:image/") for source in page.sources)
        assert not re.search(r"https?://|<script|@import|url\(", text)

    def test_every_picture_has_words_in_its_place(self, report: Report) -> None:
        assert all(Page(to_html(report)).alternatives)
        assert 'A "logo" (before)' in Page(to_html(report)).alternatives

    def test_names_out_of_the_deck_are_text_not_markup(self, report: Report) -> None:
        text = to_html(report)
        assert "Logo &lt;b&gt;&amp; co&lt;/b&gt;" in text
        assert "Talk &amp; more.pptx" in text

    def test_it_says_the_figures_and_the_reasons(self, report: Report) -> None:
        text = to_html(report)
        assert "Before: 40 ppi" in text
        assert "After: 80 ppi" in text
        assert "about a quarter as sharp as a full-HD screen" in text
        assert "160 × 120 → 320 × 240" in text
        assert "sharp enough at the size it is shown" in text
        assert "plain-x2@1" in text
        assert "shrinks back to the original (58 dB)" in text
        assert "1.2 % of the detail held back" in text

    def test_it_says_what_an_enlarged_picture_was_before(
        self, report: Report, enlarged_report: Report
    ) -> None:
        assert LOOKS in to_html(enlarged_report)
        assert "looks like" not in to_html(report)

    def test_it_is_written_as_utf_8(self, report: Report) -> None:
        out = io.BytesIO()
        write_html(report, out)
        assert out.getvalue().decode() == to_html(report)
