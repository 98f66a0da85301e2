"""feedparser's reader of well-formed documents, with less work for each element.

It is feedparser that reads: this class inherits its handlers of all elements and gives exactly
what `feedparser.parse` gives without its sanitiser and its resolver of links in markup (a test
compares whole results). What is saved is work around them: expat is asked directly instead of
through SAX, names are looked up once for a document, text is not translated when it is ASCII,
and the usual keys of its dictionaries are found without a detour. Whatever is not well formed,
or declares anything of its own, is left to `feedparser.parse`.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any
from xml.parsers import expat
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import StrictFeedParser
from feedparser.html import _cp1252
from feedparser.urls import make_safe_absolute_uri
from feedparser.util import FeedParserDict

_ODD_KEYS = frozenset(FeedParserDict.keymap) | {
    "category", "enclosures", "license", "updated", "updated_parsed",
}  # fmt: skip
_KEPT_INPUT = frozenset({"title", "link", "description", "name"})
_KEPT_IMAGE = frozenset({"title", "link", "description", "url", "href", "width", "height"})
_SLOW_TAGS = frozenset({"feed", "rss", "rdf:rdf"})  # the language of the feed may stand there
_SLOW_NAMES = frozenset({"math", "svg"})
_INHERITED = ("base", "lang", "xmlns", "xml:")
_NO_TERMS = frozenset({"category", "tags", "itunes_keywords"})
_DIVISIONS = frozenset({"xhtml:div", "div"})
_XHTML = "application/xhtml+xml"
_OWN_RULES = re.compile("<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_QUERY = re.compile(r"&([A-Za-z0-9_]+);")

# Tag, handlers of start and end, key; whether it ends a text input, and an image.
_Name = tuple[str, str, str, str, bool, bool]


def parse_strictly(text: str) -> FeedParserDict | None:
    """What `feedparser.parse` makes of a well-formed document; None: let that look at it.

    Args:
        text: Without an XML declaration.
    """
    if _OWN_RULES.search(text):
        return None
    reader = _Reader()
    try:
        reader.run(text.encode("utf-8", "replace"))
    except Exception:  # noqa: BLE001 - feedparser may fail in any way; it gets its own say
        return None
    return FeedParserDict(
        bozo=False, entries=reader.entries, feed=reader.feeddata, version=reader.version
    )


class _Quick(FeedParserDict):  # type: ignore[misc]  # feedparser ships no types
    """feedparser's dictionary; keys that have no other name are looked up at once."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return (FeedParserDict if key in _ODD_KEYS else dict).__getitem__(self, key)

    def __contains__(self, key: object) -> bool:
        return bool((FeedParserDict if key in _ODD_KEYS else dict).__contains__(self, key))

    has_key = __contains__

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key."""
        return (FeedParserDict if key in _ODD_KEYS else dict).get(self, key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        (FeedParserDict if key in _ODD_KEYS else dict).__setitem__(self, key, value)

    def setdefault(self, key: str, default: Any) -> Any:
        """The value of a key, set when there is none."""
        return (FeedParserDict if key in _ODD_KEYS else dict).setdefault(self, key, default)


class _Reader(StrictFeedParser):  # type: ignore[misc]  # nor here
    """Reads one document."""

    def __init__(self) -> None:
        super().__init__("", None, "utf-8")
        self.baseuri: str
        self.lang: str | None
        self.resolve_relative_uris = False
        self.sanitize_html = False
        self.feeddata = _Quick()
        self._names: dict[str, _Name | None] = {}
        self._bases: dict[str, str] = {}

    def run(self, data: bytes) -> None:
        """Read UTF-8.

        Raises:
            expat.ExpatError: It is not well formed.
        """
        source = expat.ParserCreate("utf-8", " ")
        source.namespace_prefixes = True
        source.buffer_text = True
        source.StartElementHandler = self._start
        source.EndElementHandler = self._end
        source.CharacterDataHandler = self.characters
        source.StartNamespaceDeclHandler = self.startPrefixMapping
        source.Parse(data, True)

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """Names may mean something else from here on."""
        self._names.clear()
        super().track_namespace(prefix, uri)

    # --- elements -----------------------------------------------------------------------------
    def _start(self, name: str, attributes: dict[str, str]) -> None:
        found = self._names.get(name) or self._look_up(name)
        given = _plain_attributes(attributes) if attributes else {}
        if found is None or given is None or self.incontent or self.decls:
            self._start_slowly(name, attributes)
            return
        self.depth += 1
        self._go_in()
        _, method, _, key, ends_input, ends_image = found
        if ends_input:
            self.intextinput = 0
        if ends_image:
            self.inimage = 0
        try:
            getattr(self, method)(given)
        except AttributeError:  # as in feedparser: no handler, or it went wrong
            if given:
                self._get_context()[key] = given
            else:
                self.push(key, 1)

    def _go_in(self) -> None:
        """The base and the language of an element that names none."""
        base = self.baseuri
        if base not in self._bases:
            self._bases[base] = make_safe_absolute_uri(base, base) or base
        self.baseuri = self._bases[base]
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)

    def _start_slowly(self, name: str, attributes: dict[str, str]) -> None:
        values, names = {}, {}
        for key, value in attributes.items():
            parts = key.split()
            pair = (parts[0], parts[1]) if len(parts) > 1 else (None, key)
            values[pair] = value
            names[pair] = f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]
        self.startElementNS(_pair(name), None, AttributesNSImpl(values, names))  # type: ignore[arg-type]  # None is no name

    def _end(self, name: str) -> None:
        found = self._names.get(name)
        if found is None or self.incontent > 1 or self.svgOK:
            self._end_slowly(name, found)
            return
        try:
            getattr(self, found[2])()
        except AttributeError:
            self.pop(found[3])
        if not (self.incontent and self._ends_inside(found[0])):
            self._go_out()

    def _end_slowly(self, name: str, found: _Name | None) -> None:
        if found is None:
            self.endElementNS(_pair(name), None)
        else:
            self.unknown_endtag(found[0])

    def _ends_inside(self, tag: str) -> bool:
        """Take in the end of an element within markup; whether nothing else is to be done."""
        if not self.contentparams.get("type", "xml").endswith("xml"):
            if tag in _DIVISIONS:
                return True
            self.contentparams["type"] = _XHTML
        if self.contentparams.get("type") == _XHTML:
            self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
        return False

    def _go_out(self) -> None:
        """Base and language are those of the element around it again."""
        if self.basestack:
            self.basestack.pop()
            if self.basestack and self.basestack[-1]:
                self.baseuri = self.basestack[-1]
        if self.langstack:
            self.langstack.pop()
            if self.langstack:
                self.lang = self.langstack[-1]
        self.depth -= 1

    def _look_up(self, name: str) -> _Name | None:
        """What feedparser calls an element; None: it is one that it treats in its own way."""
        namespace, local = _pair(name)
        tag = self._tag(namespace or "", local.lower())
        if tag in _SLOW_TAGS or local.lower() in _SLOW_NAMES:
            return None
        prefix, _, suffix = tag.rpartition(":") if tag.count(":") < 2 else tag.partition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        key = f"{prefix}_{suffix}" if prefix else suffix
        ends_input = not prefix and tag not in _KEPT_INPUT
        ends_image = not prefix and tag not in _KEPT_IMAGE
        found = self._names[name] = (
            tag, f"_start_{key}", f"_end_{key}", key, ends_input, ends_image,
        )  # fmt: skip
        return found

    def _tag(self, namespace: str, local: str) -> str:
        folded = namespace.lower()
        if "backend.userland.com/rss" in folded:
            namespace = folded = "http://backend.userland.com/rss"
        prefix = self._matchnamespaces.get(folded)
        if not prefix and namespace:
            used = self.namespaces_in_use.items()
            prefix = next((one for one, uri in used if one and uri == namespace), "")
            return f"{prefix}:{local}".lower() if prefix else local
        return f"{prefix.lower()}:{local}" if prefix else local

    # --- text ---------------------------------------------------------------------------------
    def characters(self, text: str) -> None:
        """Keep text of the element that is open."""
        if self.incontent:
            self.handle_data(text)
        elif self.elementstack:
            self.elementstack[-1][2].append(text)

    def push_content(
        self, tag: str, attrs_d: dict[str, str], default_content_type: str, expecting_text: int
    ) -> None:
        """Begin an element that may hold markup; one inside another is left to feedparser."""
        if self.incontent:
            raise ValueError(f"{tag} stands inside another element that holds text")
        self.incontent += 1
        if self.lang:
            self.lang = self.lang.replace("_", "-")
        kind = self.map_content_type(attrs_d.get("type", default_content_type))
        packed = not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))
        self.contentparams = _Quick(
            type=kind,
            language=self.lang,
            base=self.baseuri,
            base64=int(attrs_d.get("mode", "") == "base64" or packed),
        )
        self.push(tag, expecting_text)

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """End an element; what it held is stored and returned."""
        stack, params = self.elementstack, self.contentparams
        if not stack or stack[-1][0] != element:
            return None
        plain = self.inentry and not self.insource and strip_whitespace
        if not plain or params.get("base64") or params.get("type") == _XHTML:
            return super().pop(element, strip_whitespace)
        _, is_kept, pieces = stack.pop()
        text = "".join(pieces).strip()
        if not is_kept:
            return text
        return self._store(element, self._repaired(element, text))

    def _repaired(self, element: str, text: str) -> str:
        """Links made absolute, kinds guessed, wrong charsets mended, as feedparser does it."""
        params = self.contentparams
        if text and element in self.can_be_relative_uri and (element != "id" or self.guidislink):
            text = self.resolve_uri(text)
        if params:
            guess = params.get("type") == "text/plain" and not self.version.startswith("atom")
            if guess and ("<" in text or "&" in text) and self.looks_like_html(text):
                params["type"] = "text/html"
            params.pop("mode", None)
            params.pop("base64", None)
        return text if text.isascii() else _mended(text)

    def _store(self, element: str, text: str) -> str:
        entry = self.entries[-1]
        if element in _NO_TERMS or (element == "title" and -1 < self.title_depth <= self.depth):
            return text
        if element == "content":
            entry.setdefault("content", []).append(self._detail(text))
            return text
        if element == "link":
            return self._store_link(entry, text)
        if element == "description":
            element = "summary"
        depths = self.property_depth_map.setdefault(entry, {})
        before = depths.get(element)
        if before is None or self.depth <= before:
            depths[element] = self.depth
            entry[element] = text
        if self.incontent:
            entry[element + "_detail"] = self._detail(text)
        return text

    def _store_link(self, entry: Any, text: str) -> str:
        if self.inimage:
            return text
        text = _QUERY.sub(r"&\g<1>", text.replace("&amp;", "&"))
        entry["link"] = text
        if text:
            entry["links"][-1]["href"] = text
        return text

    def _detail(self, text: str) -> FeedParserDict:
        detail = _Quick(self.contentparams)
        detail["value"] = text
        return detail

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        super()._start_item(attrs_d)
        if not self.entries[-1]:
            self.entries[-1] = _Quick()

    _start_entry = _start_item


def _plain_attributes(attributes: dict[str, str]) -> dict[str, str] | None:
    """Attributes as feedparser wants them; None: some have a namespace or are inherited."""
    found = {}
    for name, value in attributes.items():
        key = name.lower()
        if " " in key or key.startswith(_INHERITED):
            return None
        found[key] = (value.lower() or value) if key in ("rel", "type") else value
    return found


def _pair(name: str) -> tuple[str | None, str]:
    parts = name.split()
    return (parts[0], parts[1]) if len(parts) > 1 else (None, name)


def _mended(text: str) -> str:
    """UTF-8 that was read as Latin-1, and Windows-1252 characters, put right."""
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252)
