"""Whatever is asked of the running server, it answers as the OpenAPI document says: no 5xx, no other status or shape.

Reproducible: hypothesis draws the same examples each time, half of them as the document allows and half as it does not.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.document import document, operations, operations_of
from tests.support.web import Contents, WebServer

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
IN_CI, NIGHTLY = 20, 200
NOBODY = "anonymous"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("label", list(operations()))
def test_an_operator_is_answered_as_the_document_says(web: WebServer, label: str) -> None:
    ask(web, label, "operator", IN_CI)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", [NOBODY, "viewer", "operator", "manager", "superuser"])
@pytest.mark.parametrize("label", list(operations()))
def test_everybody_is_answered_as_the_document_says(web: WebServer, label: str, who: str) -> None:
    ask(web, label, who, NIGHTLY)


def test_what_is_asked_reaches_what_there_is(web: WebServer) -> None:
    assert {200, 404} <= ask(web, "GET /api/v1/events/{id}/", "operator", IN_CI)
    assert {200, 206} & ask(web, "GET /api/v1/events/{id}/clip.mp4", "operator", IN_CI)
    assert {200, 400, 409} <= ask(web, "POST /api/v1/events/{id}/acknowledge", "operator", 3 * IN_CI)
    assert ask(web, "GET /api/v1/events/", NOBODY, IN_CI) == {401}


def test_an_answer_that_the_document_does_not_have_is_found(web: WebServer) -> None:
    told = copy.deepcopy(document())
    del told["paths"]["/api/v1/events/{id}/"]["get"]["responses"]["404"]
    with pytest.raises(FailureGroup, match="Undocumented status code"):
        ask(web, "GET /api/v1/events/{id}/", "operator", IN_CI, operations_of(told))


def ask(web: WebServer, label: str, who: str, examples: int, known: dict[str, Any] | None = None) -> set[int]:
    """Send so many cases of the operation, and check each answer; which statuses there were."""
    operation = (known or operations())[label]
    seen: set[int] = set()
    headers = {} if who == NOBODY else {"Authorization": f"Bearer {web.log_in(who)}"}
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, data=st.data())
    def send(case: Any, data: st.DataObject) -> None:
        name_what_there_is(case, web.contents, data)
        answer = case.call_and_validate(base_url=web.url, headers=headers, checks=CHECKS, timeout=20)
        seen.add(answer.status_code)

    send()
    return seen


def name_what_there_is(case: Any, contents: Contents, data: st.DataObject) -> None:
    """Mostly speak of rows that there are: what is drawn from all UUIDs is always 404."""
    known = contents.events if "/events/" in case.path else contents.cameras
    if "id" in (case.path_parameters or {}) and data.draw(st.integers(0, 3)):
        case.path_parameters["id"] = data.draw(st.sampled_from(known))
    if not isinstance(case.body, dict):
        return
    if "site" in case.body and data.draw(st.integers(0, 3)):
        case.body["site"] = contents.site
    if isinstance(case.body.get("ids"), list) and data.draw(st.booleans()):
        case.body["ids"] = data.draw(st.lists(st.sampled_from(contents.events), min_size=1))
