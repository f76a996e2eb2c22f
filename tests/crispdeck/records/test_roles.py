"""Roles of operators, each with the rights of those before it."""

from crispdeck.records.roles import Role


def test_a_role_covers_those_before_it() -> None:
    assert Role.ADMIN.covers(Role.OPERATOR)
    assert Role.OPERATOR.covers(Role.VIEWER)
    assert not Role.VIEWER.covers(Role.OPERATOR)
