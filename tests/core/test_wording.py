"""How long words are, which gaps they have, and by what they are known again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from planner.core.model import Content, Pillar, Post, Status, ToDo
from planner.core.wording import gaps, length, mark

MOMENT = datetime(2026, 12, 1, 9)
POST = Post(
    id=1, uid="u", business_id=1, channel_id=1, cadence_id=None, slot=None, due_local=MOMENT,
    due_at=MOMENT.replace(tzinfo=UTC), pillar=Pillar.TIP, prompt="", title="Titel", text="Text", status=Status.PLANNED,
    created_at=MOMENT.replace(tzinfo=UTC), updated_at=MOMENT.replace(tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "limit", "count", "over"),
    [("", 10, 0, 0), ("ä🥐\n", 3, 3, 0), ("abcd", 3, 4, 1), ("abcd", None, 4, 0)],
)
def test_length(text: str, limit: int | None, count: int, over: int) -> None:
    found = length(text, limit)
    assert (found.count, found.over) == (count, over)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Am [Tag] in [Ort], wirklich am [Tag].", ["[Tag]", "[Ort]"]),
        ("[das Neue, in einem Satz]", ["[das Neue, in einem Satz]"]),
        ("ohne Lücke", []),
        ("[] und [a\nb]", []),
        ("ein [Verweis](https://example.org)", []),
        ("[" + "x" * 81 + "]", []),
    ],
)
def test_gaps(text: str, found: list[str]) -> None:
    assert gaps(text) == found


@pytest.mark.parametrize(
    "changed",
    [{"title": "x"}, {"text": "x"}, {"pillar": Pillar.TEAM}, {"content": Content.PHOTO}, {"notes": "x"},
     {"link": "https://x.example"}, {"status": Status.POSTED}, {"title": "Tite", "text": "lText"}],
)  # fmt: skip
def test_other_words_have_another_mark(changed: dict[str, object]) -> None:
    assert mark(replace(POST, **changed)) != mark(POST)  # type: ignore[arg-type]


def test_what_is_not_edited_by_the_form_leaves_the_mark() -> None:
    assert mark(replace(POST, revision=7, due_local=datetime(2027, 1, 1), checklist=(ToDo("x"),))) == mark(POST)
