"""Gives each test its own Etherpad: a sandbox of the mock at ETHERPAD_URL."""

import os
import uuid

import pytest
import requests

SERVER = os.environ.get("ETHERPAD_URL", "http://127.0.0.1:9001")


class MockEtherpad:
    """Controls a sandbox from a test. /_mock/openapi.json describes the operations."""

    def __init__(self, name):
        self.name = name
        self.url = f"{SERVER}/sandbox/{name}"
        self.api_key = self.control("GET", "info")["apiKey"]

    def control(self, method, path, **body):
        answer = requests.request(method, f"{self.url}/_mock/{path}", json=body or None, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def verify(self, **expectation):
        verdict = self.control("POST", "requests/verify", **expectation)
        assert verdict["ok"], verdict["message"]


@pytest.fixture
def etherpad():
    mock = MockEtherpad(uuid.uuid4().hex)
    yield mock
    mock.control("DELETE", f"sandboxes/{mock.name}")
