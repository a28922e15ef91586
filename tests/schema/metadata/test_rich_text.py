"""[A3] Of rich text only what formats words is kept, whatever was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata.fields import Field, OptionValue
from schema.metadata.rich_text import LONGEST_SOURCE, cleaned, plain, rich_text
from tenants.errors import Invalid

LINK = '<a href="https://x.cn" rel="noopener noreferrer nofollow">x</a>'


def stored(raw: object, **options: OptionValue) -> object:
    return rich_text(raw, Field("f", "richText", options=tuple(options.items())))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>你好 <b>world</b></p>", "<p>你好 <b>world</b></p>"),
        ("plain & simple", "plain &amp; simple"),
        ("<p>open", "<p>open</p>"),
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{}</style>a", "a"),
        ('<p onclick="x()" style="color:red" class="c" id="i">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="https://x.cn" target="_blank">x</a>', LINK),
        ('a<img src="https://x.cn/seen.png" onerror="x()">', "a"),
        ("<svg><script>alert(1)</script></svg>a", "a"),
        (
            "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>a",
            None,
        ),
        ("<p></p><p>&nbsp;</p><br>", None),
        ("<!-- a -->", None),
        ("", None),
        (None, None),
    ],
)
def test_html_is_cleaned(raw: object, expected: str | None) -> None:
    assert stored(raw) == expected


@pytest.mark.parametrize(
    ("clean", "words"),
    [
        ("<p>one</p><p>two <b>three</b></p>", "one\ntwo three"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "a b"),
        ("a<br>b &lt;i&gt; &amp; ＡＢＣ", "a\nb <i> & ABC"),
        ('<a href="https://x.cn" title="a &gt; b">x</a>', "x"),
    ],
)
def test_words_stand_without_tags(clean: str, words: str) -> None:
    assert plain(cleaned(clean)) == words


@pytest.mark.parametrize(
    ("raw", "options", "code"),
    [
        ("x" * (LONGEST_SOURCE + 1), {}, "TOO_LONG"),
        ("<b>" + "x" * 20_001, {}, "TOO_LONG"),
        ("<b>abcd</b>", {"maxLength": 3}, "TOO_LONG"),
        ("a\0", {}, "BAD_CHARACTERS"),
        (7, {}, "WRONG_TYPE"),
        ({"html": "a"}, {}, "WRONG_TYPE"),
    ],
)
def test_bad_rich_text_is_refused(raw: object, options: dict[str, OptionValue], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        stored(raw, **options)

    assert caught.value.code == code


@given(st.text(alphabet=st.sampled_from("<>/&;\"'= apbimgscrtonelv\n"), max_size=120))
def test_cleaning_leaves_nothing_to_clean(raw: str) -> None:
    once = cleaned(raw)

    assert cleaned(once) == once
    assert not any(bad in once.lower() for bad in ("<script", "<img", "<svg", "<style", "<iframe"))
