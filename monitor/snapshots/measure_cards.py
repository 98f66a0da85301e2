"""Cards of a snapshot's page about measures: level, chart, indicators."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.snapshots import wording
from monitor.snapshots.document import (
    Document,
    IndicatorRow,
    Level,
    ReferenceEvent,
    Series,
    level_of,
    shown_series,
    state_of,
)
from monitor.snapshots.markup import Markup, element, join, outside_link
from monitor.snapshots.render_svg import (
    THIN,
    comparison_chart,
    index_chart,
    numbered,
    small_chart,
)

_BOARD_ORDER = ("warning", "watch", "quiet", "unknown")
_BOARD_SIGN = {"warning": "▲", "watch": "◆"}


def level(document: Document) -> Markup:
    """The level as a word on its scale, with the reason; what moved it beside it."""
    one = document["level"]
    tripwire = one["tripwire"]
    card = element(
        "section",
        element("h2", "Level"),
        element(
            "p",
            one["name"],
            element("small", _number_words(one)),
            class_="word",
        ),
        _scale(one),
        element("p", one["sentence"], class_="reason"),
        element("p", "Why it last changed: ", tripwire, class_="trip") if tripwire else None,
        element(
            "p",
            f"Coverage {wording.percent(one['coverage'])} of what the feeds should show; "
            f"{wording.STATES[one['state']]}. 100 = normal.",
            class_="soft",
        ),
        class_="card",
    )
    beside = _moved(document)
    return card if beside is None else element("div", card, beside, class_="pair")


def _number_words(one: Level) -> str:
    """`level 2 of 4, up from Guarded on 2 Dec · index 214`; without a value no level is claimed."""
    number = level_of(one)
    if number is None:
        return "no level yet"
    return f"{one.get('sub') or f'level {number} of 4'} · {_index_words(one)}"


def _index_words(one: Level) -> str:
    reach = wording.span(one["low80"], one["high80"])
    return f"index {wording.figure(one['index'])}" + (f", 80 % range {reach}" if reach else "")


def _scale(one: Level) -> Markup:
    names, number = [step["name"] for step in one["steps"]], level_of(one)
    marks: list[Markup | None] = [
        element("i", class_=f"f{at}" + (" on" if at == number else "")) for at in range(len(names))
    ]
    low, high, value = one["low80"], one["high80"], one["index"]
    if low is not None and high is not None:
        left, right = _place(one, low), _place(one, high)
        marks.append(element("u", style=f"left:{left:.2f}%;width:{right - left:.2f}%"))
    if value is not None:
        at = f"left:{_place(one, value):.2f}%"
        marks += [element("b", style=at), element("em", wording.figure(value), style=at)]
    labels = [
        element("span", f"{at} {name}", class_="on" if at == number else None)
        for at, name in enumerate(names)
    ]
    columns = f"grid-template-columns:repeat({len(names)},1fr)"
    return join(
        element("div", *marks, class_="scale", aria_hidden="true", style=columns),
        element("div", *labels, class_="names", aria_hidden="true", style=columns),
    )


def _place(one: Level, value: float) -> float:
    """Where an index stands on the scale, in percent; every level is drawn equally wide."""
    edges = [step["above"] for step in one["steps"]]
    edges.append(2 * edges[-1] or 1.0)
    for at in range(len(edges) - 1):
        if value < edges[at + 1]:
            inside = max(0.0, value - edges[at]) / (edges[at + 1] - edges[at])
            return 100 * (at + inside) / (len(edges) - 1)
    return 100.0


def _moved(document: Document) -> Markup | None:
    if not document["headlines"] and not document["contributions"]:
        return None
    sentences = [element("li", sentence) for sentence in document["headlines"]]
    largest = max((abs(one["share"]) for one in document["contributions"]), default=1) or 1
    bars = [
        element(
            "li",
            element("strong", one["name"]),
            " ",
            element("span", one["words"], class_="soft"),
            element(
                "span",
                element("i", style=f"width:{100 * abs(one['share']) / largest:.1f}%"),
                class_="bar",
            ),
        )
        for one in document["contributions"]
    ]
    return element(
        "section",
        element("h2", "What changed" if document["kind"] == "brief" else "What moved it"),
        element("ul", *sentences, class_="headlines") if sentences else None,
        element("ul", *bars, class_="moved") if bars else None,
        class_="card",
    )


def figures(document: Document) -> Markup | None:
    """The page's own figures, each with what it counts."""
    if not document.get("figures"):
        return None
    return element(
        "section",
        element("h2", "In figures"),
        element(
            "div",
            *(
                element(
                    "span",
                    element("b", one["value"]),
                    f"{one['label']} ",
                    element("span", one["note"], class_="soft"),
                )
                for one in document["figures"]
            ),
            class_="counts",
        ),
        class_="card",
    )


def made_of(document: Document) -> Markup | None:
    """The index of the day as a sum."""
    parts, index = document.get("made_of"), document["level"]["index"]
    if not parts or index is None:
        return None
    rows = [
        element("tr", element("td", one["value"], class_="when"), element("td", one["label"]))
        for one in parts
    ]
    return element(
        "section",
        element("h2", f"What the index of {wording.figure(index)} is made of"),
        element("table", element("tbody", *rows)),
        class_="card",
    )


