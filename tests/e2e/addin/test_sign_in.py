"""People connect the pane without a code: by their account, or as an administrator deployed it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.addin.conftest import PATIENCE_MS
from tests.e2e.addin.decks import talk
from tests.e2e.addin.light import serving_lightly
from tests.e2e.addin.looks import LANGUAGES, WIDTHS_PX, look_at
from tests.e2e.addin.powerpoint import PowerPoint, axe_findings, serve_host
from tests.e2e.addin.served import Served

pytest.importorskip("authlib", reason="needs the extra `oidc`")

from tests.openid_provider import Person, Provider, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """An issuer with somebody who may come in, and somebody who may not."""
    made = Provider("crispdeck", "secret", ("/addin/sign-in/back",))
    made.people = {
        "anna": Person("4711", "anna@acme.test", {"roles": ["Crispdeck.User"]}),
        "eve": Person("4713", "eve@acme.test"),
    }
    with running(made):
        yield made


@pytest.fixture(scope="module")
def served(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Crispdeck that lets in whom the issuer gives the role."""
    with serving_lightly(
        tmp_path_factory.mktemp("sign-in"),
        oidc_issuer=provider.url,
        oidc_client_id="crispdeck",
        oidc_client_secret="secret",
        oidc_pane_tenants="roles=Crispdeck.User:pane",
    ) as running_server:
        yield running_server


@pytest.fixture
def context(browser: Browser, served: Served, provider: Provider) -> Iterator[BrowserContext]:
    """A profile in which the issuer may be reached too."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(PATIENCE_MS)
    foreign = serve_host(made, served.url, provider.url)
    yield made
    made.close()
    assert foreign == []


def sign_in_as(powerpoint: PowerPoint, name: str) -> None:
    """Click Sign in, and choose an account in the dialog."""
    with powerpoint.page.context.expect_page() as opened:
        powerpoint.pane.get_by_role("button", name="Sign in with your account").click()
    dialog = opened.value
    dialog.get_by_role("button", name=name).click()
    expect.set_options(timeout=PATIENCE_MS)
    dialog.wait_for_event("close") if not dialog.is_closed() else None


def test_who_has_the_role_is_connected_by_an_account_and_no_code(powerpoint: PowerPoint) -> None:
    powerpoint.open(talk(), query="?domain_hint=acme.test")
    expect(powerpoint.pane.get_by_role("button", name="Sign in with your account")).to_be_visible()
    assert axe_findings(powerpoint.page) == []
    sign_in_as(powerpoint, "anna@acme.test")
    expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()
    expect(powerpoint.pane.get_by_role("button", name="Enhance", exact=True)).to_be_visible()


def test_who_lacks_the_role_is_told_so_and_may_type_a_code(
    powerpoint: PowerPoint, served: Served
) -> None:
    powerpoint.open(talk())
    sign_in_as(powerpoint, "eve@acme.test")
    expect(powerpoint.pane.get_by_role("alert")).to_contain_text("may not use this server")
    powerpoint.pane.get_by_label("Code").fill(served.key)
    powerpoint.pane.get_by_role("button", name="Connect").click()
    expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()


def test_a_dialog_that_is_closed_leaves_the_first_screen(powerpoint: PowerPoint) -> None:
    powerpoint.open(talk())
    with powerpoint.page.context.expect_page() as opened:
        powerpoint.pane.get_by_role("button", name="Sign in with your account").click()
    opened.value.close()
    expect(powerpoint.pane.get_by_role("alert")).to_contain_text("closed before")
    expect(powerpoint.pane.get_by_role("button", name="Sign in with your account")).to_be_enabled()


def test_a_manifest_with_a_key_to_connect_asks_for_nothing(
    powerpoint: PowerPoint, served: Served
) -> None:
    powerpoint.open(talk(), query=f"?connect={served.connect_key}")
    expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()
    expect(powerpoint.pane.get_by_role("button", name="Enhance", exact=True)).to_be_visible()
    assert served.connect_key.encode() not in powerpoint.save()
    powerpoint.pane.get_by_role("tab", name="Settings").click()
    powerpoint.pane.get_by_role("button", name="Disconnect").click()
    powerpoint.pane.locator("#sign-in").click()
    expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_with_a_sign_in_is_read_whole(
    powerpoint: PowerPoint, language: str
) -> None:
    powerpoint.open(talk(), width_px=WIDTHS_PX[0], language=language)
    expect(powerpoint.pane.locator("#sign-in")).to_be_visible()
    look_at(powerpoint, language, "sign-in")
    with powerpoint.page.context.expect_page() as opened:
        powerpoint.pane.locator("#sign-in").click()
    opened.value.close()
    expect(powerpoint.pane.locator("#problem")).to_be_visible()
    look_at(powerpoint, language, "sign-in-closed")
