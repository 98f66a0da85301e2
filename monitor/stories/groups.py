"""Publisher groups: one owner or one wire agency is one voice, whoever reprints it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.errors import ConfigError

POOLS = ("local", "dutch", "venezuelan", "regional", "wire", "official", "aviation_maritime")
GRADES = "ABCDEF"
_AGGREGATORS = ("news.google.com", "bing.com", "msn.com", "news.yahoo.com")
_KEYS = {
    "name",
    "title",
    "pool",
    "reliability",
    "official",
    "domains",
    "names",
    "credit",
}

# How a text credits the agency it was taken from; {} stands for the agency's name.
_CREDITS = (
    r"\(\s*{}\s*\)",  # WASHINGTON (Reuters) -
    r"\(\s*{}\s*/[\w /]+\)",  # (AFP/EFE): the first counts
    r"\([\w ]+/\s*{}\s*\)",  # (own desk/AFP)
    r"(?:told|tells|informed)\s+(?:news\s+agency\s+)?{}\b",
    r"(?:according to|reported by|reports?:?|via|source:?)\s+(?:news\s+agency\s+)?{}\b",
    r"\b{}\s+(?:reported|reports|reporting|said|says|meldt|meldde|bericht|informó|reportó)\b",
    r"(?:[Bb]ron|[Ff]uente|[Ff]uentes|[Ff]uente:?|[Ff]ontu|[Ff]uentenan)\s*:\s*{}\b",
    r"(?:aldus|meldt|tegen|tegenover|volgens)\s+(?:het\s+)?(?:persbureau\s+)?{}\b",
    r"(?:[Ss]egún|[Ss]egun|dij[oe]r?o?n?\s+a|declaró a|a la agencia|la agencia)\s+{}\b",
    r"(?:persbureau|agencia|news agency|agentschap)\s+{}\b",
    r"(?:[Ss]egun|a bisa|a informá|na)\s+(?:agensia\s+)?{}\b",
    r"^\s*{}\s*[-–—:]\s",  # Reuters - Four sources
    r"[-–—|/]\s*{}\s*$",  # Headline - Reuters
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Owner or wire family that an item counts for."""

    name: str
    title: str = ""
    pool: str = "regional"
    reliability: str = "F"  # Admiralty A to F
    official: bool = False  # a primary source that speaks for itself
    is_wire: bool = False
    because: str = ""  # how an item was found to belong to it


