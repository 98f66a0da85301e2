"""What the addresses of a site's articles look like, guessed from the links of one of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.feeds.text import TITLE_LIMIT, plain, safe_link

FEWEST = 3  # articles of one shape; fewer are no list of articles
_USUAL = 0.8  # share of the articles with which a part of the path counts as fixed
_MOST_ANCHORS = 5_000
_HEADLINE_WORDS = 4  # words in a link's text that read like a headline
_LONGEST_PART = 300
_SLUG = re.compile(r"[^_-]+(?:[_-]+[^_-]+){2,}")  # three words or more, such as ship-seen-off-coast
_PAGE_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:avif|css|docx?|gif|ico|jpe?g|js|json|mp[34]|pdf|png|rss|svg|txt|webp|xml|zip)$",
    re.IGNORECASE,
)
_ELSEWHERE = {  # first parts of paths that lead to no article
    "about", "account", "author", "auteur", "autor", "cart", "categoria", "category", "categorie",
    "contact", "cookie", "cookies", "feed", "login", "page", "pagina", "privacy", "search", "tag",
    "tags", "terms", "user", "wp-admin", "wp-content", "wp-json",
}  # fmt: skip
_ALPHABETS = ("[0-9]+", "[a-z0-9_-]+", "[A-Za-z0-9_-]+", "[^/]+")
_ONLY_SLUGS = "[^/_-]+(?:[_-]+[^/_-]+){2,}"

Parts = tuple[str, ...]


def guess_pattern(page: LexborHTMLParser, base_url: str) -> str:
    """A `link_pattern` for the articles of a page, such as `/post/[a-z0-9_-]+/[a-z0-9_-]+`.

    The commonest shape among those links of the same host that look like articles: a slug of
    three words or more, or a deep path with a headline as the link's text. What all of them
    share stays as it is, numbers may always be others, and the rest may be anything of its sort.

    Returns:
        "" when fewer than three links of one shape look like articles.
    """
    links = _links(page, base_url)
    shapes: dict[Parts, list[Parts]] = {}
    for parts, text in links.items():
        if _is_article(parts, text):
            shapes.setdefault(_shape(parts), []).append(parts)
    if not shapes:
        return ""
    commonest = max(shapes.values(), key=lambda some: (len(some), len(some[0])))
    fixed = _fixed(commonest)
    articles = [parts for parts in commonest if _fits(parts, fixed)]
    if len(articles) < FEWEST:
        return ""
    return _written(articles, fixed, others=set(links) - set(commonest))


def _links(page: LexborHTMLParser, base_url: str) -> dict[Parts, str]:
    """Paths on the page's own host with the longest text of their links."""
    home = _host(base_url)
    found: dict[Parts, str] = {}
    for anchor in page.css("a[href]")[:_MOST_ANCHORS]:
        url = safe_link(str(anchor.attributes.get("href") or ""), base_url)
        parts = tuple(part for part in urlsplit(url).path.split("/") if part) if url else ()
        if not parts or _host(url) != home or max(map(len, parts)) > _LONGEST_PART:
            continue
        text = plain(anchor.text(deep=True, separator=" "), TITLE_LIMIT)
        found[parts] = max(found.get(parts, ""), text, key=len)
    return found


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _is_article(parts: Parts, text: str) -> bool:
    if _FILE.search(parts[-1]) or not _ELSEWHERE.isdisjoint(part.lower() for part in parts[:-1]):
        return False
    if _SLUG.fullmatch(_PAGE_ENDING.sub("", parts[-1])):
        return True
    return len(parts) > 1 and len(text.split()) >= _HEADLINE_WORDS


def _shape(parts: Parts) -> Parts:
    """How deep a path is, and which of its parts are numbers."""
    return tuple("9" if part.isdigit() else "a" for part in parts)


def _fixed(articles: Sequence[Parts]) -> Mapping[int, str]:
    """Parts that (almost) all share, by their place; numbers and the last part are never fixed."""
    found = {}
    for place in range(len(articles[0]) - 1):
        part, times = Counter(one[place] for one in articles).most_common(1)[0]
        if not part.isdigit() and times >= _USUAL * len(articles):
            found[place] = part
    return found


def _fits(parts: Parts, fixed: Mapping[int, str]) -> bool:
    return all(parts[place] == part for place, part in fixed.items())


def _written(articles: Sequence[Parts], fixed: Mapping[int, str], others: Iterable[Parts]) -> str:
    """The pattern; its last part asks for a slug where sections would fit as well."""
    last = len(articles[0]) - 1
    ends = [_PAGE_ENDING.sub("", one[last]) for one in articles]
    written = [
        re.escape(fixed[place]).replace(r"\-", "-")
        if place in fixed
        else _alphabet([one[place] for one in articles])
        for place in range(last)
    ]
    plainly = "/" + "/".join([*written, _alphabet(ends)])
    reading = re.compile(f"(?:{plainly})[^/]*/?")
    also = any(reading.fullmatch("/" + "/".join(parts)) for parts in others)
    if also and all(_SLUG.fullmatch(end) for end in ends):
        return "/" + "/".join([*written, _ONLY_SLUGS])
    return plainly


def _alphabet(parts: Iterable[str]) -> str:
    """The narrowest alphabet that all of these are written in."""
    known = list(parts)
    return next(one for one in _ALPHABETS if all(re.fullmatch(one, part) for part in known))