def focus(document: Document) -> Markup | None:
    """The one series that was shown in full, with the period it was compared with."""
    one, series = document.get("focus"), shown_series(document)
    if one is None:
        return None
    steps, compared = document["level"]["steps"], one["compared"]
    charts = []
    if series is not None and compared is not None:
        charts = [comparison_chart(compared, series, steps, width=wide) for wide in (1000, 380)]
    elif series is not None:
        charts = [
            index_chart(series, steps, [], width=wide, height=high)
            for wide, high in ((1000, 340), (380, 290))
        ]
    return element(
        "section",
        _head(f"{one['name']} and its 80 % range", "100 = normal for these feeds"),
        element("p", " · ".join((one["about"], *one["facts"])), class_="soft"),
        element("p", f"{one['sentence']} {one['comparison']}".strip(), class_="reason"),
        *charts,
        _key(series) if series is not None else None,
        element("p", "Dashed: the period it is compared with.", class_="soft")
        if compared is not None
        else None,
        class_="card chart",
    )


def chart(document: Document) -> Markup | None:
    """The headline series, wide for screens and paper, narrow for phones, and its events."""
    if not document["series"] or "focus" in document:
        return None
    first = document["series"][0]
    steps, events = document["level"]["steps"], document["events"]
    return element(
        "section",
        _head(f"{first['name']} and its 80 % range", "100 = normal for these feeds"),
        index_chart(first, steps, events),
        index_chart(first, steps, events, width=380, height=290),
        _key(first),
        _events(first, events),
        class_="card chart",
    )


def _head(title: str, beside: str) -> Markup:
    """The first line of a card."""
    return element(
        "div", element("h2", title), element("span", beside, class_="soft"), class_="head"
    )


def _key(series: Series) -> Markup:
    kinds = {"provisional": "provisional", "blind": "held"}
    lines = [
        element(
            "span",
            element(
                "svg",
                element("line", x1=0, x2=22, y1=7, y2=7, class_=f"line {css}"),
                viewBox="0 0 22 14",
            ),
            words,
        )
        for state, css, words in (
            ("final", "", "index"),
            ("provisional", kinds["provisional"], "provisional"),
            ("blind", kinds["blind"], "last value held"),
        )
        if state in series["state"]
    ]
    hatched = (
        element(
            "span",
            element(
                "svg",
                element("rect", width=22, height=14, fill="url(#hatch)"),
                viewBox="0 0 22 14",
            ),
            "too few feeds observed (below 60 %; dense: below 30 %, blind)",
        )
        if min(series["coverage"], default=1) < THIN
        else None
    )
    return element("div", *lines, hatched, class_="key")


def _events(series: Series, events: Sequence[ReferenceEvent]) -> Markup | None:
    inside = numbered(series, events)
    if not inside:
        return None
    return element(
        "ul",
        *(
            element(
                "li",
                element("b", str(label)),
                element("strong", wording.day(one["date"], year=False)),
                f" · {one['text']} ",
                _source(one),
            )
            for label, _, one in inside
        ),
        class_="events",
        aria_label="Reference events: dated facts, not items; they never feed the index",
    )


def _source(event: ReferenceEvent) -> Markup | None:
    if not event["source"]:
        return None
    return element("span", "(", outside_link(event["url"], event["source"]), ")", class_="soft")


def board(document: Document) -> Markup | None:
    """Indicators that warn or are watched as tiles, the quiet ones as a line."""
    rows = sorted(document["board"], key=lambda row: _BOARD_ORDER.index(state_of(row)))
    if not rows or "focus" in document:
        return None
    of = {name: [row for row in rows if state_of(row) == name] for name in _BOARD_ORDER}
    loud, calm, unknown = [*of["warning"], *of["watch"]], of["quiet"], of["unknown"]
    counts = ", ".join(f"{len(of[name])} {wording.BOARD[name].lower()}" for name in _BOARD_ORDER)
    return element(
        "section",
        _head("Indicators", counts),
        element("div", *(_tile(row) for row in loud), class_="board") if loud else None,
        element("ul", *(_calm(row) for row in calm), class_="quiet", aria_label="Quiet")
        if calm
        else None,
        _unknown(unknown),
        class_="card",
    )


def _unknown(rows: Sequence[IndicatorRow]) -> Markup | None:
    """Indicators without a baseline: nothing is known of them, so they are not among the quiet."""
    if not rows:
        return None
    return join(
        element("p", "No baseline yet, so neither quiet nor loud:", class_="soft"),
        element(
            "ul",
            *(element("li", row["name"]) for row in rows),
            class_="quiet unknown",
            aria_label="No baseline",
        ),
    )


def _tile(row: IndicatorRow) -> Markup:
    reach = wording.span(row["low"], row["high"])
    return element(
        "div",
        element(
            "span", f"{_BOARD_SIGN[row['state']]} {wording.BOARD[row['state']]}", class_="state"
        ),
        element("strong", row["name"]),
        element(
            "div",
            wording.figure(row["index"]),
            element("small", f" {reach}") if reach else None,
            class_="figure",
        ),
        element(
            "div",
            wording.seen(row["seen"], row["expected"]),
            class_="soft",
        ),
        class_=f"tile {row['state']}",
    )


def _calm(row: IndicatorRow) -> Markup:
    return element("li", f"{row['name']} {wording.figure(row['index'])}")


def multiples(document: Document) -> Markup | None:
    """Every further series, small, side by side."""
    further = document["series"][1:]
    if not further or "focus" in document:
        return None
    return element(
        "section",
        _head("How each has moved", "dotted rule: normal (100); shade: 80 % range"),
        element("div", *(_multiple(one) for one in further), class_="small-charts"),
        class_="card",
    )


def _multiple(series: Series) -> Markup:
    last = wording.figure(series["index"][-1]) if series["index"] else "–"
    caption = element("figcaption", element("span", series["name"]), element("strong", last))
    return element("figure", caption, small_chart(series))
