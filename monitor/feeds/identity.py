"""Which entry is which item: names that survive rotating guids, https and tracking parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.feeds.entries import Entry

REUSE_AFTER = timedelta(days=30)  # polling.md 15: a guid this much later may name something else
_TRACKING = re.compile(
    r"^(utm_\w*|fbclid|gclid|dclid|msclkid|igshid|mc_cid|mc_eid|at_medium|at_campaign|at_\w+"
    r"|ns_mchannel|ns_source|ns_campaign|cmpid|ocid|yclid|_ga|_hsenc|_hsmi|mkt_tok|wt_mc)$",
    re.IGNORECASE,
)
# The usual link: nothing to drop but `www.`; a query of one letter, such as ?p=123, is no tracking.
_USUAL = re.compile(r"https?://(?:www\.)?+([a-z0-9.-]+)(/[!-\"$->@-~]*+)?(\?[a-z]=\d+)?")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What the store holds of an item, as far as identity and revisions need it."""

    id: str
    guid: str
    url: str
    title: str
    summary: str
    seen_at: datetime
    published_at: datetime | None = None
    revisions: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """An entry with the names it goes by in this document.

    `keys` are sorted by how surely they identify; the first is its own.
    """

    entry: Entry
    guid: str  # unique in the feed: what Item.guid becomes when it is new
    keys: tuple[str, ...]
    weak: str = ""  # canonical-link key of an entry that has a guid: identifies only by rule 3


@lru_cache(maxsize=8192)
def canonical_link(url: str) -> str:
    """A link without what changes though the article stays: scheme, tracking, fragment, case.

    Parameters are dropped, never sorted. A fragment that starts with `!` or `/` is kept: it
    is a path of an application.
    """
    usual = _USUAL.fullmatch(url)
    if usual is not None:
        host, path, query = usual.groups("")
        return f"{host}{path.rstrip('/')}{query}"
    return _canonical(url)


def _canonical(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [pair for pair in pairs if not _is_tracking(*pair, host)]
        query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    path = parts.path.rstrip("/") if parts.path != "/" else ""
    port = f":{parts.port}" if _port(parts.netloc) not in (None, "80", "443") else ""
    return f"{host}{port}{path}{'?' + query if query else ''}{fragment}"


def _port(netloc: str) -> str | None:
    found = re.search(r":(\d+)$", netloc)
    return found[1] if found else None


def _is_tracking(name: str, value: str, host: str) -> bool:
    return bool(_TRACKING.match(name)) or (
        name == "ref" and value.lower().removeprefix("www.") == host
    )


def folded_guid(guid: str) -> str:
    """A guid that is the same under http and https and with rotating parameters."""
    if guid[:8].lower().startswith(("http://", "https://")):
        return canonical_link(guid)
    return guid.strip()


def _key(kind: str, *parts: str) -> str:
    return kind + sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def guid_key(guid: str) -> str:
    """The name that a guid gives."""
    return _key("g", folded_guid(guid))


def link_key(url: str) -> str:
    """The name that a link gives."""
    return _key("l", canonical_link(url))


def _text_key(entry: Entry) -> str:
    return _key("t", entry.title, entry.published_raw, entry.summary)


def name_entries(entries: Sequence[Entry], *, by_title: bool = False) -> list[Named]:
    """Give each entry of one document its names; entries that are the same come out once.

    Args:
        entries: In the order of the document.
        by_title: For aggregators whose ids and links change with each answer (Google News):
            an item is its title without the source, its source and its day.
    """
    guids = Counter(folded_guid(entry.guid) for entry in entries if entry.guid)
    links = Counter(canonical_link(entry.url) for entry in entries if entry.url)
    named: dict[str, Named] = {}
    for entry in entries:
        if not (entry.guid or entry.url or entry.title or entry.summary):
            continue
        one = _by_title(entry) if by_title else _name(entry, guids, links)
        named.setdefault(one.keys[0], one)
    return list(named.values())


def _name(entry: Entry, guids: Mapping[str, int], links: Mapping[str, int]) -> Named:
    canonical = canonical_link(entry.url)
    shared_link = links.get(canonical, 0) > 1
    if entry.guid:
        folded = folded_guid(entry.guid)
        weak = "" if not entry.url or shared_link else _key("l", canonical)
        if guids[folded] == 1:
            return Named(entry, entry.guid, (_key("g", folded),), weak)
        detail = canonical if entry.url and not shared_link else entry.title
        own = _key("d", folded, detail)
        return Named(entry, f"{entry.guid}\n{detail}", (own, guid_key(entry.guid)), weak)
    if entry.url and not shared_link:
        return Named(entry, canonical, (link_key(entry.url),))
    if entry.url:
        return Named(entry, f"{canonical}\n{entry.title}", (_key("s", canonical, entry.title),))
    text = _text_key(entry)
    return Named(entry, text, (text,))


def _by_title(entry: Entry) -> Named:
    title = entry.title.removesuffix(f" - {entry.publisher}") if entry.publisher else entry.title
    day = "" if entry.published_at is None else entry.published_at.date().isoformat()
    own = _key("n", title.casefold(), entry.publisher.casefold(), day)
    return Named(entry, own, (own,))


def all_keys(named: Iterable[Named]) -> set[str]:
    """Every name to look up in the store for one document."""
    return {key for one in named for key in (*one.keys, one.weak) if key}


def match(named: Sequence[Named], known: Mapping[str, KnownItem]) -> list[KnownItem | None]:
    """The stored item that each entry is, in the order of `named`; None: it is new.

    Args:
        named: Of one document.
        known: Names to stored items of the same feed.
    """
    listed = {folded_guid(one.entry.guid) for one in named if one.entry.guid}
    taken: set[str] = set()
    found = []
    for one in named:
        item = _find(one, known, listed)
        if item is not None and item.id in taken:
            item = None if item.guid != one.guid else item
        if item is not None:
            taken.add(item.id)
        found.append(item)
    return found


def _find(one: Named, known: Mapping[str, KnownItem], listed: set[str]) -> KnownItem | None:
    item = known.get(one.keys[0])
    if item is not None:
        return None if _is_reused(one.entry, item) else item
    for key in one.keys[1:]:  # its guid is repeated in this document: the link decides
        item = known.get(key)
        if item is not None and canonical_link(item.url) == canonical_link(one.entry.url):
            return item if similar(one.entry.title, item.title) else None
    item = known.get(one.weak) if one.weak else None
    if item is None or folded_guid(item.guid) in listed:
        return None
    return item if similar(one.entry.title, item.title) else None


def _is_reused(entry: Entry, item: KnownItem) -> bool:
    """Whether a known guid now names another article."""
    moment = entry.published_at
    before = item.published_at or item.seen_at
    return (
        moment is not None
        and moment - before > REUSE_AFTER
        and canonical_link(entry.url) != canonical_link(item.url)
        and not similar(entry.title, item.title)
    )


def similar(one: str, other: str) -> bool:
    """Whether two titles may head the same article: half of the words are the same."""
    first, second = set(_WORDS.findall(one.casefold())), set(_WORDS.findall(other.casefold()))
    if not first or not second:
        return first == second
    return 2 * len(first & second) >= max(len(first), len(second))
