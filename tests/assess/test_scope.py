"""Where news without a place happens."""

import pytest

from monitor.assess.scope import home, load_homes, spelling
from monitor.errors import ConfigError

HOMES = {"cw": "cur", "bonaire.nu": "bon"}


@pytest.mark.parametrize(
    ("publisher", "url", "group"),
    [
        ("bonaire.nu", "", "bon"),
        ("www.extra.cw", "", "cur"),
        ("", "https://news.extra.cw/post/1", "cur"),
        ("Reuters", "https://www.reuters.com/x", ""),
        ("", "", ""),
    ],
)
def test_a_publisher_is_at_home_where_its_host_says(publisher, url, group):
    assert home(HOMES, publisher, url) == group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("atrako na kas ku arma", "cur"),
        ("atraco na cas cu arma", "aru"),
        ("detenshon despues di tiramentu", "cur"),
        ("detencion despues di tiramento", "aru"),
        ("atrako", ""),
    ],
)
def test_papiamentu_spelling_tells_the_island(text, group):
    assert spelling(text.split()) == group


def test_a_crime_without_a_place_happened_where_its_paper_is(assessor):
    def relevant(publisher):
        return assessor.assess(title="Armed robbery at supermarket", publisher=publisher).relevant

    assert relevant("paradisefm.cw")
    assert not relevant("bonaire.nu")
    assert not relevant("")


def test_a_place_in_the_text_wins_over_the_paper(assessor):
    one = assessor.assess(title="Armed robbery in Rotterdam", publisher="paradisefm.cw")
    assert not one.relevant


def test_the_spelling_places_a_papiamentu_text(assessor):
    assert assessor.assess(title="Atrako armá ku pistol den kas").relevant
    assert not assessor.assess(title="Atraco arma cu pistol den cas").relevant


def test_a_dateline_is_no_place_of_the_event(assessor):
    body = "WILLEMSTAD – A jury in Chile heard a case of armed robbery."
    one = assessor.assess(title="Jury hears case", summary=body)
    assert not one.relevant
    assert [place.id for place in one.places] == ["willemstad", "latin-america-other"]


def test_without_a_place_in_its_sentence_the_places_of_the_text_count(assessor):
    body = "Talks on Curaçao and Venezuela went on. The airspace was closed at noon."
    one = assessor.assess(title="Aviation", summary=body)
    assert one.severity == 4


def test_a_subject_that_only_the_summary_names_silences_nothing(assessor):
    body = "A film festival was on. Refinery fire in Willemstad."
    assert assessor.assess(title="Afternoon news", summary=body).relevant


def test_a_missing_list_of_publishers_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_homes(tmp_path / "publishers.txt")


def test_comments_name_no_publisher(tmp_path):
    (tmp_path / "p.txt").write_text("# list\n\ncur a.cw B.cw # two\n")
    assert load_homes(tmp_path / "p.txt") == {"a.cw": "cur", "b.cw": "cur"}
