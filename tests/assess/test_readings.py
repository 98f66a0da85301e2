"""Classes of news that are easily told wrong, as invented headlines in four languages."""

import pytest

UP, DOWN, FLAT = "escalatory", "deescalatory", "neutral"


def judged(assessor, title: str) -> tuple[str, int]:
    one = assessor.assess(title=title)
    assert one.relevant, title
    return one.direction.value, one.severity


@pytest.mark.parametrize(
    ("title", "way", "severity"),
    [
        ("Technical talks on reopening the border between Venezuela and Curaçao", DOWN, 1),
        ("Curaçao proposes to reopen border with Venezuela in June", DOWN, 2),
        ("Curaçao and Venezuela announce date for reopening of maritime border", DOWN, 2),
        ("Venezuela reopens border with Curaçao, Aruba and Bonaire", DOWN, 3),
        ("Overleg met Venezuela over heropening van de grens", DOWN, 1),
        ("Curazao y Venezuela anuncian fecha para reapertura de la frontera", DOWN, 2),
        ("Venezuela ta habri frontera ku Kòrsou, Aruba i Boneiru", DOWN, 3),
        ("Aruba considers allowing flights from Venezuela again", DOWN, 1),
    ],
)
def test_a_way_that_opens_weighs_by_its_step(assessor, title, way, severity):
    assert judged(assessor, title) == (way, severity)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("White House lets Chevron licence for Venezuela lapse", UP),
        ("EE UU revoca la licencia petrolera de Chevron en Venezuela", UP),
        ("Merka ta kita lisensia di Chevron pa Venezuela", UP),
        ("US grants Chevron a licence to pump oil in Venezuela", DOWN),
        ("Washington verlengt Chevron-vergunning voor olie uit Venezuela", DOWN),
    ],
)
def test_a_licence_is_the_other_side_of_a_sanction(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    ("title", "severity"),
    [
        ("Flights to Curaçao and Aruba cancelled after US bombs Caracas", 4),
        ("Vluchten naar Curaçao omgeleid door gesloten luchtruim Venezuela", 3),
        ("Luchtruim Curaçao dicht", 4),
        ("Airlines drop Caracas flights after FAA alert", 2),
    ],
)
def test_flights_stop_at_the_worst_only_for_an_attack_or_our_own_sky(assessor, title, severity):
    assert judged(assessor, title) == (UP, severity)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("Nederland stuurt extra fregat naar wateren bij Venezuela", FLAT),
        ("Países Bajos envía buque de guerra al sur del Caribe cerca de Venezuela", FLAT),
        ("Holanda suspende la cooperación militar con EE UU en el Caribe", FLAT),
        ("US sends destroyer to waters near Venezuela", UP),
        ("Russische bommenwerpers geland bij Caracas", UP),
    ],
)
def test_the_kingdom_protects_and_others_build_up(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("La presidenta encargada Delcy Rodríguez anuncia nuevo gabinete", FLAT),
        ("Acting president frees 80 political prisoners in Caracas", DOWN),
        ("Guaidó declares himself interim president of Venezuela", UP),
        ("Trump postpones strikes on Venezuela after call", DOWN),
        ("Tankers omzeilen Amerikaanse blokkade van Venezuela", FLAT),
        ("US lifts blockade of Venezuelan oil tankers", DOWN),
        ("Aqualectra explains cause of blackout in Curaçao", FLAT),
        ("Report: cyberattack on Curaçao ministry was preventable", FLAT),
        ("Amnistía denuncia trato a venezolanos detenidos en Curazao", FLAT),
    ],
)
def test_names_of_things_are_not_told_as_their_events(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    ("title", "way"),
    [
        pytest.param("Aantal overvallen op Curaçao flink gedaald", DOWN, id="less crime"),
        pytest.param("Atrakonan na Kòrsou ta baha", DOWN, id="less crime, Papiamentu"),
        pytest.param("Moord in Otrobanda na jaren opgelost", FLAT, id="a case is solved"),
        pytest.param("Polis di Corsou a resolve asesinato", FLAT, id="solved, Papiamento"),
        pytest.param("Orkaan schampt Curaçao", DOWN, id="the storm passes"),
        pytest.param("Kòrsou a skapa di orkan", DOWN, id="the storm passes, Papiamentu"),
        pytest.param("VS voeren sancties tegen Caracas weer in", UP, id="sanctions return"),
        pytest.param("Sanshonnan kontra Venezuela a bolbe", UP, id="they return, Papiamentu"),
        pytest.param("Bonaire uitgezonderd van sancties tegen Venezuela", FLAT, id="exempt"),
        pytest.param("Vakbondsman Caracas opgepakt en weer vrijgelaten", UP, id="held briefly"),
        pytest.param("VS geven olietanker terug aan Venezuela", DOWN, id="a tanker comes back"),
        pytest.param("VS trekken beloning op Maduro in", DOWN, id="a bounty ends"),
        pytest.param("FAA kita alerta pa espasio aéreo di Kòrsou", DOWN, id="a warning ends"),
        pytest.param("Avianca stelt terugkeer naar Caracas uit", UP, id="a return is put off"),
        pytest.param("Vissers Bonaire levend teruggevonden op zee", DOWN, id="found alive"),
        pytest.param("Nabestaanden van bootmigranten Curaçao wachten", FLAT, id="kin wait"),
        pytest.param("Kòrsou tin gasolin atrobe", DOWN, id="fuel is back"),
        pytest.param("Hongerstaking in cellen Curaçao beëindigd", DOWN, id="hunger strike over"),
        pytest.param("Oppositie Venezuela stapt uit dialoog", UP, id="talks are left"),
        pytest.param(
            "Venezuela en Aruba sluiten akkoord over visserij", DOWN, id="a deal is closed"
        ),
        pytest.param("Wapenstilstand tussen bendes in Otrobanda", DOWN, id="truce of gangs"),
        pytest.param("Venezuela verwerpt uitspraak Hof over Essequibo", UP, id="a ruling defied"),
    ],
)
def test_a_danger_and_its_opposite_are_told_apart(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    ("title", "way", "severity"),
    [
        ("The Hague summons Venezuelan ambassador over spying", UP, 2),
        ("Caracas exige explicaciones a Colombia", UP, 2),
        ("Venezuela suspends gas agreement with Trinidad", UP, 2),
        ("Venezuela presents proof of airspace violations by planes from Curaçao", UP, 2),
        ("Paramaribo and Caracas exchange ambassadors again", DOWN, 2),
        ("First ambassador in Caracas in nine years presents credentials", DOWN, 2),
    ],
)
def test_states_quarrel_and_make_up(assessor, title, way, severity):
    assert judged(assessor, title) == (way, severity)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("Opposition leader disqualified in Venezuela", UP),
        ("Allanan sede opositora en Caracas", UP),
        ("Recount demanded after disputed election in Venezuela", UP),
        ("Plot to kill Maduro uncovered, Caracas says", UP),
        ("Police use tear gas on opposition march in Caracas", UP),
        ("Venezuelan opposition allowed to register candidate", DOWN),
        ("Venezuelan opposition calls off march", DOWN),
    ],
)
def test_those_who_oppose_are_pressed_or_left_in_peace(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    "title",
    [
        "Storm raast over Bretagne",
        "Steekpartij in Deventer",
        "Brandweer oefent met nieuwe ladder",
        "Open dag op marineschip voor gezinnen",
        "Man dood in woning, geen misdrijf",
    ],
)
def test_a_local_paper_also_writes_of_elsewhere_and_of_nothing(assessor, title):
    assert not assessor.assess(title=title, publisher="curacao.nu").relevant


