"""A new language starts from here: `python -m evenground.definitions.skeleton fr > fr.yaml`.

The file has every English text once, in its place; whoever translates it writes over the English.
"""

from __future__ import annotations

import re
import sys
from importlib import resources

import yaml

from evenground.definitions.languages import english_texts, load_wording

_HEAD = """\
# The words of a review in {lang}. Write over the English to the right of each colon; what is in {{}} stays.
# `texts` holds what the definitions say: the line `en` stays, the line `{lang}` becomes the translation.
# Put the file into the folder evenground/definitions/languages. What is missing or wrong is told by line.
"""


def skeleton(lang: str) -> str:
    """The file of a further language, as YAML, with English in every place. Raises ValueError for what is no
    code of a language, or one that is there already."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", lang):
        raise ValueError(f"{lang!r} is no code of a language; write two or three small letters, such as fr")
    if lang in load_wording().languages:
        raise ValueError(f"{lang} is there already: languages/{lang}.yaml")
    english = resources.files("evenground.definitions") / "languages" / "en.yaml"
    content = yaml.safe_load(english.read_text(encoding="utf-8"))
    content |= {"noun_first": False, "texts": [{"en": text, lang: text} for text in english_texts()]}
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1_000)
    return _HEAD.format(lang=lang) + written


if __name__ == "__main__":
    try:
        print(skeleton(sys.argv[1] if len(sys.argv) == 2 else ""), end="")
    except ValueError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
