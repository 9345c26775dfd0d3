"""Text cannot become markup."""

from __future__ import annotations

from evenground.press import Html, Words, both, element, inline

BAD = '<script>alert("x")</script>'


def test_text_and_attributes_are_escaped() -> None:
    assert element("p", BAD) == '<p>&lt;script&gt;alert("x")&lt;/script&gt;</p>'
    assert element("a", "x", href='"><b>') == '<a href="&quot;&gt;&lt;b&gt;">x</a>'
    assert element("a", "x", href="a b", id="é") == '<a href="a b" id="é">x</a>'
    assert "<script" not in both("p", Words(BAD, BAD + "!")) + inline(Words(BAD, BAD + "!"))


def test_elements_stay_elements() -> None:
    assert element("p", element("b", "1 < 2")) == "<p><b>1 &lt; 2</b></p>"
    assert element("p", Html("<i>x</i>")) == "<p><i>x</i></p>"
    assert element("ul", [element("li", "a"), element("li", "b")]) == "<ul><li>a<li>b</ul>"


def test_attributes_that_are_false_or_none_are_left_out() -> None:
    written = element(
        "input", type="radio", checked=True, disabled=False, id=None, class_="a", aria_label="b"
    )
    assert written == "<input type=radio checked class=a aria-label=b>"


def test_both_languages_are_marked_and_equal_words_are_written_once() -> None:
    assert inline(Words("yes", "sí")) == "<span lang=en>yes</span><span lang=es>sí</span>"
    assert inline(Words("2016", "2016")) == "2016"
    assert both("p", Words("yes", "sí")) == "<p lang=en>yes</p><p lang=es>sí</p>"
