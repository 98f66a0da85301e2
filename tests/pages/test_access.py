"""Who may change things: guarded where a change is made, whatever a browser still shows."""

import pytest
import sqlalchemy as sa
import streamlit as st

from monitor.config import Access
from monitor.cycle.again import Again
from monitor.errors import MonitorError
from monitor.storage import tables as t
from pages import roles, session
from pages.components import parts, versions
from pages.roles import Role
from tests.factories import make_feed
from tests.pages.conftest import NOW, ROOT, drawn, words
from tests.pages.test_pages import frozen, full, share

__all__ = ["full"]

FEED = make_feed(1).id

ELSEWHERE = "monitor.example.org"


def contents(store):
    """Every row that is stored."""
    with store.database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in t.metadata.sorted_tables
        }


def press(page, label):
    next(one for one in page.button if one.label == label).click().run()


def confirm(show, lose, **_):
    page = show("triage")
    lose()
    page.button(key="confirm").click().run()
    return page


def undo(show, lose, store, monkeypatch):
    page = show("triage")
    page.button(key="confirm").click().run()
    item = next(iter(store.triage.current()))
    lose()
    clicks = [item]  # the browser tells a click once
    monkeypatch.setattr(parts, "decisions", lambda *_, **__: clicks.pop() if clicks else None)
    return page.run()


def undo_by_key(show, lose, **_):
    page = show("triage")
    page.button(key="confirm").click().run()
    lose()
    page.button(key="undo").click().run()
    return page


def pause(show, lose, **_):
    page = show("feeds", feed=FEED)
    lose()
    page.button(key="pause").click().run()
    return page


def remove(show, lose, **_):
    page = show("feeds", feed=FEED)
    lose()
    page.button(key="remove").click().run()
    return page


def watch_again(show, lose, **_):
    page = show("feeds", feed=FEED)
    page.button(key="remove").click().run()
    lose()
    page.button(key="feed-undo").click().run()
    return page


def go_back(show, lose, store, **_):
    store.lexicons.save("v1", {"off": []}, note="", by="ana", now=NOW)
    page = show("method", part="Preview a rule")
    lose()
    page.button(key="back-shipped").click().run()
    return page


def judge_again(show, lose, monkeypatch, **_):
    monkeypatch.setattr(versions, "AGAIN", Again())
    page = show("method", part="Preview a rule")
    lose()
    page.button(key="again").click().run()
    versions.AGAIN.wait(60)
    return page


def note_outcome(show, lose, monkeypatch, **_):
    page = show("deadlines")
    card = drawn(page, "due")[0]["cards"][0]
    monkeypatch.setattr(parts, "due_list", lambda *_, **__: (card["item"], card["due_id"]))
    page.run()
    lose()
    page.text_input[-1].set_value("Passed")
    clicks = [page]

    def once(*_, **__):
        return (card["item"], card["due_id"]) if clicks.pop() else None

    monkeypatch.setattr(parts, "due_list", once)
    clicks[:] = [None, page]
    press(page, "Save")
    return page


ACTS = [
    confirm, undo, undo_by_key, note_outcome, pause, remove, watch_again, go_back, judge_again,
]  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("loses", [False, True], ids=["may", "may no longer"])
def test_a_page_that_is_still_open_changes_nothing_once_its_reader_may_not(
    full, show, asked, monkeypatch, act, loses
):
    before = {}

    def lose():
        before.update(contents(full))
        if loses:
            asked["Host"] = ELSEWHERE

    page = act(show, lose, store=full, monkeypatch=monkeypatch)
    assert not page.exception
    assert (contents(full) == before) is loses
    assert any("You can look but not change" in one.value for one in page.error) is loses


def test_what_pages_read_by_takes_no_change(full, show):
    with pytest.raises(MonitorError, match="for reading only"):
        session.store().feeds.pause(FEED, paused=True, by="x", now=NOW)
    assert session.store().feeds.find(FEED).feed.title == "Feed 1"


