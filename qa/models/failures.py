"""Failures: what a call to a language model can end with, in words for the person who asked.

No key, no body and no address beyond the host gets into a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.models.watch import OutOfTime, TooMuch

PAUSE = 0.5
"""Seconds before a call is made again where the server does not say."""
ADDRESS = "check QA_LLM; the address usually ends in /v1"
"""What to do where the address may be wrong."""


class Failure(Exception):
    """A call failed: `message` says how, `wait` after how many seconds it may be made again, if at all.

    `works` says whether the server itself is in order, and only this question cannot be answered; None
    where nobody waited long enough to tell.
    """

    def __init__(self, message: str, *, wait: float | None = None, works: bool | None = False) -> None:
        super().__init__(message)
        self.message = message
        self.wait = wait
        self.works = works


def out_of_time(error: OutOfTime, who: str) -> Failure:
    """Say which limit of time has passed."""
    seconds = f"{error.seconds:g} s"
    if error.bound == "first_token":
        return Failure(f"{who} did not begin to answer within {seconds}.")
    if error.bound == "gap":
        return Failure(f"{who} fell silent for {seconds}, so its answer broke off.")
    return Failure(f"{who} was not done after {seconds}, so its answer was cut off.")


def asker_gone(who: str) -> Failure:
    """Say that nobody waited."""
    return Failure(f"{who} was not waited for.", works=None)


def too_much(error: TooMuch, who: str) -> Failure:
    """Say that more came than may."""
    return Failure(f"{who} sent {error}, so its answer was cut off.")
