"""The camera loop, step by step, between a scripted capture and a station that remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest

from events.records import HEAT, USUAL
from inference.batching import Superseded
from inference.capture.messages import ClipDone, Live, Lost, Opened, SnapshotDone
from inference.loop import SAVE_MEMORY_SECONDS
from inference.stored import StoredFeatures
from inference.types import CameraSettings, Frame, OpenEvent
from tests.inference.fakes import FakeClock, assignment
from tests.inference.loop_bench import BOX, CAMERA, PLACES, SETTINGS, Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_anomaly_becomes_records_with_evidence(bench: Bench) -> None:
    bench.see(0, 10)
    bench.see(200, 10)
    (event_id,) = {record.event_id for record in bench.station.records}
    token, started = str(event_id), bench.clock.wall() - 7.0
    bench.say(SnapshotDone(token, b"jpeg", bench.clock.wall()), ClipDone(token, Path("clip"), 15.0, False, started))
    bench.see(0, 40)

    assert bench.kinds() == ["opened", "snapshot", "clip", "closed"]
    opened, features, memory, snapshot, clip, closed = bench.station.records
    assert [record.number for record in bench.station.records] == [0, 1, 2, 3, 4, 5]
    assert (memory.name, memory.path) == ("memory", f"events/{event_id}/memory-1.npz")
    assert (opened.score, opened.threshold, opened.box) == (4.0, 1.0, tuple(BOX))
    assert opened.reasons == (("light", 4.0, "brighter than ever"),)
    assert (snapshot.path, clip.path) == (f"events/{event_id}/snapshot-1.jpg", f"events/{event_id}/clip-1.mp4")
    assert (features.name, features.path) == ("features", f"events/{event_id}/features-1.npz")
    assert clip.at == started < opened.at < closed.at
    assert opened.database_time > 5000.0
    assert {told for told, _ in bench.capture.told} == {"begin", "snapshot", "end"}


def test_what_an_event_was_scored_from_is_kept_with_it(bench: Bench) -> None:
    bench.see(0, 10)
    bench.see(100, 5)
    bench.see(200, 10)
    bench.see(0, 40)
    ((event_id, content),) = bench.station.features.items()
    stored = StoredFeatures.from_bytes(content)
    assert {record.event_id for record in bench.station.records} == {event_id}
    assert (stored.surprise, stored.threshold, stored.version.fingerprint) == (4.0, 1.0, "brightness-1")
    assert stored.features.attributes["light"].tolist() == [[200.0]]
    assert stored.trail.attributes["light"][:, 0].tolist() == [100.0] * 5 + [200.0] * 10


def test_new_settings_do_not_cut_off_what_an_event_was_scored_from(bench: Bench) -> None:
    bench.see(0, 10)
    bench.see(200, 5)
    bench.station.settings = replace(SETTINGS, version=2)
    bench.seat.assignment = assignment(1, settings_version=2)
    bench.see(200, 5)
    bench.see(0, 40)
    assert len(bench.station.normalities) == 2
    (content,) = bench.station.features.values()
    assert len(StoredFeatures.from_bytes(content).trail.boxes) == 10


def test_a_record_leads_back_to_its_frame(bench: Bench) -> None:
    bench.see(0, 5)
    bench.see(200, 5)
    assert bench.station.records[0].trace == f"{CAMERA.hex[:8]}-1-{8}"


def test_the_snapshot_is_of_the_frame_that_shows_what_is_marked(bench: Bench) -> None:
    bench.see(0, 5)
    bench.see(200, 1)
    bench.see(250, 1)  # the most surprising, and told of by the frame after
    bench.see(200, 1)
    assert bench.kinds() == ["opened"]
    assert bench.capture.pictured == 6


def test_an_event_is_explained_by_a_heat_map_and_by_what_is_usual(bench: Bench) -> None:
    normality = bench.station.normalities[0]
    normality.places = PLACES
    for number in range(60):
        normality.usual.see(Frame(number, float(number), float(number), np.zeros((4, 4, 3), np.uint8)), normal=True)
    bench.see(0, 10)
    bench.see(200, 10)
    (event_id,) = {record.event_id for record in bench.station.records}
    jpeg = bytes(cv2.imencode(".jpg", np.zeros((18, 32, 3), np.uint8))[1])
    for _ in range(2):  # a worse moment is pictured and heated anew; what is usual stays the same
        bench.say(SnapshotDone(str(event_id), jpeg, bench.clock.wall()))
    pictures = [record for record in bench.station.records if record.name in (HEAT, *USUAL)]
    assert [record.name for record in pictures] == ["heat", "usual-1", "usual-2", "usual-3", "heat"]
    names = [f"events/{event_id}/{name}.jpg" for name in ("heat-1", "usual-1-1")]
    assert [record.path for record in pictures[:2]] == names
    assert bench.kinds().count("snapshot") == 2


def test_a_picture_that_cannot_be_judged_costs_itself_only(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.station.one_batcher.fails = RuntimeError("bad weights")
    bench.see(0, 5)
    assert bench.seat.status
    assert (bench.seat.status.state, "bad weights" in bench.seat.status.detail) == ("failed", True)
    assert sum("cannot be judged" in record.message for record in caplog.records) == 1

    bench.station.one_batcher.fails = None
    bench.see(0, 1)
    assert (bench.seat.status.state, bench.seat.status.dropped) == ("watching", 5)


def test_a_superseded_frame_is_counted_and_nothing_else(bench: Bench) -> None:
    bench.station.one_batcher.fails = Superseded("newer")
    bench.see(0, 3)
    bench.station.one_batcher.fails = None
    bench.see(0, 1)
    assert bench.seat.status
    assert (bench.seat.status.state, bench.seat.status.dropped, bench.seat.status.detail) == ("watching", 3, "")


def test_a_machine_that_is_too_slow_says_so_and_takes_it_back(bench: Bench) -> None:
    states: list[tuple[str, str]] = []
    for late, frames in ((False, 1), (True, 49), (True, 2), (False, 1)):
        bench.station.one_batcher.fails = TimeoutError() if late else None
        bench.see(0, frames)
        assert bench.seat.status
        states.append((bench.seat.status.state, bench.seat.status.detail))
    assert [state for state, _ in states] == ["watching", "watching", "failed", "watching"]
    assert "too slow for so many cameras with the eye 'brightness'" in states[2][1]
    assert states[3][1] == ""


def test_a_pause_of_the_camera_does_not_make_the_machine_slow(bench: Bench) -> None:
    bench.station.one_batcher.fails = TimeoutError()
    bench.see(0, 5)
    bench.say(Lost("stalled", "No picture for 3 seconds.", 1.0))
    bench.clock.advance(60.0)
    bench.say(Opened("h264", 640, 360, 25.0))
    bench.see(0, 5)
    assert bench.seat.status
    assert bench.seat.status.state == "connecting"


def test_the_status_follows_the_camera(bench: Bench) -> None:
    states = []
    for message in (Opened("h264", 640, 360, 25.0), Lost("stalled", "No picture for 3 seconds.", 1.0)):
        bench.say(message)
        states.append(bench.seat.status.state if bench.seat.status else "none")
    bench.say(Opened("h264", 640, 360, 25.0))
    bench.see(0, 25)
    watching = bench.seat.status
    assert watching
    assert [*states, watching.state] == ["connecting", "stalled", "watching"]
    assert watching.frames_per_second == pytest.approx(5.0, abs=0.3)


def test_live_pictures_are_made_while_somebody_watches(bench: Bench) -> None:
    bench.see(100)
    assert bench.capture.live == 0.0
    bench.station.watched = 5.0
    bench.say(Live(1, bench.clock.wall(), bench.clock.monotonic(), b"jpeg"))
    assert bench.capture.live == 5.0
    (header,) = bench.station.shown
    assert (header.camera, header.epoch, header.score, header.threshold) == (CAMERA, 1, 2.0, 1.0)


def test_new_settings_restart_the_capture_only_if_it_must_and_keep_the_open_event(bench: Bench) -> None:
    bench.see(0, 5)
    bench.see(200, 5)
    bench.station.settings = replace(SETTINGS, alarm_budget=9.0, version=2)
    bench.seat.assignment = assignment(1, settings_version=2)
    bench.clock.advance(2)
    bench.see(200, 2)
    assert (len(bench.station.captures), len(bench.station.normalities)) == (1, 2)
    assert bench.station.normalities[0] is bench.station.normalities[1], "what was learned stays"

    bench.station.settings = replace(SETTINGS, masks=(((0, 0), (1, 0), (1, 1)),), version=3)
    bench.seat.assignment = assignment(1, settings_version=3)
    bench.clock.advance(2)
    bench.see(200, 2)
    assert [capture.closed for capture in bench.station.captures] == [True, False]
    bench.see(0, 40)
    assert bench.kinds() == ["opened", "closed"]
    assert len({record.event_id for record in bench.station.records}) == 1


def test_what_lasted_too_long_does_not_open_again_under_new_settings(bench: Bench) -> None:
    bench.see(0, 5)
    bench.see(200, 3050)
    assert bench.kinds() == ["opened", "closed"]
    bench.station.settings = replace(SETTINGS, alarm_budget=5.0, version=2)
    bench.seat.assignment = assignment(1, settings_version=2)
    bench.see(200, 20)
    assert len(bench.station.normalities) == 2
    assert bench.kinds() == ["opened", "closed"]


def test_a_replaced_memory_is_loaded_anew(bench: Bench) -> None:
    bench.see(0)
    bench.station.settings = replace(SETTINGS, memory_version=1)
    bench.seat.assignment = assignment(1, memory_version=1)
    bench.clock.advance(2)
    bench.see(0, 2)
    assert bench.station.normalities[0] is not bench.station.normalities[1]


def test_settings_that_cannot_be_loaded_are_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(camera_id: UUID) -> CameraSettings:
        raise ConnectionError("no database")

    bench.see(0)
    with monkeypatch.context() as patch:
        patch.setattr(bench.station, "load_settings", away)
        bench.seat.assignment = assignment(1, settings_version=2)
        bench.clock.advance(2)
        bench.see(0, 2)
    bench.station.settings = replace(SETTINGS, version=2)
    bench.clock.advance(2)
    bench.see(0, 2)
    assert "cannot be taken up yet" in caplog.text
    assert len(bench.station.normalities) == 2


def test_a_successor_continues_the_open_event() -> None:
    event_id = UUID(int=77)
    clock = FakeClock()
    bench = Bench([OpenEvent(event_id, "unusual", clock.wall() - 5, 4.0)], epoch=2)
    bench.say(Opened("h264", 640, 360, 25.0))
    bench.see(200, 5)
    bench.see(0, 40)
    assert {record.event_id for record in bench.station.records} == {event_id}
    assert bench.kinds() == ["closed"]
    assert ("begin", str(event_id)) in bench.capture.told


@pytest.mark.parametrize(("ending", "kinds", "saved"), [
    ("stopped", ["opened", "closed"], 1),
    ("handover", ["opened"], 1),
    ("lost", ["opened"], 0),
])  # fmt: skip
def test_how_it_ends(bench: Bench, ending: Any, kinds: list[str], saved: int) -> None:
    bench.see(0, 40)
    bench.see(200, 5)
    bench.seat.end(ending)
    bench.loop.close()
    assert bench.kinds() == kinds
    assert (bench.station.saved, bench.capture.closed) == (saved, True)


def test_what_was_learned_is_saved_every_minute(bench: Bench) -> None:
    bench.see(0, int(3.5 * SAVE_MEMORY_SECONDS * 5))
    assert bench.station.saved == 3


def test_every_second_is_in_the_history_once(bench: Bench) -> None:
    bench.see(10, 100)
    seconds = [peak.second for peak in bench.station.history]
    assert len(seconds) >= 14
    assert seconds == sorted(set(seconds))
