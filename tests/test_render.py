"""Words, dates and templates in both languages, and what becomes of a template that is not right."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from planner import render, resources
from planner.core.model import Pillar
from planner.language import LANGUAGES
from planner.render import BadPrompt, PostText, PostTexts, clock, day, environment, mail

MOMENT = datetime(2026, 12, 1, 9, 5)


# --- dates and words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        (date(2026, 12, 1), "en", "Tuesday, 1 December"),
        (date(2026, 12, 1), "de", "Dienstag, 1. Dezember"),
        (datetime(2027, 3, 31, 23, 59), "en", "Wednesday, 31 March"),
        (datetime(2027, 3, 31, 23, 59), "de", "Mittwoch, 31. März"),
    ],
)
def test_a_day_in_words(value: date, language: str, words: str) -> None:
    assert day(value, language) == words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("value", "words"), [(time(9, 5), "09:05"), (time(0), "00:00"), (MOMENT, "09:05")])
def test_a_time_is_on_24_hours(value: time, language: str, words: str) -> None:
    assert clock(value, language) == words


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Dienstag, 1. Dezember 09:05"), ("en", "Tuesday, 1 December 09:05")]
)
def test_a_template_speaks_the_language_of_its_environment(language: str, said: str) -> None:
    template = environment(language).from_string("{{ at | day }} {{ at | clock }} {{ language }}")
    assert template.render(at=MOMENT) == f"{said} {language}"


def test_a_language_we_do_not_speak_is_answered_in_english_throughout() -> None:
    template = environment("fr").from_string("{{ at | day }} {{ language }}")
    assert template.render(at=MOMENT) == "Tuesday, 1 December en"
    assert environment("de-AT") is environment("de")
    values = {"business": "Chez Nous", "platform": "gbp", "season": "winter", "products": "pain et brioches"}
    texts = PostTexts()
    assert texts.prompts("fr") == texts.prompts("en")
    assert texts.write("tip/three-steps", language="fr", **values) == texts.write(
        "tip/three-steps", language="en", **values
    )


# --- mails ----------------------------------------------------------------------------------------------


def written(language: str, name: str) -> tuple[str, str, str]:
    made = mail("test", language, business=SimpleNamespace(name=name), home="http://planner.test", moment=MOMENT)
    return made.subject, made.text, made.html


@pytest.mark.parametrize(("language", "when"), [("de", "Dienstag, 1. Dezember"), ("en", "Tuesday, 1 December")])
def test_a_mail_has_three_parts_in_one_language(language: str, when: str) -> None:
    subject, text, html = written(language, "Sonnenschein")
    assert "Sonnenschein" in subject
    assert when in text
    assert when in html
    assert f'lang="{language}"' in html


def test_what_people_write_is_escaped_in_html_only() -> None:
    subject, text, html = written("de", "Brot & <b>Salz</b>")
    assert "Brot & <b>Salz</b>" in subject
    assert "Brot & <b>Salz</b>" in text
    assert "Brot &amp; &lt;b&gt;Salz&lt;/b&gt;" in html
    assert "<b>Salz" not in html


def test_a_subject_is_one_line_whatever_is_in_it() -> None:
    assert "\n" not in written("en", "Sunshine\r\nBcc: everybody@example.org")[0]


def test_per_cent_signs_and_braces_in_a_name_are_only_letters() -> None:
    assert "100 %(day)s {{ home }} {name}" in written("en", "100 %(day)s {{ home }} {name}")[1]


def test_a_name_that_is_not_there_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="busines"):
        environment("en").from_string("{{ busines }}").render()


# --- prompts of one's own -------------------------------------------------------------------------------

VALUES = {"language": "en", "platform": "gbp", "season": "winter"}


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the English tips of an installation whose templates somebody changes."""
    folder = tmp_path / "posts" / "en" / "tip"
    folder.mkdir(parents=True)
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path)
    kept = (render.environment, render._prompts)
    for each in kept:
        each.cache_clear()
    yield folder
    for each in kept:
        each.cache_clear()


WHOLE = "{% set title %} A {% endset %}{% set hint %}H{% endset %}{% set text %}\nB {{ business }}?\n{% endset %}"


def test_a_file_dropped_in_is_a_prompt(prompts: Path) -> None:
    (prompts / "b.j2").write_text(WHOLE)
    (prompts / "a.j2").write_text(WHOLE)
    (prompts / "notes.txt").write_text("not one")
    texts = PostTexts()
    assert texts.prompts("en")[Pillar.TIP] == ("tip/a", "tip/b")
    assert texts.write("tip/a", business="Us", **VALUES) == PostText("A", "H", "B Us?")


