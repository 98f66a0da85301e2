"""Bytes of unknown charset and manners to XML text that cannot hurt the parser.

Each rule answers an input on which feedparser or expat raises, stalls or mistakes the charset
(feedparser issues 562 and 599).
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII_LOOKALIKES = ("iso-2022", "hz", "utf-7")  # 7-bit codings that would pass as UTF-8
_LATIN = {"iso8859-1", "iso-8859-1", "latin-1", "ascii", "us-ascii"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

_ROOT = re.compile(r"<\?xml\b|<(?:\w{1,20}:)?(?:rss|feed|rdf|urlset|channel)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_CONTROL_BYTES = bytes({*range(0x20)} - {0x9, 0xA, 0xD})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF in UTF-8
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_PERSON = re.compile(
    r"(<(?:\w{1,20}:)?(?:author|creator|managingEditor|webMaster|name|email|contributor|publisher)"
    r"\b[^>]{0,300}>)([^<]{400})[^<]+"
)
_SRS_NAME = re.compile(r"""\bsrsName\s*=\s*(?:"[^"]*"|'[^']*')""")
_COMMENT_START = "<!--"
_LONG_COMMENT = 4_000


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a body, whatever charset it claims.

    A byte order mark wins, then valid UTF-8, then the header, then the document itself, then
    Windows-1252. Latin-1 is read as Windows-1252, as browsers do.
    """
    wide = _wide(body)
    if wide is not None:
        return wide
    claims = _claims(body, content_type)
    if not any(name.startswith(_ASCII_LOOKALIKES) for name in claims):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            if _is_damaged_utf8(body, error.start):
                return body.decode("utf-8", "replace")
    for name in (*claims, "cp1252"):
        try:
            return body.decode("cp1252" if name in _LATIN else name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return body.decode("cp1252", "replace")


def _wide(body: bytes) -> str | None:
    """The text when a byte order mark or the zero bytes of UTF-16 settle the charset."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    if body[:2] in (b"<\x00", b"\x00<"):
        return body.decode("utf-16-le" if body[:1] == b"<" else "utf-16-be", "replace")
    return None


def _claims(body: bytes, content_type: str) -> list[str]:
    found = _HEADER.search(content_type)
    names = [found[1]] if found else []
    head = body[:2048]
    inside = _DECLARED.search(head) or _META.search(head)
    if inside:
        names.append(inside[1].decode("ascii"))
    known = []
    for name in names:
        try:
            known.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return [name for name in known if not name.startswith("utf-8")]


def _is_damaged_utf8(body: bytes, start: int) -> bool:
    """Whether it is UTF-8 with a few bad bytes, and not another charset."""
    if start >= len(body) - 3:
        return True  # only the end is cut off
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    return good > 3 * bad


def xml_text(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Text for the XML parser, and what had to be repaired ("" when nothing)."""
    text = decode(body, content_type)
    repairs = []
    root = _ROOT.search(text)
    if root and text[: root.start()].strip():
        repairs.append("something stands before the document")
    text = _DECLARATION.sub("", text[root.start() :] if root else text, count=1)
    if _has_control(text):
        text = _CONTROL.sub("", text)
        repairs.append("it has control characters")
    if "&#" in text:
        fixed = _REFERENCE.sub(_possible, text)
        if fixed != text:
            text = fixed
            repairs.append("it has character references that do not exist")
    text = _without_doctype(text)
    text = _without_long_comments(text)
    text = _PERSON.sub(r"\1\2", text)
    if "srsName" in text:
        text = _SRS_NAME.sub("", text)
    return text, "; ".join(repairs)


def _has_control(text: str) -> bool:
    """Whether `_CONTROL` occurs; bytes are looked through faster than characters."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return True  # half a surrogate pair
    if len(raw.translate(None, _CONTROL_BYTES)) != len(raw):
        return True
    return not text.isascii() and any(one in raw for one in _NO_CHARACTERS)


def _possible(found: re.Match[str]) -> str:
    """A character reference as it stands, or a replacement character when it cannot exist."""
    number = int(found[1], 16) if found[1] else int(found[2])
    legal = (
        number in (0x9, 0xA, 0xD)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
    return found[0] if legal else "\ufffd"


def _without_doctype(text: str) -> str:
    """No DOCTYPE: no entity of the document's own making, no file, no address."""
    found = _DOCTYPE.search(text[: 1 << 16])
    if not found:
        return text
    end = text.find(">", found.end())
    bracket = text.find("[", found.end(), end if end >= 0 else None)
    if bracket >= 0:
        close = text.find("]", bracket)
        end = text.find(">", close) if close >= 0 else -1
    return text[: found.start()] + (text[end + 1 :] if end >= 0 else "")


def _without_long_comments(text: str) -> str:
    """Comments of more than 4,000 characters cut out; expat takes quadratic time for them."""
    start = text.find(_COMMENT_START)
    if start < 0 or len(text) < _LONG_COMMENT:
        return text
    kept, position = [], 0
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break
        if end - start > _LONG_COMMENT and "]]>" not in text[start:end]:
            kept.append(text[position:start])
            position = end + 3
        start = text.find(_COMMENT_START, end + 3)
    kept.append(text[position:])
    return "".join(kept)
