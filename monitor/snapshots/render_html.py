"""The snapshot as one self-contained page: no script, no outside request, prints on A4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.snapshots import measure_cards, story_cards, timeline_svg, wording
from monitor.snapshots.canonical import Sealed
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.document import Document, Kind, is_narrowed, level_of
from monitor.snapshots.markup import Markup, element, join
from monitor.snapshots.render_svg import hatches

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CSS = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_Card = Callable[[Document], Markup | None]
_ORDER: dict[Kind, tuple[_Card | Literal["map"], ...]] = {
    "situation": (
        measure_cards.level,
        measure_cards.figures,
        measure_cards.chart,
        measure_cards.made_of,
        measure_cards.board,
        "map",
        story_cards.stories,
        story_cards.deadlines,
        story_cards.feeds,
        measure_cards.multiples,
    ),
    "indicators": (
        measure_cards.focus,
        story_cards.stories_of_one,
        measure_cards.level,
        measure_cards.chart,
        measure_cards.board,
        measure_cards.multiples,
        story_cards.feeds,
    ),
    "stories": (
        timeline_svg.card,
        story_cards.stories,
        "map",
        story_cards.deadlines,
        story_cards.feeds,
    ),
    "brief": (
        measure_cards.level,
        story_cards.stories,
        story_cards.deadlines,
        story_cards.feeds,
        measure_cards.chart,
        "map",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the page and its other forms can be reached; left out of a downloaded page."""

    page: str  # absolute, for link previews
    json: str
    csv: str
    png: str  # absolute
    live: str  # the same snapshot with interactive charts


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """What has happened since, and where the comparison stands; "" where there is none."""

    sentence: str
    url: str = ""


def page(
    sealed: Sealed,
    coastline: Coastline,
    *,
    snapshot_id: str = "",
    links: Links | None = None,
    newer: Newer | None = None,
) -> str:
    """The whole page as HTML.

    Args:
        sealed: The document and its hash.
        coastline: For the map.
        snapshot_id: Public name, shown beside the hash; "" when there is none.
        links: None for a page that is saved to a file: it then names no address at all.
        newer: None when nothing newer is known.
    """
    document = sealed.document
    body = element(
        "div",
        hatches(),
        _newer(newer, document),
        element("header", *_header(sealed)),
        element("main", *_cards(document, coastline)),
        element("footer", *_footer(sealed, coastline, snapshot_id, links)),
        class_="page",
    )
    root = element("html", _head(document, links), element("body", body), lang="en")
    return f"<!doctype html>\n{root}\n"


def notice(title: str, sentence: str, *, way_on: str = "") -> str:
    """A page that says one thing and shows nothing else: expired, revoked, unknown.

    `way_on` is the address of the dashboard, where going there helps.
    """
    body = element(
        "div",
        element(
            "main",
            element("h1", title),
            element("p", sentence, class_="reason"),
            element("p", element("a", "Open the dashboard", href=way_on)) if way_on else None,
        ),
        class_="page",
    )
    head = element("head", *metas(title))
    return f"<!doctype html>\n{element('html', head, element('body', body), lang='en')}\n"


def summary(document: Document) -> str:
    """The snapshot in one line, for link previews."""
    level = document["level"]
    when = wording.moment(document["created_at"], document["timezone"])
    number = level_of(level)
    if number is None:
        return f"{level['name']}, no level yet, {when}"
    index = wording.figure(level["index"])
    return f"{level['name']} (level {number} of 0 to 4), index {index}, {when}"


def _head(document: Document, links: Links | None) -> Markup:
    title = f"{document['title']} · {document['site']}"
    preview: list[Markup] = []
    if links is not None:
        preview = [
            element("meta", property=f"og:{key}", content=content)
            for key, content in (
                ("type", "article"),
                ("site_name", document["site"]),
                ("title", document["title"]),
                ("description", summary(document)),
                ("url", links.page),
                ("image", links.png),
                ("image:width", "1200"),
                ("image:height", "630"),
            )
        ]
        preview.append(element("meta", name="twitter:card", content="summary_large_image"))
    described = element("meta", name="description", content=summary(document))
    return element("head", *metas(title), described, *preview)


