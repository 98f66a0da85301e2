"""Signing in by a real browser, and what a reader through a proxy is offered."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from monitor.bench import servers
from tests import provider
from tests.browser import house
from tests.browser.reader import PHONE, TIMEOUT_MS, reading, still

pytestmark = pytest.mark.browser

OIDC = '[access]\nmode = "oidc"\neditors = ["ana@x.org"]\n'
WANTED = "/stories?q=airspace"
LOOKS = {
    "desk": {},
    "phone": PHONE | {"color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house where people sign in; its address."""
    folder = tmp_path_factory.mktemp("oidc")
    config = house.configured(folder, house.LOOPBACK_ONLY + OIDC)
    port = servers.free_port()
    address = f"http://127.0.0.1:{port}"
    with provider.signing_in(email="ana@x.org", name="Ana Example", given_name="Ana") as place:
        (folder / "secrets.toml").write_text(provider.secrets(place, address), encoding="utf-8")
        command = servers.serve_command(config, port, "--no-poll")
        told = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml")}
        with servers.running(command, port, log=folder / "server.log", told=told):
            yield address


@pytest.mark.parametrize("look", LOOKS)
def test_a_stranger_signs_in_comes_to_what_was_asked_for_and_signs_out(
    browser: Browser, dashboard: str, look: str
):
    context = browser.new_context(**LOOKS[look])
    tab = context.new_page()
    tab.set_default_timeout(TIMEOUT_MS)
    tab.goto(dashboard + WANTED)
    door = tab.get_by_role("button", name="Sign in")
    door.wait_for()
    still(tab)
    assert tab.get_by_role("link").filter(visible=True).count() <= 1  # Streamlit's skip link
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(tab)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    door.click()
    expect(tab.get_by_role("heading", name="Stories", level=1)).to_be_visible()
    assert tab.url == dashboard + WANTED
    tab.goto(f"{dashboard}/account")
    expect(tab.get_by_text("Signed in as Ana Example")).to_be_visible()
    still(tab)
    _sign_out(tab)
    expect(door).to_be_visible()
    tab.goto(f"{dashboard}/snapshot?id=x")
    expect(door).to_be_visible()
    context.close()


def _sign_out(tab: Page) -> None:
    """Press the button; once more where the page was drawn anew just then."""
    button = tab.get_by_role("button", name="Sign out")
    for _ in range(3):
        button.click()
        with contextlib.suppress(PlaywrightTimeout):
            return button.wait_for(state="detached", timeout=TIMEOUT_MS / 4)
    raise AssertionError("the button does nothing")


def test_whoever_comes_by_another_name_may_look_but_not_change(tmp_path: Path, browser: Browser):
    house.configured(tmp_path)
    with house.serving(tmp_path, "--no-poll") as one, reading(browser, one.address) as reader:
        tab = reader.open("/triage")
        expect(tab.get_by_role("button", name="Confirm")).to_be_visible()
        reader.context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})
        tab = reader.open("/triage")
        expect(tab.get_by_text("You can look but not change.")).to_be_visible()
        expect(tab.get_by_role("button", name="Confirm")).to_have_count(0)
