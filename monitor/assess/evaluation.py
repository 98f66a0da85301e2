"""How good the judgement is: measured on labelled headlines, with every miss listed."""

from __future__ import annotations
