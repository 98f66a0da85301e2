"""Cards of a snapshot's page about what happened: map, stories, deadlines, feeds, settings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from monitor.assess.words import LANGUAGES, SEVERITIES
from monitor.snapshots import wording
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.document import Document, FrozenDeadline, FrozenStory, stories_at
from monitor.snapshots.map_svg import elsewhere, island_map, land_defs, region_map, shape
from monitor.snapshots.markup import Markup, element, join, outside_link


def places(document: Document, coastline: Coastline) -> Markup | None:
    """The map with its key; what lies beyond it in words."""
    markers = document["markers"]
    if not markers:
        return None
    beyond = elsewhere(coastline, markers)
    words = ", ".join(f"{one['name']} ({stories_at(one)})" for one in beyond)
    return element(
        "section",
        element(
            "div",
            element("h2", "Where"),
            element("span", "the highest severity of each place's stories", class_="soft"),
            class_="head",
        ),
        land_defs(coastline),
        region_map(coastline, markers),
        island_map(coastline, markers),
        region_map(coastline, markers, width=380, inset=False),
        _severity_key(),
        element("p", f"Beyond this map: {words}.", class_="soft") if words else None,
        class_="card map",
    )


def _severity_key() -> Markup:
    return element(
        "div",
        *(element("span", _sign(at), SEVERITIES[at]) for at in range(1, len(SEVERITIES))),
        class_="key",
    )


def _sign(severity: int) -> Markup:
    return element("svg", shape(severity, 11, 11, 8), viewBox="0 0 22 22", role="presentation")


def stories_of_one(document: Document) -> Markup | None:
    """The stories of the one series that was shown in full; elsewhere nothing."""
    return stories(document) if "focus" in document else None


def stories(document: Document) -> Markup:
    """Each story with the words that made it one, as published."""
    found = document["stories"]
    listed = document.get("listed", "")
    if listed in ("", document.get("lead")):  # said above already
        listed = wording.plural(len(found), "story", "stories")
    flagged = document.get("choice", {}).get("flagged", True)
    body = (
        element(
            "div", *(_story(at, one, document) for at, one in enumerate(found, 1)), class_="stories"
        )
        if found
        else element("p", f"No{' flagged' if flagged else ''} story in this view.", class_="soft")
    )
    return element(
        "section",
        element(
            "div",
            element("h2", "Flagged stories, and why" if flagged else "Stories"),
            element("span", listed, class_="soft"),
            class_="head",
        ),
        body,
        class_="card",
    )


def _story(at: int, one: FrozenStory, document: Document) -> Markup:
    zone = document["timezone"]
    language = one["language"] if one["language"] in LANGUAGES else None
    times = [
        ("Event", wording.day(one["event_date"]) if one["event_date"] else None),
        ("Published", wording.moment(one["published_at"], zone) if one["published_at"] else None),
        ("First seen", wording.moment(one["first_seen_at"], zone)),
        ("Last seen", wording.moment(one["last_seen_at"], zone) if "last_seen_at" in one else None),
    ]
    return element(
        "article",
        element(
            "div",
            element("h3", outside_link(one["url"], one["title"]), lang=language),
            element(
                "span",
                _sign(one["severity"]),
                f"{one['severity']} {SEVERITIES[one['severity']]}",
                class_="grade",
            ),
            class_="top",
        ),
        element("p", _who(one), class_="soft who"),
        element("ul", *_reasons(one), class_="reasons"),
        element("p", one["excerpt"], class_="excerpt", lang=language) if one["excerpt"] else None,
        element(
            "p",
            *(element("span", f"{word} {when}") for word, when in times if when),
            class_="dates",
        ),
        class_="story",
        id=f"story-{at}",
    )


def _who(one: FrozenStory) -> str:
    shown = ", ".join(one["publishers"][:4])
    more = len(one["publishers"]) - 4
    parts = [
        shown + (f" and {more} more" if more > 0 else ""),
        wording.plural(one["groups"], "independent publisher"),
        wording.plural(one["items"], "report"),
        wording.language(one["language"]),
        wording.direction(one["direction"]),
    ]
    return " · ".join(part for part in parts if part)


def _reasons(one: FrozenStory) -> list[Markup]:
    flags = [
        element(
            "li",
            element("strong", reason["name"]),
            *(join(" ", element("q", words)) for words in reason["words"][:3]),
            class_="chip",
        )
        for reason in one["reasons"]
    ]
    further = (*one["relevance"], *one.get("places", ()))
    return [*flags, *(element("li", words, class_="chip") for words in further)]


def deadlines(document: Document) -> Markup | None:
    """What is due, counted from the moment of freezing, with the phrase that says so."""
    rows = _grouped(document["deadlines"])
    if not rows:
        return None
    zone, frozen = document["timezone"], document["created_at"]
    number = {story["id"]: at for at, story in enumerate(document["stories"], 1)}
    return element(
        "section",
        element("h2", "Deadlines"),
        element(
            "table",
            element(
                "thead", element("tr", *(element("th", t) for t in ("Due", "Phrase", "Story")))
            ),
            element(
                "tbody",
                *(
                    element(
                        "tr",
                        element(
                            "td",
                            wording.due(one["due"], zone),
                            element("small", wording.days_until(one["due"], frozen, zone)),
                            class_="when",
                        ),
                        element("td", element("q", one["phrase"])),
                        element(
                            "td",
                            _story_link(one["title"], number.get(one["story"])),
                            f" · {wording.plural(reports, 'report')}" if reports > 1 else None,
                            f" · {one['outcome']}" if one["outcome"] else None,
                        ),
                    )
                    for one, reports in rows
                ),
            ),
            class_="deadlines",
        ),
        class_="card",
    )


def _grouped(rows: Sequence[FrozenDeadline]) -> list[tuple[FrozenDeadline, int]]:
    """Deadlines by day with the number of their reports.

    Edition 1 wrote one entry for each report: those of one story and day are one deadline.
    """
    found: dict[tuple[str, str], tuple[FrozenDeadline, int]] = {}
    for one in sorted(rows, key=lambda one: one["due"]):
        key = (one["due"], one["story"] or one["phrase"])
        first, number = found.get(key, (one, 0))
        found[key] = (first, number + one.get("reports", 1))
    return list(found.values())


def _story_link(title: str, at: int | None) -> Markup | str:
    return title if at is None else element("a", title, href=f"#story-{at}")


def feeds(document: Document) -> Markup:
    """Whether the numbers can be trusted: what was watched, and what was silent."""
    counts = document["feeds"]
    silent = document["silent_feeds"]
    zone = document["timezone"]
    shown = [
        element("span", element("b", wording.figure(counts[key])), words)  # type: ignore[literal-required]  # names of counts
        for key, words in (
            ("watched", "watched"),
            ("healthy", "working"),
            ("failing", "cannot be reached"),
            ("silent", "silent"),
            ("paused", "paused"),
        )
    ]
    rows = [
        element(
            "tr",
            element("td", element("strong", one["title"])),
            element(
                "td",
                f"since {wording.moment(one['since'], zone)}" if one["since"] else "never answered",
            ),
            element("td", one["because"]),
        )
        for one in silent
    ]
    return element(
        "section",
        element("h2", "Can this be trusted? The feeds behind it"),
        element("div", *shown, class_="counts"),
        element("table", element("tbody", *rows), class_="deadlines")
        if rows
        else element("p", "No feed was silent.", class_="soft"),
        class_="card",
    )


def settings(document: Document) -> Markup:
    """The constants of the computation, folded away."""
    rows = [
        join(
            element("dt", key),
            element("dd", element("code", json.dumps(value, ensure_ascii=False))),
        )
        for key, value in sorted(document["settings"].items())
    ]
    return element(
        "details",
        element("summary", "Settings of the index at that moment"),
        element("dl", *rows) if rows else element("p", "None recorded."),
    )