def metas(title: str) -> list[Markup]:
    """What stands in the head of every page of ours: policy, no traces, our style."""
    return [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width,initial-scale=1"),
        element("meta", name="robots", content="noindex,nofollow,noarchive"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Markup(_CSS)),
    ]


def _newer(newer: Newer | None, document: Document) -> Markup | None:
    if newer is None:
        return None
    way = element("a", "Compare with now", href=newer.url) if newer.url else None
    may = " Whether any belongs to this selection, the comparison tells." if way else ""
    words = newer.sentence + (may if is_narrowed(document) else "")
    return element("aside", words, " ", way, class_="newer")


def _cards(document: Document, coastline: Coastline) -> list[Markup | None]:
    return [
        story_cards.places(document, coastline) if make == "map" else make(document)
        for make in _ORDER[document["kind"]]
    ]


def _header(sealed: Sealed) -> list[Markup | None]:
    document = sealed.document
    zone = document["timezone"]
    frozen = document["created_at"]
    evidence = document["newest_evidence_at"]
    clocks = [
        ("Frozen ", wording.moment(frozen, zone)),
        ("Computed ", wording.moment(document["computed_at"], zone)),
        (
            "Newest evidence ",
            f"{wording.moment(evidence, zone)} ({wording.ago(evidence, frozen)})"
            if evidence
            else "none yet",
        ),
        ("By ", document["author"] or "not named"),
        ("Hash ", f"{sealed.sha256[:12]}…"),
        *(
            (f"{key.capitalize()} ", value)
            for key, value in document["view"].items()
            if key != "shown"
        ),
    ]
    return [
        element(
            "p",
            document["site"],
            element("span", " · snapshot, frozen and unchanging"),
            class_="site",
        ),
        element("h1", document["title"]),
        element("p", f"Shown: {document['view']['shown']}", class_="soft shown")
        if "shown" in document["view"]
        else None,
        element("p", document["lead"], class_="lead") if document.get("lead") else None,
        element(
            "dl",
            *(element("div", element("dt", name), element("dd", value)) for name, value in clocks),
            class_="clocks",
        ),
        element("p", document["note"], class_="note") if document["note"] else None,
    ]


def _footer(
    sealed: Sealed, coastline: Coastline, snapshot_id: str, links: Links | None
) -> list[Markup | None]:
    document = sealed.document
    zone = document["timezone"]
    facts = [
        ("SHA-256", element("code", sealed.sha256)),
        ("Snapshot", element("code", snapshot_id) if snapshot_id else None),
        ("Link ends", wording.moment(document["expires_at"], zone) if links else None),
        ("Times", f"local to {zone}, 24-hour clock"),
        ("Lexicon", element("code", document["lexicon_version"])),
        ("Program", element("code", document["code_version"])),
        ("Map", f"{coastline.source}. Borders as that source draws them."),
    ]
    return [
        _files(links) if links else None,
        element(
            "dl",
            *(join(element("dt", name), element("dd", value)) for name, value in facts if value),
        ),
        element(
            "p",
            "To check that nothing was changed, download the JSON file and run ",
            element("code", "curacao-monitor snapshot verify FILE.json"),
            "; it needs no network. The hash is over the document in canonical form (RFC 8785).",
        ),
        story_cards.settings(document),
    ]


def _files(links: Links) -> Markup:
    return element(
        "p",
        *(
            element("a", words, href=href)
            for words, href in (
                ("Interactive view", links.live),
                ("JSON, to verify", links.json),
                ("CSV, for a spreadsheet", links.csv),
                ("Picture", links.png),
            )
        ),
        class_="files",
    )
