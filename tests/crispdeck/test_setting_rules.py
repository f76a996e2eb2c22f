"""What a setting may be, and how that is said."""

import math

import pytest

from crispdeck.setting_rules import (
    BUCKET_URL,
    COUNT,
    HOST,
    REDIS_URL,
    SQL_URL,
    WEB_ORIGINS,
    WEB_URL,
    Between,
    OneOf,
    Shaped,
)


@pytest.mark.parametrize(
    ("value", "is_allowed"), [(1, True), (100, True), (0, False), (101, False)]
)
def test_both_ends_of_a_range_are_allowed(value: int, is_allowed: bool) -> None:
    assert Between(1, 100).allows(value) is is_allowed


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "5", None])
def test_nothing_that_is_no_finite_number_lies_in_a_range(value: object) -> None:
    assert not Between(0.0, 1e300).allows(value)


def test_rules_are_said_in_words() -> None:
    assert str(COUNT) == "a whole number from 1 to 1,000,000"
    assert str(Between(0.0, 1.5)) == "a number from 0 to 1.5"
    assert str(OneOf(("", "viewer", "admin"))) == "empty, viewer or admin"
    assert str(Shaped("a folder", ".+")) == "a folder, or empty"


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (HOST, ("0.0.0.0", "::1", "web-1.example.org"), ("", "a b", "http://a")),
        (WEB_URL, ("", "https://a", "http://[::1]:8000/x"), ("ftp://a", "https://", "a:70000")),
        (WEB_URL, ("https://a:65535",), ("https://a:65536",)),
        (WEB_ORIGINS, ("https://*.office.com https://a:1",), ("https://a/x", "https://a; x")),
        (SQL_URL, ("sqlite:///a b.db", "postgresql://u:p@h:5432/n"), ("mysql://h/n", "sqlite://")),
        (REDIS_URL, ("redis://:p@h:6379/0", "rediss://h"), ("redis://h/zero", "http://h")),
        (BUCKET_URL, ("s3://bucket", "s3://bucket/pre/fix"), ("s3://", "bucket", "s3://a b")),
    ],
)
def test_texts_of_one_shape(rule: Shaped, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    assert [text for text in good if not rule.allows(text)] == []
    assert [text for text in bad if rule.allows(text)] == []
