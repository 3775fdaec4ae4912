"""What a status other than 200 means."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from qa.models.rejections import rejected, retry_after
from qa.models.transport import Refused

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("1", 1),
        (" 3600 ", 3600),
        ("1.5", 1.5),
        ("Sun, 22 Nov 2026 12:00:08 GMT", 8),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 13:00:10 +0100", 10),
        ("Sunday, 22-Nov-26 12:00:08 GMT", 8),
    ],
)
def test_a_number_or_a_date_says_when_to_try_again(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [None, "", "abc", "-1", "nan", "inf", "1e999", "99 Foo 2026", "9" * 5000, "Sun, 22 Nov 99999", "0x10"],
)
def test_any_other_value_says_nothing(value: str | None) -> None:
    assert retry_after(value, NOW) is None


def refused(status: int, body: str = "", **headers: str) -> Refused:
    return Refused(status, httpx.Headers({k.replace("_", "-"): v for k, v in headers.items()}), body)


@pytest.mark.parametrize(
    ("status", "body", "words", "works"),
    [
        (401, "", "refused the key: check QA_LLM_API_KEY", True),
        (403, "", "refused the key", True),
        (404, "", "does not know the model or the address", True),
        (400, '{"error": {"type": "exceed_context_size_error"}}', "evidence did not fit", True),
        (400, "This model's maximum context length is 4096 tokens", "evidence did not fit", True),
        (413, "", "evidence did not fit", True),
        (400, "bad", "HTTP status 400", True),
        (302, "", "redirects", True),
        (429, "", "is asked too often", False),
        (500, "", "is in trouble", False),
        (503, "", "is in trouble", False),
        (418, "", "HTTP status 418", True),
    ],
)
def test_each_status_says_what_to_do_and_whether_the_server_works(
    status: int, body: str, words: str, *, works: bool
) -> None:
    failure = rejected(refused(status, body), "The model at x")
    assert words in failure.message
    assert failure.works is works


def test_only_what_may_pass_is_tried_again() -> None:
    waits = {status: rejected(refused(status), "X").wait for status in (*range(300, 600),)}
    assert {status for status, wait in waits.items() if wait is not None} == {429, 500, 502, 503, 504}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [("40", "in 40 s"), ("119", "in 119 s"), ("3600", "in 60 minutes"), ("90000", "in 25 hours")],
)
def test_a_long_wait_is_said_in_words(seconds: str, words: str) -> None:
    assert words in rejected(refused(429, Retry_After=seconds), "X").message


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("https://other.example:8443/v1?secret=1", " to other.example,"),
        ("/login", "redirects, and"),
        ("http://[::1", "redirects, and"),
        ("http://a b<script>/", "redirects, and"),
        ("http://" + "a" * 5000, "redirects, and"),
    ],
)
def test_a_redirect_is_named_by_its_host_alone(location: str, named: str) -> None:
    message = rejected(refused(307, Location=location), "X").message
    assert named in message
    assert "secret" not in message
