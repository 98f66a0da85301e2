"""Situation: is anything escalating, and can today's data be trusted?"""

from pages.components import frame

frame.header("Situation", "Is anything escalating, and can today's data be trusted?")
