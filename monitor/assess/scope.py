"""Where an event takes effect: places named, who acts, and where a publisher is at home."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from monitor.assess.matching import Hits
from monitor.assess.text import words
from monitor.errors import ConfigError

PARENTS: Mapping[str, str] = {"VCO": "VEN", "FIR": "VEN", "COC": "COL"}
"""Place groups, as concepts, that also count as the larger one around them."""
NOT_A_PLACE = frozenset({"ven", "usa", "kng", "car"})
"""Groups that leave open where it happened: islanders read of these every day."""
ISLANDS: Mapping[str, str] = {
    "curacao": "cur",
    "curazao": "cur",
    "korsou": "cur",
    "corsou": "cur",
    "willemstad": "cur",
    "aruba": "aru",
    "bonaire": "bon",
    "boneiru": "bon",
}
"""Islands as they stand in the addresses of articles."""
PAPIAMENTU = frozenset(
    words(
        "bek djabierne djadumingu djaluna djamars djarason djasabra djaweps ehersisio gobiernu hana"
        " hasi hustisia huntu i kaba kas kaya ke kiko komo kompania konfiska kontra kore koriente"
        " korsou korte ku kuerpo kuminda kuminsa mesora notisia oumento pakiko plaka polisial"
        " sekunda sentro servisio siguridat tempu tokante trabou trese wardakosta"
    )
)
"""Words spelt as in Curaçao and Bonaire."""
PAPIAMENTO = frozenset(
    words(
        "bay caba cada caminda candela cas caya centro como compania confisca contra coriente"
        " corsou corte cu cuerpo cuminda cuminsa diahuebs diaranson gobierno haci haya hunto kico"
        " kier noticia pakico placa policial prome seguridad servicio tempo tocante trabao trece"
        " wardacosta y"
    )
)
"""Words spelt as in Aruba."""
PAPIAMENTU_ENDS = ("shon", "shonnan", "mentu", "mentunan", "idat", "idatnan")
PAPIAMENTO_ENDS = ("cion", "cionnan", "mento", "mentonan", "idad", "idadnan")


def load_homes(file: Path) -> Mapping[str, str]:
    """Host name or ending to place group (seeds/publishers.txt tells the format).

    Raises:
        ConfigError: The file is missing.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be read: {error}") from error
    homes: dict[str, str] = {}
    for line in lines:
        group, *hosts = line.partition("#")[0].split() or [""]
        homes.update((host.lower(), group) for host in hosts)
    return homes


def home(homes: Mapping[str, str], publisher: str, url: str) -> str:
    """Place group where a publisher is at home, or where its address says the news is.

    The publisher's name or the host of `url` decides, else an island named in the path of `url`;
    "" if neither is known.
    """
    known = _home_of(homes, publisher)
    if known or not url:
        return known
    parts = urlsplit(url)
    return _home_of(homes, parts.hostname or "") or next(
        (ISLANDS[one] for one in words(parts.path) if one in ISLANDS), ""
    )


def _home_of(homes: Mapping[str, str], written: str) -> str:
    """Place group of a host's name or of a domain above it, "" where none is known."""
    host = written.strip().lower().removeprefix("www.")
    while host:
        if host in homes:
            return homes[host]
        host = host.partition(".")[2]
    return ""


def spelling(tokens: list[str]) -> str:
    """`cur` or `aru` by the spelling of a Papiamentu text, "" where it does not show."""
    found = set(tokens)
    here = len(found & PAPIAMENTU) + sum(one.endswith(PAPIAMENTU_ENDS) for one in found)
    there = len(found & PAPIAMENTO) + sum(one.endswith(PAPIAMENTO_ENDS) for one in found)
    if here == there:
        return ""
    return "cur" if here > there else "aru"


def merge(hits: Hits, groups: Hits, stands_for: Mapping[str, str]) -> set[str]:
    """Add place groups in capitals to `hits`, with what stands for them.

    Returns:
        The groups that the text is about, in small letters.
    """
    for concept in stands_for.keys() & hits.keys():
        key = stands_for[concept].upper()
        groups[key] = sorted({*groups.get(key, ()), *hits[concept]})
    for small, large in PARENTS.items():
        if small in groups:
            groups[large] = sorted({*groups.get(large, ()), *groups[small]})
    hits.update(groups)
    return {one.lower() for one in groups}