@dataclass(frozen=True, kw_only=True)
class Groups:
    """All known groups, and how items are recognised as theirs.

    Args:
        known: Name of a group to the group.
        domains: Host or registrable domain to the name of a group.
        names: Folded publisher name to the name of a group.
        credits: Name of a wire group to the words that credit it, with case.
    """

    known: Mapping[str, Group] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    credits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Groups:
        """Read `groups.toml`, or the file of that name in a folder of seeds.

        Raises:
            ConfigError: The file is missing, is no TOML, or a group in it cannot be used;
                the message names the group and the key.
        """
        file = path / "groups.toml" if path.is_dir() else path
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(str(file), "", f"is no TOML: {error}") from error
        return cls.of(raw.get("groups", []), file=str(file))

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], *, file: str = "groups") -> Groups:
        """Groups from plain rows; keys as in seeds/groups.toml.

        Raises:
            ConfigError: A row lacks a name, uses an unknown key, pool or grade, or claims a
                domain or a name that belongs to another group.
        """
        known: dict[str, Group] = {}
        domains: dict[str, str] = {}
        names: dict[str, str] = {}
        credit: dict[str, tuple[str, ...]] = {}
        for row in rows:
            group = _group(row, file)
            if group.name in known:
                raise ConfigError(file, group.name, "stands there twice")
            known[group.name] = group
            for table, key in ((domains, "domains"), (names, "names")):
                _claim(table, [fold(one) for one in row.get(key, ())], group.name, file)
            if group.is_wire:
                credit[group.name] = tuple(row["credit"])
        return cls(known=known, domains=domains, names=names, credits=credit)

    def named(self, name: str) -> Group | None:
        """The group of this name; None: it is not among the shipped ones."""
        return self.known.get(name)

    def resolve(
        self,
        publisher: str = "",
        url: str = "",
        feed_group: str = "",
        author: str = "",
        text: str = "",
    ) -> Group:
        """Whose voice an item is.

        A wire agency that the byline or the text credits comes first, unless an official source
        publishes the item; then the host of its link, the publisher's name, the feed's group;
        an unknown publisher stands alone under its own name, host or "unknown".

        Args:
            publisher: As the feed names it.
            url: Link of the item.
            feed_group: Group that the operator gave the feed; "" for none.
            author: Byline.
            text: Title and summary as published.
        """
        own = self._own(publisher, url, feed_group)
        if own.official:
            return own
        wire = self._credited(author, text)
        return wire if wire is not None and wire.name != own.name else own

    def _own(self, publisher: str, url: str, feed_group: str) -> Group:
        host = host_of(url)
        through = is_aggregator(host)
        by_host = None if through else self._by_host(host)
        if by_host is not None:
            return _because(self.known[by_host], f"host {host}")
        by_name = self.names.get(fold(publisher))
        if by_name is not None:
            return _because(self.known[by_name], f"publisher {publisher}")
        if feed_group and not (through and publisher):
            group = self.known.get(feed_group, Group(name=feed_group, title=feed_group))
            return _because(group, "group of its feed")
        name = slug(publisher) or host.removeprefix("www.") or "unknown"
        return Group(name=name, title=publisher or name, because="stands alone")

    def _by_host(self, host: str) -> str | None:
        parts = host.split(".")
        suffixes = (".".join(parts[start:]) for start in range(len(parts) - 1))
        return next((self.domains[one] for one in suffixes if one in self.domains), None)

    def _credited(self, author: str, text: str) -> Group | None:
        byline = self._byline(author)
        if byline is not None:
            return byline
        if self._any_credit is None:
            return None
        found = self._any_credit.search(text)
        if found is None:
            return None
        word = next(part for part in found.groups() if part)
        return _because(self.known[self._credit_words[word]], f"text: {found.group().strip()}")

    def _byline(self, author: str) -> Group | None:
        if not author:
            return None
        parts = [fold(part) for part in re.split(r"[,/|;&()]| y | en | and |\bby\b", author)]
        for part in parts:
            words = part.removeprefix("por ").removeprefix("door ").removesuffix(" staff")
            name = self.names.get(words.strip())
            if name is not None and name in self.credits:
                return _because(self.known[name], f"byline {author}")
        return None

    @cached_property
    def _credit_words(self) -> dict[str, str]:
        return {word: name for name, words in self.credits.items() for word in words}

    @cached_property
    def _any_credit(self) -> re.Pattern[str] | None:
        if not self._credit_words:
            return None
        longest = sorted(self._credit_words, key=len, reverse=True)
        words = "(" + "|".join(map(re.escape, longest)) + ")"
        return re.compile("|".join(one.format(words) for one in _CREDITS), re.MULTILINE)


def host_of(url: str) -> str:
    """Host of a link in lower case, "" when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # e.g. an unclosed IPv6 bracket in a feed's link
        return ""


def is_aggregator(host: str) -> bool:
    """Whether links at this host lead on to other publishers."""
    return any(host == one or host.endswith("." + one) for one in _AGGREGATORS)


def fold(text: str) -> str:
    """Lower case, without accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def slug(text: str) -> str:
    """A name as an identifier: "Mas Noticia!" gives "mas-noticia"."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def _because(group: Group, because: str) -> Group:
    return Group(
        name=group.name,
        title=group.title,
        pool=group.pool,
        reliability=group.reliability,
        official=group.official,
        is_wire=group.is_wire,
        because=because,
    )


def _group(row: Mapping[str, Any], file: str) -> Group:
    name = str(row.get("name", ""))
    if not name:
        raise ConfigError(file, "groups", f"a group has no name: {dict(row)}")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ConfigError(file, f"{name}.{unknown[0]}", "is no known key")
    group = Group(
        name=name,
        title=row.get("title", name),
        pool=row.get("pool", "regional"),
        reliability=row.get("reliability", "F"),
        official=row.get("official", False),
        is_wire=bool(row.get("credit")),
    )
    if group.pool not in POOLS:
        raise ConfigError(file, f"{name}.pool", f"{group.pool!r} is none of {', '.join(POOLS)}")
    if group.reliability not in GRADES:
        raise ConfigError(file, f"{name}.reliability", f"{group.reliability!r} is not A to F")
    return group


def _claim(table: dict[str, str], keys: list[str], name: str, file: str) -> None:
    for key in keys:
        if table.setdefault(key, name) != name:
            raise ConfigError(file, f"{name}: {key}", f"already belongs to {table[key]}")
