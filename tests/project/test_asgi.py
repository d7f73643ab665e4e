"""The web process: what it loads, and how it starts and stops."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from asgiref.testing import ApplicationCommunicator


def test_web_process_loads_no_model_and_no_decoder() -> None:
    program = (
        "import sys, project.asgi, celery; print({'torch', 'cv2', 'av'} & set(sys.modules), celery.current_app.main)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set() vigil"


async def test_server_may_start_and_stop() -> None:
    from project.asgi import application

    server: Any = ApplicationCommunicator(application, {"type": "lifespan"})  # type: ignore[no-untyped-call]
    for step in ("startup", "shutdown"):
        await server.send_input({"type": f"lifespan.{step}"})
        assert await server.receive_output(timeout=5) == {"type": f"lifespan.{step}.complete"}
    await server.wait(timeout=5)
