"""What severities, directions and languages are called, for every page, file and feed alike."""

from __future__ import annotations

SEVERITIES = ("not relevant", "background", "notable", "serious", "critical")
DIRECTIONS = {"escalatory": "escalating", "deescalatory": "easing", "neutral": "no clear change"}
LANGUAGES = {"en": "English", "nl": "Dutch", "es": "Spanish", "pap": "Papiamentu"}