@pytest.mark.parametrize(
    "title",
    [
        "Oorlog tegen muggen in Otrobanda",
        "Bom onder coalitie Curaçao",
        "Guera kontra sangura na Kòrsou",
        "Curaçao council declares war on plastic",
    ],
)
def test_a_figure_of_speech_is_no_event(assessor, title):
    assert not assessor.assess(title=title).relevant


@pytest.mark.parametrize(
    ("title", "way", "severity"),
    [
        ("US cuts number of warships off Venezuela", DOWN, 3),
        ("Pentágono reduce su flota en el Caribe", DOWN, 3),
        ("USS Gravely leaves Trinidad", FLAT, 1),
        ("Guyana lowers alert on Venezuelan border", DOWN, 2),
        ("US halts strikes on boats off Venezuela", DOWN, 2),
        ("Bounty on Venezuelan general withdrawn", DOWN, 2),
        ("FAA lifts notice for Curaçao airspace", DOWN, 3),
        ("INAC habilita vuelos a Curazao", DOWN, 3),
        ("EU removes Venezuelan judge from sanctions list", DOWN, 2),
        ("US reimposes sanctions on Venezuelan oil", UP, 2),
        ("Chevron ordered to leave Venezuela", UP, 2),
        ("Washington permite a Repsol volver a Venezuela", DOWN, 2),
    ],
)
def test_what_is_taken_back_is_the_other_way(assessor, title, way, severity):
    assert judged(assessor, title) == (way, severity)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("Traficante condenado por muerte de migrantes frente a Aruba", FLAT),
        ("Venezuelan navy stops boats smuggling fuel to Aruba", FLAT),
        ("Frigate's crew finds cocaine on boat in Caribbean", FLAT),
        ("Relatives of boat strike victims sue Pentagon", FLAT),
        ("Russia opposes US sanctions on Venezuela", FLAT),
        ("Court hears bids for Citgo", FLAT),
        ("Canada reissues travel advisory for Venezuela", FLAT),
        ("Coast guard lets drug mules through on Curaçao", UP),
    ],
)
def test_law_and_order_raise_no_danger_of_their_own(assessor, title, way):
    assert judged(assessor, title)[0] == way


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("What we know of the reopening of the border with Curaçao", DOWN),
        ("Lo que se sabe del naufragio de migrantes frente a Falcón", UP),
        ("Speaker of parliament announces release of prisoners in Venezuela", DOWN),
    ],
)
def test_facts_that_are_explained_are_facts(assessor, title, way):
    assert judged(assessor, title)[0] == way


