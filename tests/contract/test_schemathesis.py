"""Whatever is asked of the running server, it answers as the OpenAPI document says: no 5xx, no other status or shape.

Reproducible: hypothesis draws the same examples each time, half of them as the document allows and half as it does not.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.document import operations
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


def ask(web: WebServer, label: str, who: str, examples: int) -> None:
    """Send so many cases of the operation, and check each answer."""
    operation = operations()[label]
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
        case.call_and_validate(base_url=web.url, headers=headers, checks=CHECKS, timeout=20)

    send()


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
