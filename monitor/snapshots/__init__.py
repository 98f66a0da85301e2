"""Snapshots: the whole view frozen at one moment, with a hash, and the pictures made from it."""
