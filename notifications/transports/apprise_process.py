"""The process in which Apprise runs, confined to the policy for what goes out: a job on stdin, an answer on stdout.

Free of Django. What Apprise logs goes nowhere, for it may hold tokens; the answer is ours alone.
"""

from __future__ import annotations

import base64
import json
import logging
import resource
import sys
from typing import Any

from project.outgoing.confinement import Confinement
from project.outgoing.policy import HTTP_PORTS, NotAllowed, Policy

REFUSED = {
    **dict.fromkeys(("custom_json", "custom_xml", "custom_form"), "Use a webhook for this."),
    **{"email": "Use the e-mail channel for this.", "mqtt": "Use the MQTT channel for this."},
    **{"vapid": "Use the browser's push channel for this."},
    **dict.fromkeys(
        ("dbus", "glib", "gnome", "macosx", "windows", "syslog", "blink1", "growl"),
        "This service acts on Vigil's own machine.",
    ),
}
"""Apprise's plugins, by module, with what to tell who wants one."""
UNKNOWN = "This is no address of a service that Apprise knows; see its list of supported notifications."
MEMORY = 256 << 20
"""Bytes that this process may take, several times what it needs: an answer of a kilobyte unpacks to a megabyte."""
TYPES = {"low": "info", "medium": "info", "high": "warning", "critical": "failure"}


class Refused(Exception):
    """The text is for people and holds nothing of the address."""


def main() -> None:
    """Does the one job and writes {"refused": str, "failed": str}, both empty where all is well."""
    logging.disable(sys.maxsize)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.load(sys.stdin)
    policy = Policy(allowed_networks=tuple(job["allowed_networks"]), tls_only=job["tls_only"])
    confinement = Confinement(policy, ports=HTTP_PORTS)
    answer = {"refused": "", "failed": ""}
    try:
        service = _service(job["url"], policy, confinement)
        if "body" in job and not _notify(service, job):
            answer["failed"] = next(iter(confinement.refusals), "The service did not take the message.")
    except Refused as refusal:
        answer["refused"] = str(refusal)
    except Exception:
        answer["failed"] = next(iter(confinement.refusals), "The service did not take the message.")
    json.dump(answer, sys.stdout)


def _service(url: str, policy: Policy, confinement: Confinement) -> Any:
    import apprise
    from apprise.manager_plugins import NotificationManager

    list(NotificationManager().schemas())  # type: ignore[no-untyped-call]  # loads all that there is before the door closes
    confinement.begin()
    asset = apprise.AppriseAsset(
        plugin_paths=[], storage_mode="memory", async_mode=False, allow_templates=False, result_log_disk_size=0
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise Refused(next(iter(confinement.refusals), UNKNOWN))
    _check(service, url.partition("://")[0].lower(), policy)
    return service


def _check(service: Any, scheme: str, policy: Policy) -> None:
    module = type(service).__module__.removeprefix("apprise.plugins.").partition(".")[0]
    if module in REFUSED:
        raise Refused(REFUSED[module])
    if not service.verify_certificate:
        raise Refused("The service's certificate must be verified: remove verify=no.")
    plain = type(service).protocol or ()
    if policy.tls_only and scheme in ((plain,) if isinstance(plain, str) else plain):
        raise Refused("The service must be reached encrypted: its address has a form that ends in s, as gotifys://.")
    if any("{host}" in template for template in service.templates) and service.host:
        try:
            policy.check_host(service.host.strip("[]"), service.port or 443, ports=HTTP_PORTS)
        except NotAllowed as refusal:
            raise Refused(str(refusal)) from None


def _notify(service: Any, job: dict[str, Any]) -> bool:
    import apprise
    from apprise.attachment.memory import AttachMemory

    picture = base64.b64decode(job["picture"])
    attached = None
    if picture and service.attachment_support:
        attached = AttachMemory(content=picture, name="picture.jpg", mimetype="image/jpeg")  # type: ignore[no-untyped-call]
    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    return bool(
        sender.notify(
            body=job["body"],
            title=job["title"],
            notify_type=TYPES.get(job["severity"], "info"),
            body_format="text",
            attach=attached,
        )
    )


if __name__ == "__main__":
    main()