def test_pages_open_the_whole_store_only_through_a_pen():
    allowed = ("session.py", "pens.py")
    for file in sorted((ROOT / "pages").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        assert "INSTALLATION" not in text or file.name == "session.py", file
        assert "session.opened(" not in text or file.name in allowed, file
        for line in (one for one in text.splitlines() if "session.intake()" in one):
            assert "session.intake()." in line or "rehearse(session.intake()" in line, file


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        pytest.param(
            {"Host": "monitor.example.org"}, "", id="by another name, as a proxy gives it"
        ),
        pytest.param({"Host": "localhost.example.org:8501"}, "", id="by a name that looks like it"),
        pytest.param({"Host": "["}, "", id="by no name at all"),
        pytest.param({}, "", id="without a name"),
        pytest.param(
            {"Host": "localhost:8501", "X-Forwarded-For": "203.0.113.9"}, "", id="forwarded"
        ),
        pytest.param(
            {"Host": "127.0.0.1:8501"},
            '[site]\npublic_url = "https://monitor.example.org"\n',
            id="with a public address and a forged name",
        ),
    ],
)
def test_through_a_proxy_without_sign_in_nobody_may_change_anything(
    full, show, asked, tmp_path, headers, told
):
    asked.clear()
    asked.update(headers)
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as file:
        file.write(told)
    page = show("triage")
    assert "You can look but not change" in page.info[0].value
    assert "behind no proxy and without public_url" in page.info[0].value
    assert [one.key for one in page.button if one.key in ("confirm", "undo")] == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "127.1.2.3", "[::1]:9000"])
def test_at_the_machine_itself_everything_may_be_changed(full, show, asked, host):
    asked["Host"] = host
    page = show("feeds", feed=FEED)
    assert not page.info
    assert page.button(key="pause")


@pytest.mark.parametrize("page", ["triage", "deadlines", "feeds", "method", "stories", "snapshots"])
def test_read_only_a_page_offers_no_change(full, show, monkeypatch, page):
    share(full)
    real = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else real(name)
    )
    query = {"stories": {"story": "s1"}, "method": {"part": "Preview a rule"}}.get(page, {})
    shown = show(page, **query)
    assert not shown.exception
    assert "You can look but not change" in shown.info[0].value
    offers = {
        "Confirm", "Not relevant", "Correct", "Undo the last decision", "Look", "Import", "Revoke",
        "Make them a story of their own", "Put them together", "Judge stored items again", "Share",
    }  # fmt: skip
    assert not offers & {one.label for one in shown.button}
    assert all(not part["can_edit"] for name in ("decisions", "due") for part in drawn(shown, name))


# --- oidc ----------------------------------------------------------------------------------------
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "a long random text for tests",
    "client_id": "monitor",
    "client_secret": "none",
    "server_metadata_url": "http://127.0.0.1:1/.well-known/openid-configuration",
}
PAGES = ["situation", "indicators", "stories", "triage", "deadlines", "brief", "feeds",
         "snapshots", "method", "snapshot"]  # fmt: skip


@pytest.fixture
def oidc(full, tmp_path):
    """A full store whose readers sign in; ana edits, ada administers."""
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[access]\nmode = "oidc"\neditors = ["Ana@x.org"]\nadmins = ["ada@x.org"]\n')
    return full


@pytest.fixture
def provider(monkeypatch):
    """Sign-in as Streamlit is told of it; a test may change it."""
    auth = dict(AUTH)
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": auth})
    return auth


def someone(mail, **claims):
    return {"is_logged_in": True, "email": mail, "name": "Someone", **claims}


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_the_door_and_nothing_else(oidc, show, provider, name):
    made = share(oidc)
    query = {"id": made.id} if name == "snapshot" else {"story": "s1", "feed": FEED}
    page = show(name, **query)
    assert not page.exception
    assert [one.value for one in page.title] == ["Curaçao Security Monitor"]
    assert [one.label for one in page.button] == ["Sign in"]
    assert len(page.markdown) == 1
    assert not page.header
    assert not page.get("plotly_chart")
    names = {one.proto.component_name for one in page.get("bidi_component")}
    assert names == {"monitor_manners", "monitor_way_back"}
    assert "Airspace" not in words(page)


def test_signing_in_leads_to_the_provider(oidc, show, provider):
    page = show("stories")
    page.button(key="sign-in-").click().run()
    assert not page.exception
    assert not page.error


def test_each_of_several_providers_has_its_button(oidc, show, provider):
    provider.pop("client_id")
    provider |= {"google": {"client_id": "a"}, "okta": {"client_id": "b"}}
    assert [one.label for one in show().button] == ["Sign in with Google", "Sign in with Okta"]


def test_sign_in_that_is_not_set_up_says_what_is_missing_and_shows_nothing(oidc, show):
    page = show("stories")
    assert "secrets.toml has no usable [auth]" in page.error[0].value
    assert not page.button
    assert "Airspace" not in words(page)


