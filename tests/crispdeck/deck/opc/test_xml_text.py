"""Text edits of XML: the right tag is found, and every other byte stays."""

import pytest

from crispdeck.deck.opc.xml_text import XmlText, quoted
from crispdeck.errors import MalformedDeckError, UnsafeDeckError

ODD = (
    b"<?xml version='1.0'  encoding=\"UTF-8\"?>\r\n<!-- <b x='1'/> --><a:root xmlns:a='urn:a'\n"
    b"  xmlns:r='urn:r'><![CDATA[<b x='1'/>]]><b  r:x = 'one' x=\"one\" note='>'/>\t"
    b"<b x='two'  ></b >\xc3\xa9</a:root>  "
)


def test_without_an_edit_the_bytes_are_the_same() -> None:
    assert XmlText(ODD, "part").result() == ODD


def test_tags_in_comments_and_cdata_are_not_found() -> None:
    found = XmlText(ODD, "part").elements("b")
    assert [element.attributes["x"] for element in found] == ["one", "two"]


def test_an_element_reaches_to_the_end_of_its_closing_tag() -> None:
    text = XmlText(ODD, "part")
    first, second = text.elements("b")
    assert ODD[first.start : first.end] == b"<b  r:x = 'one' x=\"one\" note='>'/>"
    assert ODD[second.start : second.end] == b"<b x='two'  ></b >"


def test_one_value_changes_and_nothing_else() -> None:
    text = XmlText(ODD, "part")
    text.replace(*text.value_span(text.elements("b")[1].start, "x", "two"), b"three")
    assert text.result() == ODD.replace(b"'two'", b"'three'")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_comes_back_in_utf_16_with_its_mark(encoding: str) -> None:
    document = '\ufeff<?xml version="1.0" encoding="UTF-16"?><a>\U0001f600<b x="1"/>é</a>'
    text = XmlText(document.encode(encoding), "part")
    text.replace(*text.value_span(text.elements("b")[0].start, "x", "1"), b"22")
    assert text.result() == document.replace('"1"/', '"22"/').encode(encoding)


def test_bytes_of_another_eight_bit_encoding_stay() -> None:
    document = '<?xml version="1.0" encoding="windows-1252"?><a n="é"><b x="1"/></a>'.encode(
        "cp1252"
    )
    text = XmlText(document, "part")
    text.replace(*text.value_span(text.elements("b")[0].start, "x", "1"), b"2")
    assert text.result() == document.replace(b'x="1"', b'x="2"')


def test_escaped_values_are_compared_unescaped() -> None:
    text = XmlText(b'<a><b x="1 &amp; 2"/></a>', "part")
    start, end = text.value_span(text.elements("b")[0].start, "x", "1 & 2")
    assert text.blob[start:end] == b"1 &amp; 2"


def test_several_edits_are_made_at_once() -> None:
    text = XmlText(b"<a><b/><b/><b/></a>", "part")
    first, second, third = text.elements("b")
    text.replace(third.start, third.end, b"")
    text.replace(second.end, second.end, b"<c/>")
    text.replace(first.start, first.end, b"<d/>")
    assert text.result() == b"<a><d/><b/><c/></a>"


def test_a_document_type_is_refused() -> None:
    with pytest.raises(UnsafeDeckError, match="document type"):
        XmlText(b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "part").elements("a")


def test_broken_xml_is_malformed() -> None:
    with pytest.raises(MalformedDeckError, match="not well-formed"):
        XmlText(b"<a><b></a>", "part").elements("b")


def test_a_value_that_is_not_there_is_malformed() -> None:
    text = XmlText(b'<a x="1"/>', "part")
    with pytest.raises(MalformedDeckError, match="cannot be found"):
        text.value_span(0, "x", "2")


def test_quotes_and_markup_in_a_value_are_escaped() -> None:
    assert quoted('a"<&ü') == b"'a\"&lt;&amp;&#252;'"
