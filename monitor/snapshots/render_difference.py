"""Two snapshots compared on one static page: in words, as two lines, and as lists."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.assess.words import SEVERITIES
from monitor.snapshots import wording
from monitor.snapshots.difference import Difference, IndicatorChange
from monitor.snapshots.document import Document, FrozenDeadline, FrozenStory
from monitor.snapshots.markup import Markup, element, join, outside_link
from monitor.snapshots.render_html import metas
from monitor.snapshots.render_svg import comparison_chart, hatches


def comparison(found: Difference, *, back: str = "") -> str:
    """The whole page as HTML.

    Args:
        found: What changed.
        back: Address of the earlier snapshot's page; "" when it has none.
    """
    title = f"What changed · {found.after['site']}"
    body = element(
        "div",
        hatches(),
        element("header", *_header(found, back)),
        element(
            "main",
            _words(found),
            _chart(found),
            _indicators(found.indicators),
            element(
                "div",
                _stories("New stories", found.new_stories),
                _stories("No longer shown", found.gone_stories),
                class_="two",
            ),
            _deadlines(found),
        ),
        class_="page",
    )
    root = element("html", element("head", *metas(title)), element("body", body), lang="en")
    return f"<!doctype html>\n{root}\n"


def _header(found: Difference, back: str) -> list[Markup | None]:
    clocks = [
        element("div", element("dt", f"{name} "), element("dd", _when(document)))
        for name, document in (("Before", found.before), ("After", found.after))
    ]
    return [
        element(
            "p", found.after["site"], element("span", " · two moments compared"), class_="site"
        ),
        element("h1", "What changed"),
        element("dl", *clocks, class_="clocks"),
        element("p", element("a", "Back to the snapshot", href=back)) if back else None,
    ]


def _when(document: Document) -> str:
    return wording.moment(document["created_at"], document["timezone"])


def _words(found: Difference) -> Markup:
    return element(
        "section",
        element("h2", "In words"),
        element("ul", *(element("li", words) for words in found.sentences[1:]), class_="headlines"),
        class_="card",
    )


def _chart(found: Difference) -> Markup | None:
    if not found.before["series"] or not found.after["series"]:
        return None
    before, after = found.before["series"][0], found.after["series"][0]
    if not before["days"] or not after["days"]:
        return None
    steps = found.after["level"]["steps"]
    return element(
        "section",
        element(
            "div",
            element("h2", after["name"]),
            element(
                "span",
                "dashed: as it stood before; line and shade: as it stands after",
                class_="soft",
            ),
            class_="head",
        ),
        comparison_chart(before, after, steps),
        comparison_chart(before, after, steps, width=380),
        class_="card chart",
    )


def _indicators(changes: Sequence[IndicatorChange]) -> Markup:
    if not changes:
        inside = element("p", "No indicator has changed.", class_="soft")
    else:
        heads = (element("th", words) for words in ("Indicator", "Before", "After", "Change"))
        rows = (_row(change) for change in changes)
        inside = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    return element("section", element("h2", "Indicators"), inside, class_="card")


def _row(change: IndicatorChange) -> Markup:
    return element(
        "tr",
        element("td", element("strong", change.name)),
        element("td", _value(change.before, change.state_before), class_="change"),
        element("td", _value(change.after, change.state_after), class_="change"),
        element("td", _arrow(change), class_="change"),
    )


def _value(index: float | None, state: str | None) -> Markup:
    if state is None:
        return element("small", "not listed")
    return join(wording.figure(index), element("small", f" {wording.BOARD[state].lower()}"))


def _arrow(change: IndicatorChange) -> str:
    if change.before is None or change.after is None:
        return {1: "↑", -1: "↓"}.get((change.rank > 0) - (change.rank < 0), "–")
    moved = change.after - change.before
    return f"{'↑' if moved > 0 else '↓'} {wording.figure(abs(moved))}"


def _stories(title: str, stories: Sequence[FrozenStory]) -> Markup:
    lines = [
        element(
            "li",
            outside_link(story["url"], story["title"]),
            element("span", f" · {SEVERITIES[story['severity']]}", class_="soft"),
        )
        for story in sorted(stories, key=lambda story: -story["severity"])
    ]
    inside = (
        element("ul", *lines, class_="plain") if lines else element("p", "None.", class_="soft")
    )
    return element("section", element("h2", title), inside, class_="card")


def _deadlines(found: Difference) -> Markup | None:
    zone = found.after["timezone"]

    def line(word: str, one: FrozenDeadline) -> Markup:
        when = wording.due(one["due"], zone)
        return element("li", element("strong", f"{word}: {when}"), " ", element("q", one["phrase"]))

    lines = [line("New", one) for one in found.new_deadlines]
    lines += [line("No longer listed", one) for one in found.gone_deadlines]
    if not lines:
        return None
    return element(
        "section", element("h2", "Deadlines"), element("ul", *lines, class_="plain"), class_="card"
    )