def test_a_provider_that_is_set_up_by_half_is_told_and_not_a_traceback(oidc, show, provider):
    provider.pop("client_secret")
    page = show()
    page.button(key="sign-in-").click().run()
    assert not page.exception
    assert "Signing in is not possible" in page.error[0].value


def test_a_stranger_is_not_told_why_nothing_can_be_shown(oidc, show, provider, tmp_path):
    (tmp_path / "config.toml").write_text("[polling]\nworkerz = 3\n", encoding="utf-8")
    page = show()
    assert page.title[0].value == "The dashboard cannot be shown"
    assert "workerz" not in words(page)
    assert "workerz" in words(show(person=someone("eve@x.org")))


@pytest.mark.parametrize(
    ("mail", "triage", "feeds", "told"),
    [
        ("eve@x.org", False, False, "[access\\] editors"),
        ("ana@x.org", True, False, "[access\\] admins"),
        ("ADA@x.org", True, True, ""),
    ],
    ids=["viewer", "editor", "admin"],
)
def test_each_role_is_offered_what_it_may(oidc, show, provider, mail, triage, feeds, told):
    page = show("triage", person=someone(mail))
    assert bool([one for one in page.button if one.key == "confirm"]) is triage
    page = show("feeds", person=someone(mail), feed=FEED)
    assert bool([one for one in page.button if one.key == "pause"]) is feeds
    assert [told.replace("\\", "") in one.value for one in page.info] == ([True] if told else [])


@pytest.mark.parametrize("act", [pause, remove, go_back, judge_again])
def test_an_administrator_who_is_only_an_editor_now_changes_no_feed_and_no_rule(
    oidc, show, provider, tmp_path, monkeypatch, act
):
    before = {}

    def lose():
        before.update(contents(oidc))
        file = tmp_path / "config.toml"
        text = file.read_text(encoding="utf-8").replace("admins", "# admins")
        file.write_text(text.replace("Ana@", "ada@"), encoding="utf-8")

    def open_as_ada(name, **query):
        return show(name, person=someone("ada@x.org"), **query)

    page = act(open_as_ada, lose, store=oidc, monkeypatch=monkeypatch)
    assert not page.exception
    assert contents(oidc) == before
    assert any("but not change feeds" in one.value for one in page.error)


def test_a_decision_is_kept_under_the_address_that_signed_in(oidc, show, provider):
    page = show("triage", person=someone("ana@x.org"))
    page.button(key="confirm").click().run()
    assert {one.by for one in oidc.triage.current().values()} == {"ana@x.org"}


def test_the_account_says_who_one_is_and_signs_out(oidc, show, provider):
    page = show(person=someone("ana@x.org"))
    page.switch_page("account.py").run()
    assert "Signed in as **Someone, ana" in page.markdown[0].value
    assert "share views" in page.markdown[1].value
    page.button(key="sign-out").click().run()
    assert [one.label for one in page.button] == ["Sign in"]


MAY = Access(mode="oidc", editors=("ana@x.org",), admins=("ada@x.org",))


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        pytest.param({}, Role.STRANGER, id="nobody"),
        pytest.param({"sub": "7"}, Role.VIEWER, id="without an address"),
        pytest.param({"email": "eve@x.org"}, Role.VIEWER, id="unknown"),
        pytest.param({"email": "Ana@X.org"}, Role.EDITOR, id="editor, in other letters"),
        pytest.param({"email": "ada@x.org", "email_verified": True}, Role.ADMIN, id="admin"),
        pytest.param({"email": "ada@x.org", "email_verified": False}, Role.VIEWER, id="unverified"),
        pytest.param({"email": None}, Role.VIEWER, id="no address"),
    ],
)
def test_rights_go_by_the_address_that_the_provider_stands_for(claims, role):
    assert roles.granted(MAY, claims) is role


def test_an_empty_entry_gives_nobody_rights():
    assert roles.granted(Access(mode="oidc", editors=("",)), {"sub": "7"}) is Role.VIEWER


def test_a_snapshot_for_signed_in_people_opens_for_nobody_else(full, show, asked):
    document = frozen(full)
    made = full.snapshots.create(document, audience="signed_in")
    assert show("snapshot", id=made.id).title[0].value.startswith("Situation")
    asked["Host"] = ELSEWHERE
    assert show("snapshot", id=made.id).title[0].value == "Only for people who sign in"
    assert "Nothing to compare" in words(show("snapshots", tab="Compare"))
