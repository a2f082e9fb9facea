"""Tests of a small client of Etherpad, which is part of the application that is tested."""

import pytest
import requests

LESSON_BEGINS = "2030-01-01T08:00:00Z"
LESSON_ENDS = 1893487500  # 08:45


class EtherpadIsDown(Exception):
    pass


def call(etherpad, function, **parameters):
    answer = requests.get(f"{etherpad.url}/api/1.2.15/{function}", params={"apikey": etherpad.api_key, **parameters}, timeout=30)
    if not answer.headers["Content-Type"].startswith("application/json"):
        raise EtherpadIsDown(answer.status_code)
    envelope = answer.json()
    if envelope["code"] != 0:
        raise ValueError(envelope["message"])
    return envelope["data"]


def open_lesson(etherpad):
    group = call(etherpad, "createGroupIfNotExistsFor", groupMapper="7b")
    author = call(etherpad, "createAuthorIfNotExistsFor", authorMapper="ada")
    return call(etherpad, "createSession", **group, **author, validUntil=LESSON_ENDS)


def test_a_lesson_opens_one_session(etherpad):
    open_lesson(etherpad)
    etherpad.verify(function="createSession", parameters={"validUntil": LESSON_ENDS}, times=1)


def test_a_lesson_ends_when_it_is_over_and_nobody_waits_for_it(etherpad):
    etherpad.control("PUT", "clock", now=LESSON_BEGINS, frozen=True)
    session = open_lesson(etherpad)
    etherpad.control("POST", "clock/advance", beforeExpiryOf=session["sessionID"])
    assert call(etherpad, "getSessionInfo", **session)["validUntil"] == LESSON_ENDS
    etherpad.control("POST", "clock/advance", pastExpiryOf=session["sessionID"])
    with pytest.raises(ValueError, match="sessionID does not exist"):
        call(etherpad, "getSessionInfo", **session)


def test_a_lesson_tells_when_etherpad_is_down(etherpad):
    etherpad.control("POST", "faults", kind="html", status=502, function="createSession")
    with pytest.raises(EtherpadIsDown):
        open_lesson(etherpad)


def test_a_lost_answer_leaves_the_session_created(etherpad):
    etherpad.control("POST", "faults", kind="lostAnswer", function="createSession", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        open_lesson(etherpad)
    assert len(etherpad.control("GET", "state")["sessions"]) == 1
