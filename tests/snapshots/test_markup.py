from monitor.snapshots.markup import Markup, element, join, outside_link


def test_text_is_escaped_and_markup_is_not():
    inner = element("b", '<x> & "y"')
    assert inner == "<b>&lt;x&gt; &amp; &quot;y&quot;</b>"
    assert element("p", inner, None, 1.5, 2) == f"<p>{inner}1.52</p>"
    assert isinstance(inner, Markup)


def test_attributes_are_escaped_and_named_as_html_names_them():
    made = element("a", "x", href='"><script>', class_="c", aria_label="l", hidden=True, id=None)
    assert made == '<a href="&quot;&gt;&lt;script&gt;" class="c" aria-label="l" hidden>x</a>'


def test_an_empty_element_is_closed_only_where_html_asks_for_it():
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'
    assert element("i") == "<i></i>"
    assert element("rect", x=1.0, y=2.345, width=0) == '<rect x="1" y="2.35" width="0"></rect>'


def test_children_can_be_joined_without_an_element():
    assert join("a<", None, element("i")) == "a&lt;<i></i>"


def test_a_link_without_words_shows_where_it_leads():
    assert ">example.org</a>" in outside_link("https://example.org/long/path", "")
