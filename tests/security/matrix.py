"""The permission matrix of everything but the admin: one row a route, one cell a person.

A new route without a row here fails `test_permission_matrix`. A row says who may (see `policies`), which object its
address names (an attribute of `cast.World`) and what is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.security.policies import (
    BELOW_MANAGER,
    Cells,
    Person,
    anybody,
    everybody,
    in_person,
    known,
    managers,
    members,
    operators,
)

PASSWORD = {"username": "nobody-at-all", "password": "wrong"}
CAMERA = {"site": "site", "name": "Quay", "source": "rtsp://192.0.2.11/stream"}
BULK = {"action": "acknowledge", "ids": ["0f8fad5b-d9cb-469f-a165-70867728950e"]}
CHANNEL: dict[str, Any] = {
    "site": "site",
    "kind": "text:webhook",
    "name": "Hook",
    "target": {"url": "https://hooks.example.org/vigil", "secret": "a secret of the tests 0123456789"},
}
RULE = {"site": "site", "name": "Nights"}
TEST = {"site": "site", "source": "rtsp://192.0.2.11/stream"}


@dataclass(frozen=True)
class Row:
    """Who may use one route."""

    cells: Cells
    at: dict[str, str] = field(default_factory=dict)
    """What its address names: parameter -> attribute of the world, or the text itself."""
    body: dict[str, Any] | None = None
    """What is sent, as JSON; a text that is an attribute of the world stands for its id."""
    query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert set(self.cells) == set(Person), "a row says what each person is answered"


AUDIT = known() | dict.fromkeys(BELOW_MANAGER | {Person.STAFF}, 403)
NO_ID = "00000000-0000-4000-8000-000000000000"
NO_PASSWORD = {"password": "wrong", "old_password": "wrong", "new_password": "four plain words here", "code": "000000"}
PEOPLE_AT, OPERATOR_AT = {"site_id": "site"}, {"site_id": "site", "user_id": "operator"}
CHANNEL_AT, RULE_AT = {"pk": "channel"}, {"pk": "rule"}
CAMERA_AT, EVENT_AT, SITE_AT = {"pk": "camera"}, {"pk": "event"}, {"pk": "site"}
RECORDING_AT = {"pk": "recording"}

MATRIX: dict[str, Row] = {
    # --- the instance
    "GET health": Row(anybody()),
    "GET ready": Row(anybody(503)),
    "GET metrics": Row(anybody(403)),  # from elsewhere: see tests/project/test_pages.py
    "GET ui": Row(anybody()),
    "GET index": Row(everybody()),
    "GET schema": Row(everybody()),
    "GET docs": Row(everybody()),
    # --- people
    "POST login": Row(anybody(401), body=PASSWORD),
    "POST refresh": Row(anybody(401), body={"refresh": "vgr_unknown"}),
    "POST logout": Row(anybody(204), body={}),
    "GET csrf": Row(anybody()),
    "GET session": Row(known()),
    "POST session": Row(everybody(401), body=PASSWORD),
    "PATCH session": Row(in_person(known()), body={"language": "text:ko"}),
    "DELETE session": Row(in_person(known(204)) | {Person.ACCESS: 403}),  # a token is no session
    "GET site-list": Row(known()),
    "GET site-detail": Row(members(), at=SITE_AT),
    # --- one's own account: in person, never with an API key
    "POST password": Row(in_person(known(400)), body=NO_PASSWORD),
    "POST ask-reset": Row(anybody(400), body={}),
    "POST reset": Row(anybody(400), body={"secret": "x", "new_password": "y"}),
    "POST logout-everywhere": Row(in_person(known(204))),
    "GET place-list": Row(in_person(known())),
    "DELETE place": Row(in_person(known(404)), at={"pk": NO_ID}),
    "GET key-list": Row(in_person(known())),
    "POST key-list": Row(in_person(known(201)), body={"name": "export", "role": "text:viewer"}),
    "DELETE key": Row(in_person(known(404)), at={"pk": NO_ID}),
    "GET second-factor": Row(in_person(known())),
    "POST second-factor": Row(in_person(known(400)), body=NO_PASSWORD),
    "POST second-factor-confirm": Row(in_person(known(409)), body={"code": "000000"}),
    "POST recovery-codes": Row(in_person(known(400)), body=NO_PASSWORD),
    "POST second-factor-disable": Row(in_person(known(400)), body=NO_PASSWORD),
    # --- becoming a user, and the people of a site
    "GET register": Row(anybody()),
    "POST register": Row(anybody(403), body={"email": "nora@example.org"}),  # closed, as it is by default
    "POST invitation-look": Row(anybody(400), body={"secret": "x"}),
    "POST invitation-accept": Row(in_person(everybody(400)), body={"secret": "x"}),
    "GET member-list": Row(in_person(managers()), at=PEOPLE_AT),
    "POST member-list": Row(in_person(managers(201)), at=PEOPLE_AT, body={"username": "stan", "role": "text:viewer"}),
    "PATCH member": Row(in_person(managers()), at=OPERATOR_AT, body={"role": "text:viewer"}),
    "DELETE member": Row(in_person(managers(204)) | {Person.OPERATOR: 204}, at=OPERATOR_AT),  # who leaves
    "GET invitation-list": Row(in_person(managers()), at=PEOPLE_AT),
    "POST invitation-list": Row(in_person(managers(403)), at=PEOPLE_AT, body={"role": "text:viewer"}),  # closed
    "DELETE invitation": Row(in_person(managers(404)), at={**PEOPLE_AT, "pk": NO_ID}),
    # --- the audit trail: of the sites that one manages
    "GET audit-list": Row(AUDIT),
    "GET audit-export": Row(AUDIT),
    # --- cameras
    "GET camera-list": Row(known()),
    "POST camera-list": Row(managers(201, foreign=400), body=CAMERA),
    "GET camera-detail": Row(members(), at=CAMERA_AT),
    "PUT camera-detail": Row(managers(), at=CAMERA_AT, body=CAMERA),
    "PATCH camera-detail": Row(managers(), at=CAMERA_AT, body={"alarm_budget": 3}),
    "DELETE camera-detail": Row(managers(204), at=CAMERA_AT),
    "POST camera-start": Row(managers(), at=CAMERA_AT),
    "POST camera-stop": Row(managers(), at=CAMERA_AT),
    "POST camera-relearn": Row(managers(), at=CAMERA_AT),
    "POST camera-test": Row(managers(202, foreign=400), body=TEST),
    "GET camera-request-detail": Row(managers(below=404), at={"pk": "request"}),
    "GET camera-feedback-feedback": Row(members(), at=CAMERA_AT),
    "POST camera-feedback-missed": Row(operators(201), at=CAMERA_AT, body={"moment": "2026-11-01T12:00:00Z"}),
    "POST camera-feedback-backtest": Row(managers(202), at=CAMERA_AT, body={"alarm_budget": 3}),
    # --- events and their media
    "GET event-list": Row(known()),
    "GET event-detail": Row(members(), at=EVENT_AT),
    "GET event-scores": Row(members(), at=EVENT_AT),
    "GET event-snapshot": Row(members(), at=EVENT_AT),
    "GET event-heat": Row(members(), at=EVENT_AT),
    "GET event-usual": Row(members(), at={**EVENT_AT, "number": "1"}),
    "GET event-clip": Row(members(), at=EVENT_AT),
    "POST event-acknowledge": Row(operators(), at=EVENT_AT, body={}),
    "POST event-resolve": Row(operators(), at=EVENT_AT, body={}),
    "POST event-dismiss": Row(operators(), at=EVENT_AT, body={}),
    "POST event-reopen": Row(operators(), at={"pk": "resolved"}, body={}),
    "POST event-note": Row(operators(), at=EVENT_AT, body={"note": "a note"}),
    "POST event-flag": Row(operators(), at=EVENT_AT, body={}),
    "POST event-unflag": Row(operators(), at=EVENT_AT, body={}),
    # --- recordings, and what is kept for how long
    "GET recording-list": Row(known()),
    "GET recording-detail": Row(members(), at=RECORDING_AT),
    "GET recording-video": Row(members(), at=RECORDING_AT),
    "GET recording-timeline": Row(members(), query={"camera": "camera", "day": "text:2026-11-01"}),
    "POST recording-flag": Row(operators(), at=RECORDING_AT),
    "POST recording-unflag": Row(operators(), at=RECORDING_AT),
    "GET camera-estimate-recording-estimate": Row(members(), at=CAMERA_AT),
    "GET site-retention-retention": Row(members(), at=SITE_AT),
    "PATCH site-retention-retention": Row(managers(), at=SITE_AT, body={"recording_days": 3}),
    # Asked of all sites at once: foreign ids are not_found in the answer (tests/events/test_bulk.py).
    "POST event-bulk": Row(operators(foreign=200) | {Person.STAFF: 403}, body=BULK),
    "GET event-export": Row(managers(), at=EVENT_AT),
    "GET event-export-csv": Row(managers(foreign=200) | {Person.STAFF: 403}),
    # --- notifications: one's own in person, the site's by role
    "GET inbox-list": Row(in_person(known())),
    "GET inbox-unread": Row(in_person(known())),
    "POST inbox-read": Row(in_person(known()), body={}),
    "GET preferences": Row(in_person(known())),
    "PATCH preferences": Row(in_person(known()), body={"time_zone": "text:Asia/Seoul"}),
    "GET web-push-key": Row(known()),
    "GET channel-list": Row(known()),
    "POST channel-list": Row(managers(201, foreign=400), body=CHANNEL),
    "GET channel-detail": Row(managers(below=404), at=CHANNEL_AT),
    "PUT channel-detail": Row(managers(below=404), at=CHANNEL_AT, body=CHANNEL),
    "PATCH channel-detail": Row(managers(below=404), at=CHANNEL_AT, body={"enabled": False}),
    "DELETE channel-detail": Row(managers(204, below=404), at=CHANNEL_AT),
    "POST channel-test": Row(managers(below=404), at=CHANNEL_AT),
    "GET rule-list": Row(known()),
    "POST rule-list": Row(managers(201, foreign=400), body=RULE),
    "GET rule-detail": Row(members(), at=RULE_AT),
    "PUT rule-detail": Row(managers(), at=RULE_AT, body=RULE),
    "PATCH rule-detail": Row(managers(), at=RULE_AT, body={"enabled": False}),
    "DELETE rule-detail": Row(managers(204), at=RULE_AT),
    "GET snooze-list": Row(known()),
    "POST snooze-list": Row(operators(201), body={"camera": "camera", "minutes": 60}),
    "DELETE snooze-detail": Row(operators(204), at={"pk": "snooze"}),
    "GET delivery-list": Row(known()),
    "GET delivery-detail": Row(managers(below=404), at={"pk": "delivery"}),
    "GET held-back-list": Row(members(), query={"camera": "camera"}),
}
