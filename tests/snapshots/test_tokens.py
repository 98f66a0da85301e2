import math
import string

from monitor.snapshots import tokens


def test_a_token_has_at_least_128_random_bits():
    token = tokens.new_token()
    assert set(token) <= set(string.ascii_letters + string.digits)
    assert len(token) * math.log2(62) >= 128


def test_no_two_are_alike():
    assert len({tokens.new_token() for _ in range(1000)}) == 1000
    assert len({tokens.new_id() for _ in range(1000)}) == 1000


def test_only_the_right_key_matches_its_digest():
    key = tokens.new_owner_key()
    assert tokens.matches(key, tokens.digest(key))
    assert not tokens.matches(key + "x", tokens.digest(key))
    assert key not in tokens.digest(key)
