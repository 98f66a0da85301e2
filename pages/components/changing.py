"""Changing words, rules and weights: choose, see what stored items would say, save."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from monitor.assess.changes import LISTS, Vocabulary
from monitor.cycle.vocabulary import Rehearsal, folded, rehearse, save
from monitor.errors import MonitorError
from monitor.views import vocabulary as view
from monitor.views.lens import SEVERITIES, count
from pages import access, pens, session
from pages.components import frame, parts
from pages.roles import Role

_MORE = 10  # changed items shown at once
_PHRASES = (
    "One on each line. `word`, `stem*` (any ending), `*end` (any beginning), `two words`, "
    "`a ~5 b` (b at most five words after a); in front `-` where the meaning does not count, "
    "`^` only in capitals, `!` only in texts of this language."
)


def show() -> None:
    """From an idea to a saved version."""
    told()
    if st.session_state.pop("draft-noted", False):  # what was noted down need not be noted twice
        st.session_state["phrase"], st.session_state["gone"] = "", []
    seen = session.vocabulary().changed(session.intake().changes)
    with st.container(border=True, key="change-form"):
        st.header("What would you change?", anchor=False)
        kinds: dict[str, Callable[[Vocabulary], dict[str, Any]]] = {
            "Add words": _add, "Remove words": _remove, "Rule": _rule, "Weight": _weight,
        }  # fmt: skip
        kind = st.segmented_control(
            "What would you change?", list(kinds), default="Add words", required=True,
            key="change", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        edit = kinds[kind or "Add words"](seen)
        if st.button("Add to the change", icon=":material/add:", key="draft-add"):
            _note_down(edit)
            st.rerun()
    _draft()
    tried: Rehearsal | None = st.session_state.get("rehearsal")
    if tried is not None:
        _result(tried)


def told() -> None:
    """What was just done, or why it could not be done."""
    error = st.session_state.pop("rule-error", "")
    if error:
        st.error(frame.escape(error), icon=":material/error:")
    done = st.session_state.pop("rule-done", "")
    if done:
        st.success(frame.escape(done), icon=":material/check:")


# --- choosing ------------------------------------------------------------------------------------
def _words(seen: Vocabulary) -> tuple[str, str, list[str]]:
    """The list and the meaning that were chosen, and the phrases that stand there now."""
    left, right = st.columns(2)
    name = left.selectbox(
        "Word list", list(LISTS), key="list", bind="query-params",
        format_func=lambda one: _capital(LISTS[one]),
    )  # fmt: skip
    there = seen.concepts(name)
    _by_id("meaning", there, lambda one: view.concept_name(seen, one))
    meaning = right.selectbox(
        "Meaning", view.by_meaning(seen, there), index=None, key="meaning",
        bind="query-params", placeholder="Choose or type, as closing or border",
        format_func=lambda one: view.concept_name(seen, one),
        help="What the words stand for, and its name in the word lists. Rules are written with "
        "meanings, not with words.",
    )  # fmt: skip
    if meaning is None:
        return name, "", []
    rules = view.users(seen, meaning)
    number = f"{count(len(there[meaning]), 'phrase')} there now, {count(len(rules), 'rule')}"
    with st.expander(f"{number} that use “{seen.meanings.of(meaning)}”", icon=":material/list:"):
        parts.plain_list(
            ["; ".join(there[meaning]) or "No phrase yet.", *rules],
            key="meaning-lines",
        )
    return name, meaning, there[meaning]


def _by_id(key: str, known: Collection[str], name: Callable[[str], str]) -> None:
    """An address may name a choice by its id alone, which stays when its words change."""
    asked = st.query_params.get(key, "")
    if asked in known:
        st.query_params[key] = name(asked)
        st.rerun()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _add(seen: Vocabulary) -> dict[str, Any]:
    name, meaning, _there = _words(seen)
    written = st.text_area(
        "Words to add", key="phrase", bind="query-params", max_chars=2000, height=90,
        placeholder="cordoned off", help=_PHRASES,
    )  # fmt: skip
    phrases = [one.strip() for one in written.replace(";", "\n").splitlines() if one.strip()]
    return {"add": {f"{name}/{meaning}": phrases}} if meaning and phrases else {}


def _remove(seen: Vocabulary) -> dict[str, Any]:
    name, meaning, there = _words(seen)
    gone = st.multiselect(
        "Words to remove", list(dict.fromkeys(there)), key="gone", placeholder="Choose words",
        disabled=not there,
    )  # fmt: skip
    return {"remove": {f"{name}/{meaning}": gone}} if gone else {}


def _rule(seen: Vocabulary) -> dict[str, Any]:
    lens = session.lens()
    _by_id("rule", seen.rules, lambda one: view.rule_name(seen.rules[one], lens))
    key = st.selectbox(
        "Rule", list(seen.rules), index=None, key="rule", bind="query-params",
        placeholder="Choose or type, as airspace closed",
        format_func=lambda one: view.rule_name(seen.rules[one], lens),
    )  # fmt: skip
    if key is None:
        return {}
    rule = seen.rules[key]
    st.caption(frame.escape(f"{view.rule_words(seen, rule)} ({key})"))
    is_on = st.toggle("In use", value=key not in seen.off, key=f"on-{key}")
    severity = {}
    st.caption("Severity by place. The first place in this order that a text names decides.")
    with st.container(horizontal=True):
        for group, usual in rule.severity.items():
            severity[group] = st.selectbox(
                _capital(seen.meanings.places.get(group, group)), range(5), index=usual, width=160,
                key=f"severity-{key}-{group}", format_func=lambda n: f"{n} {SEVERITIES[n]}",
            )  # fmt: skip
    edit: dict[str, Any] = {} if is_on == (key not in seen.off) else {"enabled": is_on}
    moved = {group: one for group, one in severity.items() if one != rule.severity[group]}
    edit |= {"severity": moved} if moved else {}
    return {"rules": {key: edit}} if edit else {}


def _weight(seen: Vocabulary) -> dict[str, Any]:
    names = session.lens().names
    key = st.selectbox(
        "Indicator", sorted(seen.indicators, key=lambda one: names.get(one, one)), key="weigh",
        bind="query-params", format_func=lambda one: names.get(one, one),
    )  # fmt: skip
    usual, shipped = seen.indicators[key].weight, session.vocabulary().indicators[key].weight
    weight = st.slider(
        f"Weight (now {usual:g}, shipped {shipped:g})", 0.0, 10.0, usual, 0.5, key=f"weight-{key}"
    )
    st.caption(view.WEIGHTS)
    return {"weights": {key: weight}} if weight != usual else {}


# --- the draft -----------------------------------------------------------------------------------
def _note_down(edit: dict[str, Any]) -> None:
    """Put an edit into the draft, if it can be made at all."""
    edits = [*st.session_state.get("draft", []), edit]
    if not edit:
        st.session_state["rule-error"] = "Nothing is chosen yet that would change anything."
    elif _is_possible(edits):
        st.session_state["draft"] = edits
        st.session_state.pop("rehearsal", None)
        st.session_state["draft-noted"] = True


def _is_possible(edits: list[dict[str, Any]]) -> bool:
    try:
        _, lines = folded(session.vocabulary(), session.intake().changes, edits)
    except MonitorError as error:
        st.session_state["rule-error"] = str(error).removeprefix("changes: ")
        return False
    st.session_state["draft-lines"] = lines
    return True


def _clear() -> None:
    for key in ("draft", "draft-lines", "rehearsal", "shown-items"):
        st.session_state.pop(key, None)


def _drop_last() -> None:
    edits = st.session_state["draft"][:-1]
    _clear()
    if edits and _is_possible(edits):
        st.session_state["draft"] = edits


def _draft() -> None:
    """What is to be changed together, and the way to try it."""
    if not st.session_state.get("draft"):
        return
    with st.container(border=True, key="draft-box"):
        st.header("The change so far", anchor=False)
        parts.plain_list(st.session_state["draft-lines"], key="draft-lines-list")
        with st.container(horizontal=True):
            pressed = st.button(
                "Preview on stored items", type="primary", icon=":material/preview:",
                key="draft-preview",
            )  # fmt: skip
            st.button("Take back the last", icon=":material/undo:", on_click=_drop_last)
            st.button("Discard", icon=":material/delete:", key="draft-clear", on_click=_clear)
        if pressed:
            _try()


def _try() -> None:
    """Judge stored items as before and as changed, and say how far it is."""
    bar = st.progress(0.0, "Judging stored items both ways …")

    def tell(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"Judged {done:,} of {total:,} items both ways")

    edits = st.session_state["draft"]
    try:
        tried = rehearse(session.intake(), session.vocabulary(), edits, progress=tell)
        st.session_state["rehearsal"] = tried
    except MonitorError as error:
        st.session_state.pop("rehearsal", None)
        st.error(frame.escape(str(error)), icon=":material/error:")
    bar.empty()


# --- what it would do ----------------------------------------------------------------------------
def _more() -> None:
    st.session_state["shown-items"] = st.session_state.get("shown-items", _MORE) + _MORE


def _result(tried: Rehearsal) -> None:
    """What would change, how good it would be, and the way to keep it."""
    shown = st.session_state.get("shown-items", _MORE)
    found = view.rehearsed(
        tried.preview, session.store().reading, session.lens(), shown=shown
    )  # fmt: skip
    st.header(found.sentence, anchor=False)
    if found.older:
        st.markdown(found.older)
    if any(line.startswith("Weight of ") for line in tried.lines):
        st.info(view.WEIGHTS, icon=":material/balance:")
    if found.measures:
        with st.grid(2, min_column_width=240):
            for one in found.measures:
                with st.container(gap="xsmall"):
                    st.metric(
                        one.name, one.after, one.delta or "as before", border=True,
                        delta_color="normal" if one.delta else "off",
                        delta_arrow="auto" if one.delta else "off",
                    )  # fmt: skip
                    st.caption(one.words)
    st.caption(found.about_labels)
    _save(tried)
    if found.cards:
        parts.item_list(found.cards, key="rehearsed")
    if found.more:
        st.button(f"Show more ({found.more:,} left)", key="more-items", on_click=_more)


def _save(tried: Rehearsal) -> None:
    if not access.may(Role.ADMIN):
        return
    with st.form("save-change", border=True):
        note = st.text_input(
            "Why, for those who come after", key="change-note", max_chars=500,
            placeholder="Police here say “cordoned off” for a closed border",
        )  # fmt: skip
        pressed = st.form_submit_button(
            "Save as a new version", type="primary", icon=":material/save:"
        )
    if not pressed:
        return
    try:
        pen = pens.take(Role.ADMIN)
        version = save(
            pen.intake, tried.changes, instead_of=tried.instead_of, note=note, by=pen.by,
            now=pen.now,
        )  # fmt: skip
    except MonitorError as error:
        st.error(frame.escape(str(error)), icon=":material/error:")
        return
    _clear()
    st.session_state["rule-done"] = (
        f"Version {version} is in use: what comes from now on is judged by it. Stored items keep "
        f"their verdict until you judge them again, below."
    )
    st.rerun()
