"""Tests of an application that fetches the minutes of a lesson, as the pupil who may read them."""

import requests
from test_lesson import LESSON_BEGINS, call, open_lesson


def fetch_minutes(etherpad, pad_id, session_id):
    """What the application does: the session goes into the cookie sessionID, and Etherpad decides by it."""
    return requests.get(f"{etherpad.url}/p/{pad_id}/export/txt", cookies={"sessionID": session_id}, timeout=30)


def test_minutes_can_be_read_until_the_lesson_is_over(etherpad):
    etherpad.control("PUT", "clock", now=LESSON_BEGINS, frozen=True)
    session_id = open_lesson(etherpad)["sessionID"]
    group = call(etherpad, "createGroupIfNotExistsFor", groupMapper="7b")
    pad_id = call(etherpad, "createGroupPad", **group, padName="minutes", text="Today: the engine")["padID"]

    minutes = fetch_minutes(etherpad, pad_id, session_id)
    assert minutes.status_code == 200
    assert minutes.text == "Today: the engine\n"
    assert minutes.headers["Content-Disposition"] == f'attachment; filename="{pad_id}.txt"'

    etherpad.control("POST", "clock/advance", pastExpiryOf=session_id)
    refused = fetch_minutes(etherpad, pad_id, session_id)
    assert (refused.status_code, refused.text) == (403, "403 - Can't touch this")
    assert refused.headers["X-Mock-Etherpad-Reason"] == "the session of this cookie expired 0 s ago"

    etherpad.verify(function="export", access={"granted": True, "sessionID": session_id}, times=1)
    etherpad.verify(function="export", access={"granted": False, "padID": pad_id}, times=1)
