"""HTML and SVG built from elements: nothing can be written unescaped, hidden or turned around."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

from monitor.snapshots.document import clean, safe_url

_EMPTY = frozenset({"meta", "br", "hr", "img"})


class Markup(str):
    """Text that is markup already; every other `str` is escaped when it becomes a child."""

    __slots__ = ()


Child = str | float | None
Attribute = str | float | bool | None


def element(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """One element.

    Args:
        name: Tag name; ours, never from outside.
        children: Text (escaped), `Markup` (as it is), numbers; None is left out.
        attributes: Values are escaped; None and False are left out, True stands alone.
            A trailing underscore is dropped (`class_`), others become hyphens (`stroke_width`).
    """
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}"
    if not children:
        return Markup(f"{start}>" if name in _EMPTY else f"{start}></{name}>")
    return Markup(f"{start}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Children one after another, without an element around them."""
    return Markup("".join(_child(child) for child in children))


def outside_link(url: str, text: str) -> Markup | str:
    """A link that does not tell where the reader came from; text alone for no web address."""
    address = safe_url(url)
    if not address:
        return text
    return element(
        "a",
        text or urlsplit(address).netloc,
        href=address,
        rel="noopener noreferrer nofollow",
        target="_blank",
    )


def number(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return html.escape(clean(child) if isinstance(child, str) else number(child))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = clean(value) if isinstance(value, str) else number(value)
    return f' {name}="{html.escape(text)}"'
