import pytest

from report.tongue import tongue


@pytest.mark.parametrize(
    ("text", "in_chinese", "in_english"),
    [
        ("fix: a timeout", "en", ""),
        ("修复超时", "", "zh"),
        ("feat(引擎): 支持 KV", "", "zh"),
        ("時間切れを修正", "ja", "ja"),
        ("시간 초과 수정", "ko", "ko"),
        ("1.2.3 → 1.2.4", "", ""),
        ("", "", ""),
    ],
)
def test_a_text_is_marked_when_the_page_is_in_another_language(
    text: str, in_chinese: str, in_english: str
) -> None:
    assert (tongue(text, "zh-CN"), tongue(text, "en")) == (in_chinese, in_english)
