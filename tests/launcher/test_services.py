"""The processes of an instance: which workers, and an embedded Valkey that others cannot use."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import redis

from project.launcher import services
from project.launcher.listen import listen_at
from project.launcher.paths import Home
from tests.support.processes import wait_until


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        (None, 0, [("inference-cpu", "", "cpu")]),
        (None, 2, [("inference-cuda0", "0", "auto"), ("inference-cuda1", "1", "auto")]),
        ("cpu", 2, [("inference-cpu", "", "cpu")]),
        ("cuda", 0, [("inference-cuda0", "0", "cuda:0")]),
        ("cuda:1, cuda:3", 4, [("inference-cuda1", "1", "cuda:0"), ("inference-cuda3", "3", "cuda:0")]),
    ],
)
def test_each_device_has_a_worker_that_sees_it_alone(
    wanted: str | None, found: int, expected: list[tuple[str, str, str]]
) -> None:
    workers = services.inference_workers(wanted, found)
    seen = [(w.name, w.environment["CUDA_VISIBLE_DEVICES"], w.environment["VIGIL_DEVICE"]) for w in workers]
    assert seen == expected


def test_workers_of_one_machine_have_names_and_queues_of_their_own() -> None:
    one, two = (" ".join(worker.command) for worker in services.inference_workers(None, 2))
    assert ".cuda0 " in one
    assert "inference-cuda0@" in one
    assert ".cuda1 " in two
    assert "inference-cuda1@" in two


def test_gpus_are_counted_where_the_driver_lists_them(tmp_path: Path) -> None:
    assert services.gpus(tmp_path / "none") == 0
    (tmp_path / "0000:01:00.0").mkdir()
    assert services.gpus(tmp_path) == 1


def test_only_a_proxy_is_believed_about_its_clients() -> None:
    alone = services.web(listen_at("127.0.0.1", 8000)).command
    proxied = services.web(listen_at("127.0.0.1", 8000, behind_proxy=True, url="https://a.test")).command
    assert "--no-proxy-headers" in alone
    assert "--no-proxy-headers" not in proxied


def test_valkey_answers_those_who_know_its_password_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    service, url = services.valkey(home)
    assert (home.run / "valkey.conf").stat().st_mode & 0o777 == 0o600
    assert not any(url.split(":")[2].partition("@")[0] in argument for argument in service.command)
    with subprocess.Popen(service.command, stdout=subprocess.DEVNULL) as server, redis.Redis.from_url(url) as client:
        try:
            wait_until(lambda: _answers(client), seconds=5, what="Valkey to answer")
            assert client.config_get("maxmemory*")["maxmemory-policy"] == "volatile-lru"
            assert client.config_get("bind") == {"bind": "127.0.0.1"}
            with (
                redis.Redis.from_url("redis://" + url.partition("@")[2]) as stranger,
                pytest.raises(redis.AuthenticationError),
            ):
                stranger.ping()
        finally:
            server.terminate()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
