"""A thousand ordinary headlines, made from our own sentence patterns: nothing here is a threat."""

from __future__ import annotations

import random

PATTERNS = {
    "sport": [
        "{team} beat {team2} {n}-{n2} to reach the {cup} final",
        "{name} scores twice as {team} win the derby",
        "Striker {name} out for six weeks after knee injury",
        "{team} coach happy with attack after {n}-{n2} victory",
        "{name} wins gold medal in the 200 metres",
        "Late penalty shot rescues a draw for {team}",
        "{team} sign defender {name} from {team2}",
        "{team} wint met {n}-{n2} van {team2} in {cup}",
        "{name} mist training door blessure bij {team}",
        "Honkbalteam van {isle} plaatst zich voor {cup}",
        "{team} vence {n}-{n2} a {team2} y avanza en la {cup}",
        "{name} firma contrato con {team}",
        "La selección de {isle} prepara su debut en la {cup}",
        "{team} ta gana {n}-{n2} contra {team2} den {cup}",
        "Hungado {name} ta bay hunga pa {team}",
        "Landado {name} a gana medaya na {cup}",
    ],
    "culture": [
        "{name} to headline jazz festival in {town}",
        "New exhibition of local painters opens at {town} gallery",
        "Explosive album: {name} drops a bomb on the charts",
        "Film about pirates of the Caribbean sea starts shooting in {town}",
        "Carnival parade draws thousands to {town}",
        "Thriller about a coup in Caracas wins book prize",
        "Zangeres {name} geeft concert in {town}",
        "Carnavalsoptocht trekt door de straten van {town}",
        "Nieuwe roman over slavernij op {isle} verschenen",
        "Concierto de {name} llena el teatro de {town}",
        "Estrenan película sobre la guerra de independencia en {town}",
        "Festival di tumba na {town} tin diesdos cantante",
        "Artista {name} ta presenta exposicion na {town}",
    ],
    "business": [
        "Shares of {firm} hit record after strong quarter",
        "{firm} opens new office in {town}",
        "{isle} tourism up {n}{n2} percent in first half",
        "Supermarkets in {town} start price war",
        "Interest rates held steady as inflation slows in {far}",
        "{firm} and {firm2} agree merger",
        "Hotel in {town} adds 120 rooms",
        "{firm} boekt hogere winst in derde kwartaal",
        "Huizenprijzen in {far} stijgen opnieuw",
        "Toerisme {isle} groeit met {n} procent",
        "{firm} abre nueva tienda en {town}",
        "La inflación en {far} baja al {n} por ciento",
        "{isle} ta ricibi {n} porciento mas turista",
        "Compania {firm} ta habri sucursal na {town}",
    ],
    "weather elsewhere": [
        "Heavy snow closes schools in {far}",
        "Storm leaves thousands without power in {far}",
        "Flooding forces evacuations in {far}",
        "Earthquake shakes {far}, no victims reported",
        "Hittegolf houdt {far} in zijn greep",
        "Storm over {far}: honderden bomen om",
        "Inundaciones en {far} dejan calles bajo el agua",
        "Nevada histórica en {far}",
    ],
    "celebrity": [
        "{name} and partner expecting second child",
        "{name} stuns in red dress at gala in {far}",
        "{name} fires back at critics after interview",
        "Fans attack {name} over new haircut",
        "{name} verrast fans met nieuw kapsel",
        "{name} en {name} uit elkaar na tien jaar",
        "{name} celebra su cumpleaños con fiesta en {far}",
        "{name} rompe el silencio sobre su divorcio",
    ],
    "technology": [
        "{firm} launches phone with longer battery life",
        "New app helps students learn to code",
        "Review: the best laptops under 500 dollars",
        "{firm} battles rivals in artificial intelligence race",
        "Satellite captures striking images of Saturn",
        "{firm} brengt nieuwe telefoon op de markt",
        "Zo werkt kunstmatige intelligentie in de klas",
        "{firm} presenta su nuevo teléfono plegable",
        "Cómo usar la inteligencia artificial en la escuela",
    ],
    "community": [
        "Students in {town} plant 200 trees",
        "Library in {town} celebrates anniversary with reading day",
        "Blood bank thanks donors in {town}",
        "School in {town} gets new playground",
        "Leerlingen in {town} maken kunst van plastic",
        "Vrijwilligers ruimen strand bij {town} op",
        "Escuela de {town} celebra el día del libro",
        "Scol na {town} ta celebra dia di buki",
        "Fundashon na {town} a duna cuminda na hende grandi",
    ],
    "crime elsewhere": [
        "Man arrested after robbery in {far}",
        "Police in {far} investigate fatal shooting",
        "Bus crash in {far} kills four",
        "Overval op juwelier in {far}",
        "Dode bij schietpartij in {far}",
        "Detienen a un hombre por robo en {far}",
        "Choque de autobuses en {far} deja ocho muertos",
    ],
}
FILL = {
    "team": ["Ajax", "Real Madrid", "Atlético", "Rangers", "Leones", "Dakota", "Jong Holland"],
    "team2": ["PSV", "Sevilla", "United", "Tigers", "Estrella", "Britannia", "Centro Dominguito"],
    "cup": ["Gold Cup", "Champions League", "Copa América", "Nations League", "Little League"],
    "name": ["Maya Lopes", "Tom Visser", "Ana Pérez", "Ruben Croes", "Lisa Martina", "J. Bakker"],
    "isle": ["Curaçao", "Aruba", "Bonaire", "Jamaica", "Barbados", "Puerto Rico"],
    "town": ["Willemstad", "Oranjestad", "Kralendijk", "Utrecht", "Medellín", "Miami", "Punda"],
    "far": ["Texas", "Japan", "Rotterdam", "Chile", "Kenya", "Sydney", "Madrid", "Kingston"],
    "firm": ["Nokia", "Samsung", "Heineken", "Zara", "Lidl", "Shell Energy", "Volvo"],
    "firm2": ["Ericsson", "Philips", "Mango", "Aldi", "Orange", "Fiat"],
    "n": ["2", "3", "4", "5"],
    "n2": ["0", "1"],
}


def headlines(n: int = 1000, seed: int = 7) -> list[str]:
    """`n` different headlines, the same for the same seed."""
    chance = random.Random(seed)
    patterns = [one for group in PATTERNS.values() for one in group]
    found: dict[str, None] = {}
    while len(found) < n:
        text = chance.choice(patterns)
        for key, choices in FILL.items():
            while f"{{{key}}}" in text:
                text = text.replace(f"{{{key}}}", chance.choice(choices), 1)
        found[text] = None
    return list(found)
