"""What must hold of every page that evenground writes, checked without a browser: fast enough for thousands.

`problems(path)` lists what is wrong with one page; nothing where all is well. Sources: WCAG 2.2 (1.1.1,
1.3.1, 2.4.1, 2.4.2, 2.4.6, 3.1.1, 3.1.2, 4.1.2) and the promises of the project: self-contained, every
language whole.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from lxml import html

Element = html.HtmlElement
REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "popovertarget")
HEADINGS = {f"h{level}": level for level in range(1, 7)}


def problems(path: Path) -> list[str]:
    """Everything that is wrong with the page, each in a line."""
    text = path.read_text(encoding="utf-8")
    page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    checks: tuple[Callable[[Element], Iterator[str]], ...] = (
        _head, _outline, _landmarks, _references, _tables, _pictures, _languages, _names, _self_contained,
    )  # fmt: skip
    found = [wrong for check in checks for wrong in check(page)]
    return found + list(_files(page, path.parent))


def _head(page: Element) -> Iterator[str]:
    if not page.get("lang"):
        yield "the page does not say its language"
    title = page.find(".//title")
    if title is None or not (title.text or "").strip():
        yield "the page has no title"
    elif not all(title.get(f"data-{lang}", "").strip() for lang in languages(page)):
        yield "the title is not there in every language"
    if not page.xpath("//meta[@name='viewport']"):
        yield "the page does not fit itself to a phone"
    policy = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    if "default-src 'none'" not in policy:
        yield "the page may fetch from elsewhere"
    for script in page.iter("script"):
        digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
        if f"'sha256-{digest}'" not in policy:
            yield "a script that the page's policy does not allow"


def languages(page: Element) -> list[str]:
    """Those of the switch."""
    return [tongue.get("value") for tongue in page.xpath("//input[@name='lang']")]


def _outline(page: Element) -> Iterator[str]:
    levels = [HEADINGS[each.tag] for each in page.iter(*HEADINGS)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of the first level"
    if levels and levels[0] != 1:
        yield "a heading stands before the first of all"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _landmarks(page: Element) -> Iterator[str]:
    for name, kinds in (("main", "//main"), ("banner", "//header[not(ancestor::main)]")):
        if (many := len(page.xpath(kinds))) != 1:
            yield f"{many} times {name}"
    if len(page.xpath("//footer[not(ancestor::main)]")) > 1:
        yield "more than one footer"
    for kind in ("nav", "section"):
        named = [_name(each) for each in page.iter(kind)]
        if not all(named):
            yield f"a {kind} without a name"
        yield from (f"two {kind}s are named {name!r}" for name, many in Counter(named).items() if many > 1)
    first = page.xpath("//body//a[@href]")
    if not first or not (first[0].get("href") or "").startswith("#"):
        yield "the first link does not lead past the head"


def _references(page: Element) -> Iterator[str]:
    ids = Counter(page.xpath("//*[@id]/@id"))
    yield from (f"{many} elements have the id {name}" for name, many in ids.items() if many > 1)
    for attribute in REFERRING:
        for value in page.xpath(f"//@{attribute}"):
            yield from (f"{attribute} leads nowhere: {name}" for name in value.split() if name not in ids)
    for link in page.xpath("//a/@href"):
        if link.startswith("#") and link[1:] not in ids:
            yield f"a link leads nowhere: {link}"


def _tables(page: Element) -> Iterator[str]:
    for table in page.iter("table"):
        caption = table.find("caption")
        if caption is None or not _said(caption):
            yield "a table without a caption"
            continue
        name = _said(caption)[:60]
        for head in table.iter("th"):
            if head.get("scope") not in ("col", "row", "rowgroup", "colgroup"):
                yield f"{name}: a head that does not say of what"
            elif not _said(head):
                yield f"{name}: an empty head"
        columns = sum(_width(cell) for cell in table.xpath("./thead/tr[1]/*"))
        for row in table.xpath("./tbody/tr"):
            if row[0].tag != "th":
                yield f"{name}: a row without a head"
            if sum(_width(cell) for cell in row) > columns:
                yield f"{name}: a row wider than its heads"


def _width(cell: Element) -> int:
    return int(cell.get("colspan", "1"))


def _pictures(page: Element) -> Iterator[str]:
    for picture in page.iter("svg"):
        if picture.get("aria-hidden") == "true":
            continue
        if picture.get("role") != "img":
            yield "a picture that does not say that it is one"
        elif len(_name(picture)) < 10:
            yield "a picture without words for who does not see it"
    for name in ("img", "canvas", "object", "embed", "iframe", "video", "audio"):
        yield from (f"a {name} in the page" for _ in page.iter(name))


def _languages(page: Element) -> Iterator[str]:
    """Whatever is said in one language is said beside it in the others; `keep` marks what has only one."""
    wanted = set(languages(page))
    for picture in page.iter("svg"):
        if (there := set(picture.xpath(".//@lang"))) not in (set(), wanted):
            yield f"a picture with words only in {there}: {_name(picture)[:60]!r}"
    for element in page.xpath("//body//*[@lang][not(ancestor::svg)]"):
        if "keep" in element.get("class", "").split():
            continue
        same = [each for each in element.getparent() if each.tag == element.tag and each.get("lang")]
        many = Counter(each.get("lang") for each in same if "keep" not in each.get("class", "").split())
        if set(many) != wanted or len(set(many.values())) > 1:
            yield f"only in {element.get('lang')}: {_said(element)[:60]!r}"
        if element.get("lang") not in wanted:
            yield f"in a language that cannot be chosen: {element.get('lang')}"


def _names(page: Element) -> Iterator[str]:
    for element in page.xpath("//a[@href]|//button|//summary|//h1|//h2|//h3|//h4|//legend|//label"):
        if not _said(element) and not element.get("aria-label"):
            yield f"a {element.tag} without words"


def _self_contained(page: Element) -> Iterator[str]:
    for name in ("link", "base"):
        yield from (f"a {name} in the page" for _ in page.iter(name))
    for attribute in ("src", "srcset", "action", "poster", "data", "href"):
        for value in page.xpath(f"//@{attribute}"):
            if re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", value, re.I):
                yield f"{attribute} leads out of the bundle: {value[:60]}"
    for sheet in page.iter("style"):
        yield from (f"the style fetches: {found}" for found in re.findall(r"@import|url\(", sheet.text or ""))


def _files(page: Element, folder: Path) -> Iterator[str]:
    for link in page.xpath("//a/@href"):
        file = link.partition("#")[0]
        if file and not (folder / file).is_file():
            yield f"a link to a file that is not there: {file}"


def _name(element: Element) -> str:
    """The accessible name, from what it refers to."""
    if label := element.get("aria-label"):
        return label.strip()
    named = element.xpath("id(@aria-labelledby)")
    return " ".join(_said(each) for each in named)


def _said(element: Element) -> str:
    return " ".join(element.text_content().split())
