"""Half a tonne of drugs is notable."""

import pytest


@pytest.mark.parametrize(
    ("title", "severity"),
    [
        ("Coast guard seizes 400 kilos of cocaine near Curaçao", 1),
        ("Coast guard seizes 600 kilos of cocaine near Curaçao", 2),
        ("Kustwacht onderschept 1.400 kilo cocaïne bij Curaçao", 2),
        ("coast guard seizes 1 400 kilos of cocaine near curacao", 2),
        ("Marineschip onderschept 2 ton cocaïne in Caribisch gebied", 2),
        ("Coast guard seizes kilos of cocaine near Curaçao", 1),
        ("Coast guard finds 12345678901 kilos of cocaine near Curaçao", 1),
        ("Kilo of cocaine found near Curaçao", 1),
        ("Navy seizes 750kg of cocaine near Curaçao", 2),
        ("Navy seizes 75kg of cocaine near Curaçao", 1),
    ],
)
def test_the_weight_of_a_find_decides(assessor, title, severity):
    assert assessor.assess(title=title).severity == severity


def test_weights_of_other_things_say_nothing(assessor):
    assert not assessor.assess(title="900 kilos of plastic collected in Curaçao").relevant
