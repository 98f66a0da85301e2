"""Dates as feeds write them, in English, Dutch, Spanish and Papiamentu; broken ones too."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from monitor.items import YEARS

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: the date is missing, not old
LATEST = datetime(YEARS[-1], 12, 31, tzinfo=UTC)  # too near the end of the calendar: missing too

_MONTHS = (
    "jan january januari enero ene yanuari yan janvier janeiro",
    "feb february februari febrero febuari fevrier fevereiro",
    "mar march maart mrt marzo mart mars marco",
    "apr april abril abr aprel avril",
    "may mei mayo mai maio",
    "jun june juni junio yuni juin junho",
    "jul july juli julio yuli juillet julho",
    "aug august augustus agosto ago ougustus oug aout",
    "sep sept september septiembre setiembre set sepetember septembre setembro",
    "oct october oktober okt octubre octobre outubro out",
    "nov november noviembre novembre novembro",
    "dec december diciembre dic desember des decembre dezembro",
)
_MONTH = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_FOLD = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120,
    "eest": 180, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "vet": -240, "cot": -300, "brt": -180,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_YMD = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_CLOCK = re.compile(
    r"(?:(?<=\d[tT])|(?<![\d:+-]))(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*([ap])\.?\s?m\b\.?)?(?![\d:])",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:(?:gmt|utc)\s?)?([+-])(\d{1,2})(?::?(\d{2}))?\s*(?:\(.*\))?$", re.IGNORECASE
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\d:.])\d{1,4}(?![\d:])")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"(\d\d):(\d\d)(?::(\d\d))? (?:GMT|UTC|([+-])([01]\d)(\d\d))"
)
_ISO_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-][01]\d:\d\d)")
_LONGEST = 100

_Day = tuple[int, int, int]


def parse_date(
    text: str, *, language: str | None = None, offset_minutes: int = 0
) -> datetime | None:
    """The moment that a written date means.

    Args:
        text: As published.
        language: Of the feed; `en-us` reads 5/11/2025 as 11 May, all others as 5 November.
        offset_minutes: East of UTC, for dates that name no zone.

    Returns:
        Aware UTC; None when the text cannot be read or names a day before 1990 or after 2999.
    """
    text = " ".join(text.split())[:_LONGEST]
    usual = _usual(text)
    if usual is not None:
        return _sane(usual)
    if _DIGITS.fullmatch(text):
        return _sane(_from_digits(text))
    folded = _COMPACT.sub(r"\1-\2-\3t\4:\5:\6", text.lower().translate(_FOLD))
    day = _iso_day(folded) or _named_day(folded) or _numeric_day(folded, language)
    if day is None:
        return None
    return _sane(_moment(day, folded, offset_minutes))


def _usual(text: str) -> datetime | None:
    """The two forms that nearly all feeds use, read quickly; None: look closer."""
    found = _RFC_822.fullmatch(text)
    try:
        if found is None:
            moment = datetime.fromisoformat(text) if _ISO_ZONED.fullmatch(text) else None
            return moment and moment.replace(microsecond=0).astimezone(UTC)
        day, month, year, hour, minute, second, sign, hours, minutes = found.groups("0")
        local = datetime(
            int(year), _MONTH[month.lower()], int(day), int(hour), int(minute), int(second),
            tzinfo=UTC,
        )  # fmt: skip
        east = timedelta(hours=int(hours), minutes=int(minutes))
        return local + east if sign == "-" else local - east
    except (ValueError, OverflowError):
        return None


def zone_offset(text: str) -> int | None:
    """Minutes east of UTC that a written date names; None: it names no zone."""
    clock = _CLOCK.search(text)
    return _zone(text.lower()[clock.end() :]) if clock else None


def _sane(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and EARLIEST <= moment <= LATEST else None


def _from_digits(text: str) -> datetime | None:
    whole = text.partition(".")[0]
    try:
        if len(whole) == 8:
            return datetime.strptime(whole, "%Y%m%d").replace(tzinfo=UTC)
        if len(whole) == 14:
            return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        scale = {9: 1, 10: 1, 13: 1_000, 16: 1_000_000}.get(len(whole))
        return None if scale is None else datetime.fromtimestamp(float(text) / scale, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso_day(text: str) -> _Day | None:
    found = _ISO.match(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3] or 1)
    return None


def _named_day(text: str) -> _Day | None:
    """Day, month name and year in any order; the clock is looked for elsewhere."""
    month = next(((_MONTH[w[0]], w) for w in _WORD.finditer(text) if w[0] in _MONTH), None)
    if month is None:
        return None
    clock = _CLOCK.search(text)
    rest = text if clock is None else text[: clock.start()] + " " + _after(text[clock.end() :])
    numbers = [found[0] for found in _NUMBER.finditer(rest)]
    year = next((int(n) for n in numbers if len(n) == 4), None)
    small = [int(n) for n in numbers if len(n) < 4]
    if year is None and len(small) >= 2:
        year = _full_year(small.pop(1))
    if year is None or not small:
        return None
    return year, month[0], small[0]


def _after(text: str) -> str:
    """What follows a clock, without its offset: `-0400 2025` keeps the year only."""
    return re.sub(r"[+-]\d{1,2}:?\d{2}\b|[+-]\d{1,2}\b", " ", text)


def _numeric_day(text: str, language: str | None) -> _Day | None:
    found = _YMD.search(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _NUMERIC.search(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), _full_year(int(found[3]))
    month_first = (language or "").lower().replace("_", "-") == "en-us"
    if second > 12 or (month_first and first <= 12):
        first, second = second, first
    return year, second, first


def _full_year(year: int) -> int:
    return year + 2000 if year < 70 else year + 1900 if year < 100 else year


def _moment(day: _Day, text: str, offset_minutes: int) -> datetime | None:
    clock = _CLOCK.search(text)
    hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    zone = _zone(text[clock.end() :]) if clock else None
    try:
        start = datetime(*day, tzinfo=UTC)
        if hour > 24 or minute > 59:
            return start
        local = start + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
        return local - timedelta(minutes=offset_minutes if zone is None else zone)
    except (ValueError, OverflowError):
        return None


def _zone(rest: str) -> int | None:
    """Minutes east of UTC named after the clock."""
    rest = rest.strip().strip(",;")
    found = _OFFSET.search(re.sub(r"\s+\d{4}$", "", rest))
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours <= 14:
            return (hours * 60 + minutes) * (-1 if found[1] == "-" else 1)
    return next((_ZONES[word] for word in _WORD.findall(rest) if word in _ZONES), None)
