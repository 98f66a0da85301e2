"""What a person is told about a verdict."""

from datetime import UTC, datetime

from monitor.assess.explain import explain, marks
from monitor.assess.model import Evidence


def test_the_words_that_carry_a_verdict_are_named(assessor):
    told = explain(assessor, title="Trinidad airspace closed")
    assert told.verdict.relevant
    by_word = {one.without: one for one in told.changes}
    assert by_word["closed"].changes_verdict
    assert not by_word["closed"].relevant
    assert told.changes[0].changes_verdict


def test_words_of_the_summary_are_tried_too(assessor):
    told = explain(assessor, title="Aviation", summary="Curaçao airspace closed", language="en")
    assert told.summary_marks
    assert not told.title_marks
    assert {"airspace", "closed"} <= {one.without for one in told.changes}


def test_rules_are_told_in_words(assessor):
    told = explain(assessor, title="Venezuela closes border with Curaçao")
    rules = {one.id: one for one in told.rules}
    note = rules["border_closure.closed"]
    assert note.needs.startswith(
        "words for a border and closing, within 7 words of each other, with Venezuela, Curaçao,"
    )
    assert "; not where the text is also about " in note.needs
    assert note.words == ("border", "closes")
    assert note.why == "border closed"


def test_a_rule_of_one_word_has_no_distance(assessor):
    told = explain(assessor, title="FOL Hato")
    needs = {one.id: one.needs for one in told.rules}
    assert needs["base_use.fol"].startswith(
        "words for the US base at Hato; not where the text is also about sport, "
    )


def test_a_rule_without_exceptions_names_none(assessor):
    told = explain(assessor, title="Weapons seized in Curaçao")
    needs = {one.id: one.needs for one in told.rules}
    assert needs["smuggling.arms"] == (
        "words for a find of weapons, with Curaçao, the ABC islands, Venezuela or the Dutch "
        "Caribbean coast guard"
    )


def test_what_was_taken_back_is_told_as_a_sentence(assessor):
    told = explain(assessor, title="Film about armed robbery in Willemstad")
    assert any("fiction" in one and "robbery" in one for one in told.near_misses)


def test_the_rule_that_took_something_back_is_named(assessor):
    told = explain(assessor, title="Venezuela denies it will close airspace near Curaçao")
    assert (
        "Airspace closure / NOTAM: the report is denied (“airspace”, “close”; polarity.deny)"
        in (told.near_misses)
    )


def test_what_took_a_match_back_is_quoted_from_the_text(assessor):
    one = assessor.assess(title="Aruba and Venezuela hold talks on reopening the border")
    reasons = {each.rule: each.because for each in one.suppressed}
    assert reasons["maritime_disruption.sea_reopen/not"] == "the text also says “talks on”"
    assert reasons["flight_disruption.border_open/not"] == "the text also says “hold talks”"


def test_dates_are_read_from_the_day_of_publication(assessor):
    published = datetime(2025, 12, 2, 12, tzinfo=UTC)
    title = "Curaçao airspace closed since Monday"
    assert explain(assessor, title=title, published=published).verdict.event_date == "2025-12-01"


def test_a_text_that_says_nothing_has_nothing_to_tell(assessor):
    told = explain(assessor, title="")
    assert (told.changes, told.rules, told.near_misses) == ((), (), ())


def word(start: int, end: int, rule: str, field: str = "title") -> Evidence:
    return Evidence(field=field, start=start, end=end, text="x", rule=rule)


def test_overlapping_highlights_are_joined():
    found = marks(
        [word(4, 9, "b"), word(0, 6, "a"), word(9, 12, "a"), word(0, 3, "c", "summary")], "title"
    )
    assert [(one.start, one.end, one.rules) for one in found] == [
        (0, 9, ("a", "b")),
        (9, 12, ("a",)),
    ]
