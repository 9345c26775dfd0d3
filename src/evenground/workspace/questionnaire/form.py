"""The form on paper, a file a language, and the table that its answers are typed into."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from evenground.definitions import load_wording, phrases, said
from evenground.definitions.questionnaire import questionnaire
from evenground.press import typeset
from evenground.storage import whole_folder
from evenground.workspace.place import check_folder

TABLE = "answers.csv"
_WORDS = ("title", "lead", "no_names", "footer", "page", "of", "thanks")


def columns() -> tuple[str, ...]:
    """The columns of the table: the numbers on the paper."""
    return tuple(f"q{number}" for number in range(1, len(questionnaire()) + 1))


def form_file(lang: str) -> str:
    return f"which-is-fairer-{lang}.pdf"


def write_form(folder: Path, made_on: str) -> tuple[str, ...]:
    """Writes the form in every language and the empty table, whole or not at all; their names. Raises
    InputProblems where other files are there."""
    languages = load_wording().languages
    names = (*map(form_file, languages), TABLE)
    check_folder(folder, names)
    with whole_folder(folder) as fresh:
        for lang in languages:
            (fresh / form_file(lang)).write_bytes(print_form(lang, made_on))
        (fresh / TABLE).write_text(",".join(columns()) + "\n", encoding="utf-8")
    return names


def print_form(lang: str, made_on: str) -> bytes:
    """The PDF (PDF/UA-1) in one language. No idea is named on it."""
    template = (resources.files(__package__) / "form.typ").read_text(encoding="utf-8")
    words = phrases("questionnaire")
    data = {
        "lang": lang,
        "words": {key: said(words[key]).of(lang) for key in _WORDS},
        "items": [
            {
                "ask": said(item.ask).of(lang),
                "first": said(item.first.text).of(lang),
                "second": said(item.second.text).of(lang),
            }
            for item in questionnaire().values()
        ],
    }
    return typeset(template, data, {}, datetime.fromisoformat(made_on).replace(tzinfo=UTC))
