"""What a text only recalls: "reopens its embassy months after the raid" tells of the embassy."""

import pytest

UP, DOWN, FLAT = "escalatory", "deescalatory", "neutral"


def told(assessor, title: str, summary: str = "") -> tuple[str, int, set[str]]:
    one = assessor.assess(title=title, summary=summary)
    return one.direction.value, one.severity, {flag.indicator for flag in one.flags}


def recalled(assessor, title: str) -> set[str]:
    one = assessor.assess(title=title)
    return {each.indicator for each in one.suppressed if each.rule == "polarity.background"}


@pytest.mark.parametrize(
    "title",
    [
        "Washington reopens Caracas consulate months after bombing of Venezuela",
        "Washington reabre su consulado en Caracas meses después del bombardeo de Venezuela",
        "Amerika heropent ambassade in Caracas maanden na bombardement op Venezuela",
        "Merka ta habri su embahada na Caracas lunanan despues di bombardeo di Venezuela",
        "A year after the bombing of Venezuela, US reopens its embassy in Caracas",
    ],
)
def test_what_lies_months_back_is_recalled(assessor, title):
    assert told(assessor, title) == (DOWN, 2, {"diplomatic_rupture"})
    assert recalled(assessor, title) == {"kinetic_strike"}


def test_what_is_recalled_is_told_with_its_reason(assessor):
    one = assessor.assess(title="US reopens embassy in Caracas months after bombing Venezuela")
    reasons = {each.because for each in one.suppressed if each.rule == "polarity.background"}
    assert reasons == {"weeks or more before what is told"}


@pytest.mark.parametrize(
    ("title", "way", "severity"),
    [
        ("Venezuela reopens border with Curaçao after protests in Caracas", DOWN, 3),
        ("Venezuela reabre la frontera con Curazao tras protestas en Caracas", DOWN, 3),
        ("Venezuela heropent grens met Curaçao na protesten in Caracas", DOWN, 3),
        ("After US strikes on Venezuela, Curaçao airspace reopens", DOWN, 3),
        ("Tras protestas en Caracas, Venezuela libera a 20 presos políticos", DOWN, 2),
        ("Venezuela closes border with Aruba after talks with Guyana", UP, 3),
    ],
)
def test_the_main_clause_says_where_it_points(assessor, title, way, severity):
    assert told(assessor, title)[:2] == (way, severity)


def test_without_a_comma_nobody_knows_where_a_leading_clause_ends(assessor):
    title = "After US strikes on Venezuela Curaçao airspace reopens"
    assert {"kinetic_strike", "airspace"} <= told(assessor, title)[2]


def test_a_short_main_clause_is_no_beginning(assessor):
    title = "Venezuela reopens border after protests in Caracas"
    assert told(assessor, title)[0] == DOWN
    assert "civil_unrest" in recalled(assessor, title)


def test_a_grave_event_of_these_days_is_news_beside_what_follows_it(assessor):
    assert told(assessor, "Protests in Caracas after US forces capture Maduro")[:2] == (UP, 4)
    assert told(assessor, "Flights to Curaçao cancelled after US bombs Caracas")[:2] == (UP, 4)


def test_a_lesser_event_of_these_days_weighs_no_more_than_what_follows_it(assessor):
    title = "Shots heard in Willemstad after riots on Curaçao"
    one = assessor.assess(title=title)
    assert {flag.indicator: flag.severity for flag in one.flags}["civil_unrest"] == 1


def test_where_nothing_else_points_anywhere_the_event_is_the_news(assessor):
    title = "Coast guard of Curaçao finds bodies after migrant boat sinks"
    assert told(assessor, title)[0] == UP
    assert told(assessor, "Police on alert after shooting in Curaçao")[0] == UP


def test_a_relief_may_name_the_danger_behind_it(assessor):
    title = "Curaçao tax systems work again weeks after hack"
    assert told(assessor, title) == (DOWN, 2, {"cyber_telecom"})


def test_where_all_is_recalled_nothing_is_flagged(assessor):
    one = assessor.assess(title="Ten years after the riots in Willemstad")
    assert not one.relevant
    assert {each.rule for each in one.suppressed} == {"polarity.background"}


def test_a_summary_has_its_own_clauses(assessor):
    body = "US reopens its embassy in Caracas months after the bombing of Venezuela. Oil rose."
    assert told(assessor, "Market news", body)[:2] == (DOWN, 2)


@pytest.mark.parametrize(
    "title",
    [
        "US warships deployed off Venezuela day after day",
        "Venezuela: police named after general fire on protesters in Caracas",
    ],
)
def test_other_meanings_of_after_put_nothing_behind(assessor, title):
    assert told(assessor, title)[0] == UP
    assert not recalled(assessor, title)