def test_a_hint_may_be_left_out(prompts: Path) -> None:
    (prompts / "a.j2").write_text("{% set title = 'A' %}{% set text = 'B' %}")
    assert PostTexts().write("tip/a", business="Us", **VALUES) == PostText("A", "", "B")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{% set title %}A{% endset %}", "The prompt posts/en/tip/a.j2 sets no “text”."),
        ("{% set text %}A{% endset %}{% set title %} {% endset %}", "The prompt posts/en/tip/a.j2 sets no “title”."),
        ("{% set title %}A{% endset %}\n{% set text %}", "The prompt posts/en/tip/a.j2:2 cannot be used: "),
        ("\n{% sett title %}", "The prompt posts/en/tip/a.j2:2 cannot be used: "),
        (WHOLE.replace("business", "busines"), "cannot be used: 'busines' is undefined"),
        ("{% include 'posts/en/gone.j2' %}", "cannot be used: "),
        ("{{ title | nonsense }}", "cannot be used: "),
        ("{{ 1 / 0 }}", "cannot be used: ZeroDivisionError: "),
        ("{{ business + 5 }}", "cannot be used: TypeError: "),
        ("{{ business.format(**5) }}", "cannot be used: "),
    ],
)
def test_a_prompt_that_is_not_right_is_named(prompts: Path, source: str, sentence: str) -> None:
    (prompts / "a.j2").write_text(source)
    with pytest.raises(BadPrompt) as caught:
        PostTexts().write("tip/a", business="Us", **VALUES)
    assert sentence in caught.value.sentence()


def test_a_prompt_in_another_encoding_or_gone_since_is_named(prompts: Path) -> None:
    (prompts / "a.j2").write_bytes(b"{% set title %}Gr\xfc\xdfe{% endset %}")
    for prompt in ("tip/a", "tip/gone"):
        with pytest.raises(BadPrompt, match=prompt):
            PostTexts().write(prompt, business="Us", **VALUES)


def test_a_broken_prompt_gives_its_turn_to_the_next(prompts: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, source in {"a": WHOLE, "b": "{% sett %}", "c": WHOLE.replace(" A ", "C")}.items():
        (prompts / f"{name}.j2").write_text(source)
    texts = PostTexts()
    written = [texts.write_or_next(f"tip/{name}", business="Us", **VALUES) for name in "abcb"]
    assert [(prompt, text.title) for prompt, text in written] == [
        ("tip/a", "A"), ("tip/c", "C"), ("tip/c", "C"), ("tip/c", "C"),
    ]  # fmt: skip
    assert [record.message for record in caplog.records if "b.j2:1" in record.message] == [
        "The prompt posts/en/tip/b.j2:1 cannot be used: Encountered unknown tag 'sett'."
    ]  # once, though it was met twice


def test_nothing_but_broken_prompts_is_an_error(prompts: Path) -> None:
    (prompts / "a.j2").write_text("{% sett %}")
    with pytest.raises(BadPrompt, match=r"a\.j2"):
        PostTexts().write_or_next("tip/a", business="Us", **VALUES)


def test_a_piece_taken_in_never_keeps_the_name_of_another_business(prompts: Path) -> None:
    (prompts.parent / "greeting.j2").write_text("Greetings from {{ business }}")
    (prompts / "a.j2").write_text("{% set title = 'A' %}{% set text %}{% include 'posts/en/greeting.j2' %}{% endset %}")
    texts = PostTexts()
    said = [texts.write("tip/a", business=name, **VALUES).text for name in ("Us", "Them", "Us")]
    assert said == ["Greetings from Us", "Greetings from Them", "Greetings from Us"]


def test_many_businesses_do_not_fill_the_memory(prompts: Path) -> None:
    (prompts / "a.j2").write_text(WHOLE)
    texts = PostTexts()
    for number in range(2 * render._KEPT + 1):
        assert texts.write("tip/a", business=str(number), **VALUES).text == f"B {number}?"
    assert len(texts._kept) <= render._KEPT


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1, max_size=30) | st.sampled_from(["{{ 7*7 }}", "{% set text = 'x' %}", "%(x)s", "{x}", "<b>&"])
)
def test_any_name_of_a_business_stands_in_its_texts_as_it_is(name: str) -> None:
    text = PostTexts().write("question/first-time", language="de", business=name, platform="gbp", season="winter").text
    assert name in text.replace("49", "")
