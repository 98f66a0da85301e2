import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.snapshots.canonical import MAXIMUM_BYTES, export, seal, unseal, verify
from monitor.snapshots.document import SnapshotError, state_of
from tests.snapshots.documents import make_document, make_story

FILE = export(seal(make_document()))


def test_an_exported_file_is_intact_and_gives_its_document_back():
    verdict = verify(FILE)
    assert verdict.valid
    assert verdict.document == seal(make_document()).document
    assert verdict.named == verdict.sha256 == sha256(seal(make_document()).body).hexdigest()


def test_the_hash_is_over_sorted_keys_without_spaces():
    sealed = seal(make_document(title="Curaçao"))
    ours = json.dumps(sealed.document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    numbers_alike = json.loads(sealed.body) == json.loads(ours)
    assert numbers_alike
    assert list(json.loads(sealed.body)) == sorted(sealed.document)
    assert "Curaçao".encode() in sealed.body


@given(position=st.integers(0, len(FILE) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_refused(position: int, byte: int):
    changed = bytearray(FILE)
    changed[position] = byte if byte != FILE[position] else byte ^ 1
    verdict = verify(bytes(changed))
    assert not verdict.valid
    assert verdict.document is None
    assert verdict.sentence


@given(position=st.integers(0, len(FILE) - 1), length=st.integers(1, 40))
def test_a_missing_piece_is_refused(position: int, length: int):
    assert not verify(FILE[:position] + FILE[position + length :]).valid


@given(position=st.integers(0, len(FILE)), piece=st.binary(min_size=1, max_size=5))
def test_an_added_piece_is_refused(position: int, piece: bytes):
    assert not verify(FILE[:position] + piece + FILE[position:]).valid


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "no JSON", id="nothing"),
        pytest.param(b"\xff\xfe", "not UTF-8", id="no text"),
        pytest.param(b"<!doctype html><p>x", "page, not the snapshot", id="the page"),
        pytest.param(b"[]", "exactly a sha256 and a document", id="a list"),
        pytest.param(b'{"sha256":"x","document":{}}', "64 hex digits", id="no hash"),
        pytest.param(b'{"sha256":NaN,"document":{}}', "NaN is no JSON number", id="NaN"),
        pytest.param(b"[" * 200_000, "no JSON", id="very deep"),
        pytest.param(b" " * (MAXIMUM_BYTES + 1), "no snapshot is that large", id="very large"),
        pytest.param(
            json.dumps(json.loads(FILE), indent=1).encode(), "written anew", id="indented"
        ),
        pytest.param(
            json.dumps({"sha256": "0" * 64, "document": json.loads(FILE)["document"]}).encode(),
            "does not have the hash",
            id="another hash",
        ),
        pytest.param(
            FILE.replace(b'"version":2', b'"version":7'), "version 7 is unknown", id="newer version"
        ),
    ],
)
def test_what_is_no_exported_file_is_refused_in_clear_words(data: bytes, words: str):
    verdict = verify(data)
    assert not verdict.valid
    assert words in verdict.sentence


def test_a_number_that_json_cannot_hold_exactly_is_refused():
    with pytest.raises(SnapshotError, match="no canonical form"):
        seal(make_document(settings={"big": 2**60}))


def test_a_file_with_such_a_number_is_refused():
    changed = FILE.replace(b'"half_life_days":3.1', b'"half_life_days":1152921504606846976')
    assert "damaged" in verify(changed).sentence


def test_stored_bytes_that_were_changed_are_refused():
    sealed = seal(make_document())
    assert unseal(sealed.body, sealed.sha256) == sealed
    with pytest.raises(SnapshotError, match="was changed"):
        unseal(sealed.body.replace(b"Elevated", b"Guarded"), sealed.sha256)


@given(st.text(max_size=200))
def test_any_text_can_be_sealed_and_verified(text: str):
    sealed = seal(make_document(note=text, stories=[make_story(title=text, excerpt=text)]))
    assert verify(export(sealed)).valid


def test_the_check_in_the_documentation_needs_nothing_of_ours():
    shown = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    start, end = re.search(r"b\[(\d+):(\d+)\]\.decode", shown).groups()
    first, last = re.search(r"sha256\(b\[(\d+):(-\d+)\]\)", shown).groups()
    named = FILE[int(start) : int(end)].decode()
    assert named == sha256(FILE[int(first) : int(last)]).hexdigest()


def test_a_snapshot_of_the_first_edition_still_verifies_and_opens():
    data = (Path(__file__).parent / "data" / "edition1.json").read_bytes()
    verdict = verify(data)
    assert verdict.valid
    assert verdict.document is not None
    assert verdict.document["version"] == 1
    sealed = unseal(data[88:-2], verdict.sha256 or "")
    assert export(sealed) == data
    rows = sealed.document["board"]
    assert {row["state"] for row in rows if row["index"] is None} == {"quiet"}  # as it was written
    assert {state_of(row) for row in rows if row["index"] is None} == {"unknown"}  # as it is told
