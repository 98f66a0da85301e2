"""Method: how is it computed, and how good is it?"""

import streamlit as st

from monitor.views import method
from pages import keeping, session, shipped
from pages.components import changing, frame, parts, replayed, trying, versions
from pages.roles import Role

frame.header("Method", "How is it computed, and how good is it?", needs=Role.ADMIN)
session.intake().follow_lexicon()  # another process may have saved a version
view = keeping.kept(
    method.load, session.store().reading, session.lens(), watched=session.assessor().indicators,
    settings=session.settings().index, version=session.assessor().version,
    evaluation=shipped.evaluation(),
)  # fmt: skip
st.caption(view.lexicon)
how, good, past, attempt, rule, lists = st.tabs(
    ["How it is computed", "How good it is", "Back-test", "Try a text", "Preview a rule",
     "Indicators"],
    key="part", on_change="rerun", bind="query-params",
)  # fmt: skip
if how.open:
    with how:
        for formula in view.formulas:
            with st.container(border=True, key=f"formula-{formula.name}"):
                st.header(formula.name, anchor=False)
                st.latex(formula.latex)
                st.markdown(formula.words)
        with st.expander("All constants in use", icon=":material/tune:"):
            st.dataframe(view.constants, hide_index=True)
if good.open:
    with good:
        trying.accuracy(view)
        st.header("Limits, in plain words", anchor=False)
        parts.plain_list(view.limits, key="limits")
if past.open:
    with past:
        replayed.show()
if attempt.open:
    with attempt:
        trying.text()
if rule.open:
    with rule:
        changing.show()
        versions.show()
if lists.open:
    with lists:
        st.table(view.indicators, hide_index=True, border="horizontal")
