"""stories split and merge: what a person corrects stays."""

import json

from tests.cli.test_commands import answer, run

__all__ = ["run"]

REPORTS = [
    "US airstrike hits Caracas port, Venezuela says, twelve dead",
    "US airstrike hits Caracas port, twelve dead, says Venezuela",
]


def stories(run):
    return {
        one["title"]: one["id"]
        for one in answer(run, "stories", "list", "--json")
        if "airstrike" in one["title"]
    }


def test_a_split_and_a_merge_stay_when_items_are_judged_again(run, tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(
        "\n".join(
            json.dumps(
                {
                    "url": f"https://p{n}.example/1",
                    "title": title,
                    "published": "2025-12-01T10:00:00Z",
                    "publisher": f"Paper {n}",
                }
            )
            for n, title in enumerate(REPORTS)
        )
    )
    answer(run, "import", file, "--json")
    assert len(stories(run)) == 1
    items = [
        one["id"] for one in answer(run, "items", "list", "--json") if "airstrike" in one["title"]
    ]
    moved = answer(run, "stories", "split", items[0], "--json")["story"]
    assert moved in stories(run).values()
    assert len(stories(run)) == 2
    answer(run, "reassess", "--json")
    assert len(stories(run)) == 2
    status, out, _err = run("stories", "merge", *stories(run).values())
    assert status == 0
    assert "2 stories are" in out
    assert len(stories(run)) == 1


def test_what_is_not_there_cannot_be_moved(run):
    status, _out, err = run("stories", "split", "none")
    assert (status, "no item none" in err) == (1, True)
    (story,) = answer(run, "stories", "list", "--json")
    status, _out, err = run("stories", "merge", story["id"])
    assert (status, "no story a second one" in err) == (1, True)
