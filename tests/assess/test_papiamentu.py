"""Papiamentu: words that look alike, and one meaning in both spellings."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "title",
    [
        "Muchanan ta planta mata na hofi",
        "Para raro mirá na Kòrsou",
        "E tienda ta sera su porta despues di 40 aña",
        "Bala den su goal propio",
        "Tiro liber den minut 90 ta duna victoria",
        "Fuego artificial riba Plaza Betico",
        "E lei nobo di trabou",
        "Kontrol di presion na farmacia",
        "E hoben artista ta tira un CD nobo",
        "Ban limpia beach huntu",
        "Xiomara Maduro: presupuesto ta sano",
        "Lantamentu di pisa: record nobo",
        "Defensa di título: boksadó ta gana",
        "Caminda cera pa trabao di asfalt",
        "Homber ta atraca snack na Oranjestad",
        "Hobennan ta balia den parada",
        "Tienda nobo ta bende paña bieu",
        "Roman nobo di outor lokal ta konta di orkan",
        "Brug ta keda será pa mantenshon",
        "Orkan ta destruí kas na Yamaika",
    ],
)
def test_words_that_look_like_danger_are_left_alone(assessor, title):
    assert not assessor.assess(title=title, publisher="extra.cw").relevant


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Hoben tirá mata na Kòrsou", "Hoben tira mata na Corsou"),
        (
            "Wardakosta a interseptá boto ku kokaina na bordo",
            "Wardacosta a intercepta boto cu cocaina abordo",
        ),
        (
            "Kòrsou ta sera espasio aéreo",
            "Corsou ta cera espacio aereo",
        ),
        (
            "Venezuela ta sera frontera ku islanan ABC",
            "Venezuela ta cera frontera cu islanan ABC",
        ),
        (
            "Apagon: henter Kòrsou sin koriente",
            "Apagon: henter Corsou sin coriente",
        ),
        (
            "Merka ta lanta sanshon kontra Venezuela",
            "Merca ta lanta sancion contra Venezuela",
        ),
        (
            "Indokumentadonan deportá for di Kòrsou",
            "Indocumentadonan deporta for di Corsou",
        ),
        (
            "Trahadónan di Aqualectra ta pone trabou abou na Kòrsou",
            "Trahadornan di Aqualectra ta pone trabao abou na Corsou",
        ),
        ("Kantidat di atrako na Kòrsou ta baha", "Cantidad di atraco na Corsou ta baha"),
        (
            "Toque di keda na Kòrsou lantá",
            "Toque di queda na Corsou lanta",
        ),
        (
            "Merka ta pone sanshon bek kontra Venezuela",
            "Merca ta pone sancion bek contra Venezuela",
        ),
        (
            "Kolombia ta sera frontera ku Venezuela",
            "Colombia ta cera frontera cu Venezuela",
        ),
        (
            "Oposishon venezolano ta sali for di diálogo",
            "Oposicion Venezolano ta sali for di dialogo",
        ),
    ],
)
def test_both_spellings_mean_the_same(assessor, here, there):
    one, other = assessor.assess(title=here), assessor.assess(title=there)
    assert one.relevant
    assert {flag.indicator for flag in one.flags} == {flag.indicator for flag in other.flags}
    assert (one.direction, one.severity) == (other.direction, other.severity)


def test_a_closing_that_lasts_is_no_new_closing(assessor):
    lasting = assessor.assess(title="Sieramentu di frontera ku Venezuela prolongá ku tres luna")
    new = assessor.assess(title="Venezuela ta sera frontera ku Kòrsou")
    assert (lasting.direction.value, new.direction.value) == ("neutral", "escalatory")
