"""A client of an Etherpad that asks for OAuth tokens, as Etherpad does by default since version 2.

usage: ETHERPAD_URL=http://127.0.0.1:9001 OAUTH_CLIENT=mock-etherpad OAUTH_SECRET=mock-etherpad-secret python3 etherpad.py
"""

import json
import os
import time
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

URL = os.environ.get("ETHERPAD_URL", "http://127.0.0.1:9001")
CLIENT = os.environ.get("OAUTH_CLIENT", "mock-etherpad")
SECRET = os.environ.get("OAUTH_SECRET", "mock-etherpad-secret")


def post(path, fields, headers):
    """Sends a form; returns the HTTP status and what the JSON of the answer says."""
    try:
        with urlopen(Request(URL + path, urlencode(fields).encode(), headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def get_token():
    # Etherpad refuses a request without a resource; any absolute URI will do
    fields = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "resource": URL}
    status, answer = post("/oidc/token", fields, {})
    if status != 200:
        raise RuntimeError(f"Etherpad gives no token: {answer['error_description']}")
    return answer["access_token"]


class Etherpad:
    def __init__(self):
        self.token = get_token()

    def call(self, function, **fields):
        """When the token is not taken any more, a new one is: it has expired, or Etherpad was started again."""
        for is_last in (False, True):
            status, envelope = post(f"/api/1.2.15/{function}", fields, {"Authorization": f"Bearer {self.token}"})
            if envelope["code"] == 0:
                return envelope["data"]
            if status != 401 or is_last:
                raise RuntimeError(f"Etherpad refuses {function}: {envelope['message']}")
            self.token = get_token()


if __name__ == "__main__":
    etherpad = Etherpad()
    group = etherpad.call("createGroupIfNotExistsFor", groupMapper="class-7b")
    author = etherpad.call("createAuthorIfNotExistsFor", authorMapper="user-42", name="Ada")
    session = etherpad.call("createSession", **group, **author, validUntil=int(time.time()) + 3600)
    print(f"opened {session['sessionID']}")
