"""From an item's words to a judgement with reasons; `Assessor` is the way in."""