def test_a_near_collision_in_the_air_is_no_traffic_accident(assessor):
    one = assessor.assess(title="Airliner in near collision with air force jet over Curaçao")
    assert (one.direction.value, one.severity) == (UP, 3)
    assert {"airspace", "air_safety"} <= {flag.indicator for flag in one.flags}


def test_only_the_head_of_state_in_office_is_captured(assessor):
    assert judged(assessor, "US forces capture Maduro")[1] == 4
    assert judged(assessor, "Opposition mayor arrested by Maduro's police in Maracaibo")[1] <= 2


def test_a_border_closed_to_one_island_raises_one_flag(assessor):
    one = assessor.assess(title="Venezuela ta sera frontera ku Aruba pa 30 dia")
    assert [flag.indicator for flag in one.flags] == ["border_closure"]


@pytest.mark.parametrize(
    "title",
    [
        "Achttien jaar cel voor moord op Curaçao",
        "Armed robber convicted in Willemstad",
        "Earthquake felt in Aruba",
        "Arubaanse politie rolt drugsbende op",
        "Three fishermen missing off Falcón",
        "Curaçao residents fined for flying drones",
        "Bolivia and Venezuela sign trade agreement on cocoa",
    ],
)
def test_what_only_sounds_like_ours_is_left_alone(assessor, title):
    assert not assessor.assess(title=title).relevant


def test_fits_nothing_else_yields_to_what_fits(assessor):
    title = "China's ambassador condemns threat against Venezuela"
    ids = {flag.indicator for flag in assessor.assess(title=title).flags}
    assert ids
    assert "other_security" not in ids


def test_who_governs_in_caracas_yields_to_what_is_said_of_it(assessor):
    plain = assessor.assess(title="Maduro waits in his palace")
    assert plain.indicators == ("leadership_change",)
    title = "China's ambassador condemns threat against Maduro and Venezuela"
    assert "leadership_change" not in assessor.assess(title=title).indicators
