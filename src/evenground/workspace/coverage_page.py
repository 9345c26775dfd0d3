"""Coverage as files: two tables and a page in English and Spanish. That there are values, never which."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evenground.definitions import Text, load_wording, phrases, said
from evenground.press import Html, Words, bar, both, contents, element, filled, join, leaf, plain_table
from evenground.storage import whole_folder
from evenground.workspace.coverage import Coverage, Place
from evenground.workspace.place import check_folder

FILES = ("index.html", "indicators.csv", "frameworks.csv")
_Cell = Html | str | Words


def write(found: Coverage, folder: Path) -> None:
    """The page and the tables, whole or not at all. Raises InputProblems where other files are there."""
    check_folder(folder, FILES)
    with whole_folder(folder) as fresh:
        texts = (page(found), _table(_indicators(found)), _table(_frameworks(found)))
        for name, text in zip(FILES, texts, strict=True):
            (fresh / name).write_text(text, encoding="utf-8", newline="")


def _indicators(found: Coverage) -> Iterable[Mapping[str, str]]:
    known = found.definitions
    for key, one in known.indicators.items():
        seen = found.seen.get(key)
        yield {
            "indicator": key,
            "name_en": one.name.en,
            "name_es": one.name.es,
            "question": one.question,
            "over": one.over,
            "as_of": known.populations[one.over].as_of,
            "shown": "yes" if seen else "no",
            "school_years": " ".join(seen.periods) if seen else "",
            "dimensions": " ".join(seen.dimensions) if seen else "",
            "lowest_level": seen.level if seen else "",
            "collect_en": one.collect.en,
            "collect_es": one.collect.es,
            **{framework: " ".join(one.framework.get(framework, ())) for framework in known.frameworks},
        }


def _frameworks(found: Coverage) -> Iterable[Mapping[str, str]]:
    for place in found.places:
        entry = found.definitions.frameworks[place.framework].entries[place.entry]
        yield {
            "framework": place.framework,
            "label": entry.label,
            "entry": place.entry,
            "name_en": entry.name.en,
            "name_es": entry.name.es,
            "covered": "yes" if place.shown else "no",
            "indicators": " ".join(place.shown),
            "would_cover": " ".join(place.others),
        }


def _table(rows: Iterable[Mapping[str, str]]) -> str:
    kept = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(kept[0]))
    writer.writeheader()
    writer.writerows(kept)
    return text.getvalue()


# --- the page ---


def _say(key: str, **values: object) -> Words:
    return filled(said(phrases("coverage")[key]), **values)


def page(found: Coverage) -> str:
    """The whole HTML file: the measures by question, then the frameworks."""
    known = found.definitions
    title = _say("title", name=found.title) if found.title else _say("title_none")
    numbers = {"shown": len(found.seen), "all": len(known.indicators)}
    links = [(key, said(question.title)) for key, question in known.questions.items()]
    links.append(("frameworks", _say("frameworks")))
    header = element(
        "header",
        bar(_say("language"), load_wording().label("language_name")),
        element("h1", title),
        both("p", _say("lede" if found.title else "lede_none", **numbers), class_="lede"),
        contents(_say("contents"), links),
    )
    parts = [_question(found, key) for key in known.questions]
    main = element("main", parts, _framework_tables(found))
    return leaf(title, _say("skip"), links[0][0], (header, main))


def _question(found: Coverage, key: str) -> Html:
    known = found.definitions
    keys = [name for name, one in known.indicators.items() if one.question == key]
    shown = [_shown(found, name) for name in keys if name in found.seen]
    missing: list[list[_Cell]] = [
        [said(known.indicators[name].name), said(known.indicators[name].collect)]
        for name in keys
        if name not in found.seen
    ]
    heads = [_say("measure"), _say("over"), _say("years"), _say("groups"), _say("level")]
    tables = [plain_table(f"{key}-shown", _say("shown"), heads, shown)] if shown else []
    if missing:
        heads = [_say("measure"), _say("collect")]
        tables.append(plain_table(f"{key}-missing", _say("collect"), heads, missing))
    title = element("h2", said(known.questions[key].title), id=key)
    return element("section", title, tables, aria_labelledby=key)


def _shown(found: Coverage, key: str) -> list[_Cell]:
    known, seen = found.definitions, found.seen[key]
    one = known.indicators[key]
    groups = _listed([known.dimensions[name].name for name in seen.dimensions])
    years = " – ".join(dict.fromkeys((seen.periods[0], seen.periods[-1])))
    return [said(one.name), said(known.populations[one.over].name), years, groups, _say(seen.level)]


def _framework_tables(found: Coverage) -> Html:
    tables = []
    for key, framework in found.definitions.frameworks.items():
        places = [place for place in found.places if place.framework == key]
        covered = sum(bool(place.shown) for place in places)
        name = said(framework.name)
        caption = _say("count", name=name, covered=covered, all=len(places))
        heads = [_say("entry"), _say("covered"), _say("would")]
        tables.append(plain_table(key, caption, heads, [_place(found, place) for place in places]))
    title = element("h2", _say("frameworks"), id="frameworks")
    return element("section", title, tables, aria_labelledby="frameworks")


def _place(found: Coverage, place: Place) -> list[_Cell]:
    entry = found.definitions.frameworks[place.framework].entries[place.entry]
    name = join(f"{entry.label} ", said(entry.name))
    if not place.shown and not place.others:
        return [name, "", _say("nothing")]
    return [name, _names(found, place.shown), _names(found, place.others)]


def _names(found: Coverage, keys: Sequence[str]) -> Words:
    return _listed([found.definitions.indicators[key].name for key in keys])


def _listed(texts: Sequence[Text]) -> Words:
    return Words.each(lambda *names: ", ".join(names), *map(said, texts)) if texts else Words("")
