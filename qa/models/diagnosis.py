"""Diagnosis: what the errors of the client libraries, and of the wire below them, mean."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpcore

from qa.models.failures import ADDRESS, PAUSE, Failure, asker_gone, out_of_time, too_much
from qa.models.rejections import is_overflow, overflow, rejected
from qa.models.sockets import Unreachable
from qa.models.transport import Refused
from qa.models.watch import AskerGone, OutOfTime, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.models.transport import Received
    from qa.models.watch import Watch


def failure_of(error: Exception, who: str, watch: Watch, received: Received) -> Failure:
    """Say what an error means; `who` begins the message."""
    silent = watch.received == received.before
    known = (_known(cause, who, watch, silent=silent) for cause in _causes(error))
    failure = next((failure for failure in known if failure is not None), None)
    if failure is not None:
        return failure
    if watch.begun:
        return Failure(f"{who} broke off in the middle of its answer.")
    body = getattr(error, "body", None)  # of an error sent as an event
    if body is not None:
        wrong = Failure(f"{who} reported an error instead of answering.")
        return overflow(who) if is_overflow(str(body)) else wrong
    if received.answered and any(isinstance(cause, httpcore.NetworkError) for cause in _causes(error)):
        return Failure(f"{who} broke off before it had said anything.")
    return _other_language(who)


def ending(finish: str | None, received: Received, who: str, *, said: bool, heard: bool) -> Failure | None:
    """Say what is wrong with how a stream ended; None where nothing is.

    `finish` is the reason it gave, `said` whether any text came, `heard` whether any event did.
    """
    if finish == "length":
        return Failure(f"{who} stopped at its length limit, so its answer is incomplete.", works=True)
    if finish == "content_filter":
        return Failure(f"{who} was stopped by its content filter.", works=True)
    if not said and (heard or received.done or received.content == 0):
        return Failure(f"{who} returned no text.", works=True)
    if not heard:
        return _other_language(who)
    # A server that gives its reason for ending has ended; some leave out the `[DONE]` behind it.
    if finish in {None, "error"}:
        return Failure(f"{who} broke off in the middle of its answer.")
    return None


def _known(cause: BaseException, who: str, watch: Watch, *, silent: bool) -> Failure | None:
    """Describe one error, where it tells enough by itself; `silent`: not a byte has come."""
    failure = None
    match cause:
        case OutOfTime():
            failure = out_of_time(cause, who)
        case AskerGone():
            failure = asker_gone(who)
        case TooMuch():
            failure = too_much(cause, who)
        case Refused():
            failure = rejected(cause, who)
        case httpcore.ConnectTimeout():
            within = f"within {watch.connect:g} s"
            failure = Failure(f"{who} could not be reached {within}. See whether it runs; {ADDRESS}.")
        case Unreachable():
            failure = _unreachable(cause, who)
        case httpcore.NetworkError() | httpcore.RemoteProtocolError() if silent:
            failure = Failure(f"{who} closed the connection without an answer.", wait=PAUSE)
        case _:
            pass
    return failure


def _unreachable(error: Unreachable, who: str) -> Failure:
    if isinstance(error.problem, socket.gaierror):
        return Failure(f"{who} could not be found, there is no host of that name: {ADDRESS}.")
    if isinstance(error.problem, ssl.SSLError):
        return Failure(f"{who} offers no secure connection that can be trusted: check QA_LLM.")
    wait = PAUSE if isinstance(error.problem, ConnectionError) else None
    return Failure(f"{who} could not be reached. See whether it runs; {ADDRESS}.", wait=wait)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _other_language(who: str) -> Failure:
    return Failure(f"{who} did not answer like an OpenAI-compatible server: {ADDRESS}.")
