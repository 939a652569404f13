"""Fuzzed against its own description: whatever is sent, no fault of the program, and only answers it speaks of."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from exitvoice.web import Bounds
from support_page import serving, visitor

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    bounds = Bounds(waiting=20)
    with serving(tmp_path_factory.mktemp("page"), bounds=bounds) as server, visitor(server) as known:
        origin = f"http://127.0.0.1:{server.port}"
        key = {"cookie": f"{server.cookie}={known.cookies[server.cookie]}", "origin": origin}
        yield schemathesis.openapi.from_url(f"{origin}/openapi.json", headers=key), key


def fuzz(api, examples: int) -> int:
    described, key = api
    asked = 0

    def ask(case) -> None:
        nonlocal asked
        asked += 1
        response = case.call(headers=key, allow_redirects=False)
        assert "nosniff" in response.headers["x-content-type-options"]
        assert "frame-ancestors 'none'" in "".join(response.headers["content-security-policy"])
        assert "Traceback" not in response.text
        case.validate_response(response, checks=CHECKS)

    for found in described.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/events"):  # it speaks until its job is over
            continue
        quiet = settings(
            max_examples=examples, deadline=None, suppress_health_check=QUIET, derandomize=True, database=None
        )
        quiet(given(case=operation.as_strategy())(ask))()
    return asked


def test_a_few_requests_of_every_kind_are_answered_as_described(api):
    assert fuzz(api, 4) >= 60


@pytest.mark.long
def test_many_requests_of_every_kind_are_answered_as_described(api):
    assert fuzz(api, 80) >= 1_000
