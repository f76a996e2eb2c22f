"""A command takes the only tenant, or the one that is named and no other."""

from pathlib import Path

import click
import pytest

from crispdeck.cli.tenants import tenant_of
from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant, tenant_names


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'records.db'}")
    made.migrate()
    return made


def test_without_any_the_first_is_made_where_it_may_be(database: Database) -> None:
    with pytest.raises(click.UsageError, match="no such tenant"):
        tenant_of(database, None)
    made = tenant_of(database, None, make=True)
    assert tenant_names(database) == {made: "default"}
    assert tenant_of(database, None) == made


def test_a_name_or_an_id_says_which(database: Database) -> None:
    sales, training = (create_tenant(database, name) for name in ("sales", "training"))
    assert tenant_of(database, "sales") == sales
    assert tenant_of(database, training) == training
    with pytest.raises(click.UsageError, match="sales, training"):
        tenant_of(database, None)


def test_of_two_of_one_name_neither_is_guessed(database: Database) -> None:
    first, second = (create_tenant(database, "sales") for _ in range(2))
    for make in (False, True):
        with pytest.raises(click.UsageError, match=f"{first}, {second}"):
            tenant_of(database, "sales", make=make)
    assert tenant_of(database, second) == second
