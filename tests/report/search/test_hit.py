from typing import Any

from builders import make_analysis, make_entry

from report.search.hit import Hit, text_of


def hit(*words: str, **fields: Any) -> Hit:
    return Hit.of(make_entry(**fields), words)


def test_the_line_is_from_the_analysis_if_that_has_the_word() -> None:
    found = hit("timeout", subject="a timeout", body="timeout")
    assert (found.field, text_of(found.line).startswith("超时的请求")) == ("analysis", True)
    assert [run.text for run in found.line if run.found] == ["timeout"]
    assert [run.text for run in found.subject if run.found] == ["timeout"]


def test_else_from_the_message_or_a_path() -> None:
    message = hit("because", body="It was so\n\nbecause of this.")
    assert (message.field, text_of(message.line)) == ("message", "It was so because of this.")
    path = hit("engine/server", analysis=make_analysis(source="rules"))
    assert (path.field, text_of(path.line)) == ("path", "engine/server.py")


def test_what_the_subject_shows_needs_no_other_line() -> None:
    found = hit("client", body="client")
    assert (found.field, text_of(found.line)) == ("analysis", "超时的请求现在会得到 504，而不是一直挂起。")


def test_a_commit_that_was_not_read_has_no_line() -> None:
    found = hit("client", facts=None, analysis=None)
    assert (found.line, text_of(found.subject)) == ((), "fix: answer before the client gives up")


def test_nothing_that_is_hidden_gets_into_a_line() -> None:
    found = hit("so", subject="so\u202e\x00\x1b[31m", author="A\u2066so", body="so\r\n\x07so")
    assert text_of(found.subject) == "so [31m"
    assert text_of(found.author) == "Aso"
