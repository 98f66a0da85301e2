"""Denied, refused, asked for, supposed, reassured, past: in four languages."""

import pytest

UP, DOWN, FLAT = "escalatory", "deescalatory", "neutral"


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("Curaçao airspace closed", UP),
        ("Curaçao airspace not closed", FLAT),
        ("Curaçao denies airspace closed", FLAT),
        ("Curaçao airspace reopened", DOWN),
        ("Luchtruim Curaçao gesloten", UP),
        ("Luchtruim Curaçao niet gesloten", FLAT),
        ("Luchtruim Curaçao weer open", DOWN),
        ("Espacio aéreo de Curazao cerrado", UP),
        ("Reabren espacio aéreo de Curazao", DOWN),
        ("Espasio aéreo di Kòrsou será", UP),
        ("Espasio aéreo di Kòrsou habri atrobe", DOWN),
    ],
)
def test_closing_reopening_and_denial_differ(assessor, title, direction):
    flags = {flag.indicator: flag for flag in assessor.assess(title=title).flags}
    assert flags["airspace"].direction.value == direction


@pytest.mark.parametrize(
    ("title", "direction", "rule"),
    [
        ("US lifts sanctions on Venezuela", DOWN, ""),
        ("US refuses to lift sanctions on Venezuela", FLAT, "polarity.reject"),
        ("Maduro asks US to lift sanctions on Venezuela", DOWN, "polarity.request"),
        ("US does not lift sanctions on Venezuela", FLAT, "polarity.neg"),
        ("Parliament debates: why US lifted sanctions on Venezuela", FLAT, "polarity.debate"),
        ("US may lift sanctions on Venezuela", DOWN, "polarity.may"),
        ("VS weigert sancties tegen Venezuela op te heffen", FLAT, "polarity.reject"),
        ("Maduro vraagt VS om sancties tegen Venezuela op te heffen", DOWN, "polarity.request"),
        ("Maduro pide a EEUU levantar las sanciones contra Venezuela", DOWN, "polarity.request"),
        ("Maduro ta pidi Merka pa kita sanshon kontra Venezuela", DOWN, "polarity.request"),
    ],
)
def test_a_relief_counts_only_when_it_is_given_or_sought(assessor, title, direction, rule):
    one = assessor.assess(title=title)
    flags = {flag.indicator: flag for flag in one.flags}
    assert flags["sanctions"].direction.value == direction
    assert rule in {each.rule for each in one.suppressed} | {""}


def test_a_request_in_another_sentence_does_not_undo_a_relief(assessor):
    body = "Caracas asked for relief. US lifts sanctions on Venezuela."
    one = assessor.assess(title="Oil market news", summary=body)
    flags = {flag.indicator: flag for flag in one.flags}
    assert flags["sanctions"].direction.value == DOWN


def test_talk_of_a_reopened_border_is_the_smallest_relief(assessor):
    one = assessor.assess(title="Curaçao asks Venezuela to reopen border")
    flag = next(flag for flag in one.flags if flag.indicator == "border_closure")
    assert (flag.direction.value, flag.severity) == (DOWN, 1)


@pytest.mark.parametrize(
    ("title", "severity"),
    [
        ("Venezuela closes border with Curaçao", 3),
        ("Venezuela may close border with Curaçao", 2),
    ],
)
def test_what_is_only_supposed_weighs_less(assessor, title, severity):
    assert assessor.assess(title=title).severity == severity


def test_a_debate_about_a_threat_is_no_threat(assessor):
    plain = assessor.assess(title="Trump threatens Venezuela with military action")
    debated = assessor.assess(title="Kamervragen over dreiging van Trump tegen Venezuela")
    assert plain.direction.value == UP
    assert debated.direction.value == FLAT


def test_a_debate_does_not_lessen_an_attack(assessor):
    one = assessor.assess(title="Parliament meets as US bombs Venezuela")
    assert (one.direction.value, one.severity) == (UP, 4)


@pytest.mark.parametrize(
    "title",
    [
        "No reason for panic in Curaçao over tension with Venezuela",
        "Geen reden tot paniek op Curaçao over Venezuela",
        "No ta motibo pa panico na Korsou pa tension cu Venezuela",
        "No hay motivo de alarma en Curazao por tensión con Venezuela",
    ],
)
def test_reassurance_is_no_alarm(assessor, title):
    one = assessor.assess(title=title)
    assert one.direction.value == FLAT
    assert one.severity == 1


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Fifty years since the riot in Willemstad", "exclusion.anniv"),
        ("Film about armed robbery in Willemstad", "exclusion.fiction"),
        ("Fire at refinery delays football match in Willemstad", "exclusion.sport"),
        ("Armed robbery in Rotterdam after carnival in Willemstad", "violent_crime.robbery/not"),
        ("Venezuela and Chile sign treaty after armed incursion", ""),
    ],
)
def test_what_was_taken_back_is_reported_with_its_rule(assessor, title, rule):
    one = assessor.assess(title=title)
    assert rule in {each.rule for each in one.suppressed} | {""}


def test_a_place_that_does_not_concern_us_is_reported(assessor):
    one = assessor.assess(title="US warship docks in Jamaica")
    assert not one.relevant
    assert {each.rule for each in one.suppressed} == {"gate.place"}


@pytest.mark.parametrize(
    "title",
    [
        "No airspace violation over Curaçao",
        "Geen luchtruimschending boven Curaçao",
        "Ningun violashon di espasio aéreo di Kòrsou",
    ],
)
def test_a_denial_may_be_the_first_word(assessor, title):
    assert {flag.direction.value for flag in assessor.assess(title=title).flags} <= {FLAT}


@pytest.mark.parametrize(
    "title", ["Sin radar: vuelos a Curazao, desviados", "Curoil no tin diesel"]
)
def test_a_phrase_that_opens_with_no_is_not_denied_by_it(assessor, title):
    one = assessor.assess(title=title)
    assert one.direction.value == "escalatory"


def test_a_word_of_the_match_refuses_nothing(assessor):
    one = assessor.assess(title="Venezuela ta kita blokeo kontra islanan ABC")
    assert one.direction.value == DOWN


@pytest.mark.parametrize(
    ("title", "direction", "severity"),
    [
        ("Flights of US bombers off Venezuela end", DOWN, 2),
        ("Cesan los vuelos de bombarderos de EE UU frente a Venezuela", DOWN, 2),
        ("Looting in Willemstad ends", FLAT, 1),
    ],
)
def test_the_end_of_what_can_be_undone_is_a_relief(assessor, title, direction, severity):
    one = assessor.assess(title=title)
    assert (one.direction.value, one.severity) == (direction, severity)
    assert "polarity.lifted" in {each.rule for each in one.suppressed}


@pytest.mark.parametrize(
    "title",
    [
        "US bombers enter Curaçao flight region without notice",
        "Bombarderos de EE UU entran sin aviso en región de vuelo de Curazao",
    ],
)
def test_what_is_done_without_leave_is_not_denied(assessor, title):
    assert assessor.assess(title=title).direction.value == UP


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Maduro frees dozens of political prisoners", "Did Maduro free his political prisoners?"),
        ("US imposes sanctions on Maduro", "US imposes sanctions on Maduro, but to what end?"),
        ("Venezuela expulsa al embajador", "¿Expulsa Venezuela al embajador?"),
    ],
)
def test_a_title_that_asks_tells_nothing(assessor, title, asked):
    assert assessor.assess(title=title).direction.value != "neutral"
    assert assessor.assess(title=asked).direction.value == "neutral"
