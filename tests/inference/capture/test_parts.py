"""The parts of capture that need no process: clocks, ring, back-off, masks, wire."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.capture.backoff import Backoff
from inference.capture.clip import beginning
from inference.capture.inbox import Inbox
from inference.capture.masks import covered
from inference.capture.messages import (
    Analysed,
    CaptureSettings,
    ClipDone,
    ClipFailed,
    Live,
    Lost,
    Opened,
    SnapshotDone,
)
from inference.capture.ring import Entry, PacketRing
from inference.capture.timeline import TICKS, Beat, Stamp, Timeline
from inference.capture.wire import Alive, Fault, Garbled, Unpacker, Wire, packed, settings_from_json, settings_to_json
from inference.types import Frame

MILLISECONDS = Fraction(1, 1000)


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(-(2**40), 2**40),
            st.none() | st.integers(-(2**40), 2**40),
            st.floats(0, 30),
        ),
        min_size=2,
        max_size=40,
    )
)
def test_whatever_timestamps_come_the_timeline_moves_on(
    given_stamps: list[tuple[int | None, int | None, float]],
) -> None:
    timeline, now, before = Timeline(), 100.0, -1
    for dts, pts, waited in given_stamps:
        now += waited
        stamp = timeline.stamp(dts, pts, MILLISECONDS, at=now, monotonic=now, frame_seconds=0.04)
        assert before < stamp.dts <= before + 10 * TICKS + 1 or before == -1
        assert stamp.pts is None or 0 <= stamp.pts - stamp.dts <= 10 * TICKS
        before = stamp.dts


def test_honest_timestamps_are_kept_and_a_jump_is_bridged() -> None:
    timeline = Timeline()
    places = [
        timeline.stamp(dts, dts, MILLISECONDS, at=0.0, monotonic=second, frame_seconds=0.04).dts / TICKS
        for dts, second in [(5000, 1.0), (5040, 1.5), (5080, 1.5), (86_405_120, 1.6), (86_405_160, 1.7), (0, 1.8)]
    ]
    assert places == pytest.approx([0.0, 0.04, 0.08, 0.18, 0.22, 0.32])


def test_a_beat_picks_evenly_and_survives_a_jump_back() -> None:
    beat = Beat(5.0)
    taken = [number for number in range(50) if beat.takes(number / 25)]
    assert taken == list(range(0, 50, 5))
    assert beat.takes(0.0), "the timeline began anew"
    assert not beat.takes(0.04)


def entry(second: float, *, key: bool = False, size: int = 10) -> Entry:
    packet = av.Packet(bytes(size))
    packet.is_keyframe = key
    return Entry(packet, Stamp(second, second, int(second * TICKS), None))  # type: ignore[arg-type]


def seconds(entries: list[Entry]) -> list[float]:
    return [e.stamp.monotonic for e in entries]


def test_the_ring_keeps_its_seconds_and_the_group_they_begin_in() -> None:
    ring = PacketRing(3.0, 10_000)
    for second in range(12):
        ring.append(entry(second, key=second % 2 == 0))
    assert seconds(ring.since(0.0)) == [8.0, 9.0, 10.0, 11.0]
    assert seconds(ring.since(10.5)) == [10.0, 11.0]


def test_the_ring_begins_at_a_key_frame_and_counts_what_it_drops() -> None:
    ring = PacketRing(10.0, 35)
    for second, key in enumerate([False, True, False, True, False]):
        ring.append(entry(second, key=key))
    assert seconds(ring.since(0.0)) == [3.0, 4.0]
    assert ring.dropped == 3
    ring.append(entry(5.0, key=True, size=100))
    assert ring.since(0.0) == []


def test_a_clip_begins_with_the_last_picture_at_or_before_what_was_asked() -> None:
    ten_a_second = [entry(5.0 + number / 10, key=number == 0) for number in range(20)]
    assert beginning(ten_a_second, 5.95, copy=False) == pytest.approx((0.9, 5.9))
    assert beginning(ten_a_second, 5.9, copy=False) == pytest.approx((0.9, 5.9))
    assert beginning(ten_a_second, 5.95, copy=True) == (0.0, 5.0), "packets can be copied from a key frame on only"
    assert beginning(ten_a_second, 3.0, copy=False) == (0.0, 5.0), "as early as there is something"


def test_a_clip_that_begins_among_b_frames_shows_those_that_came_late() -> None:
    shown_in = [1, 4, 2, 3, 7, 5, 6]  # the order of I P B B P B B, a picture's distance after decoding at least
    entries = [
        Entry(each.packet, replace(each.stamp, pts=TICKS * place))
        for each, place in zip([entry(float(second)) for second in range(7)], shown_in, strict=True)
    ]
    assert beginning(entries, 0.5, copy=False) == (1.0, 0.0)
    assert beginning(entries, 1.5, copy=False) == (2.0, 1.0)
    assert beginning(entries, 4.5, copy=False) == (5.0, 4.0)


def test_a_lost_camera_is_tried_soon_at_first_and_rarely_later() -> None:
    backoff = Backoff(jitter=lambda: 1.0)
    assert [backoff.wait(float(second)) for second in range(4)] == [1.0, 2.0, 2.0, 2.0]
    assert [backoff.wait(200.0), backoff.wait(220.0)] == [16.0, 30.0]
    backoff.succeeded()
    assert backoff.wait(230.0) == 1.0


def test_jitter_is_full_and_a_password_is_tried_three_times() -> None:
    assert Backoff(jitter=lambda: 0.0).wait(0.0) == 0.0
    backoff = Backoff(jitter=lambda: 1.0)
    assert [backoff.wait(0.0, "password") for _ in range(4)] == [1.0, 2.0, 300.0, 300.0]
    assert backoff.wait(0.0, "usual") <= 2.0
    assert 15.0 <= backoff.wait(0.0, "person") <= 30.0


def test_a_mask_covers_all_that_it_touches() -> None:
    hidden = covered([((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))], 40, 20)
    assert hidden[5:15, 10:30].all()
    assert not hidden[:3].any()
    assert not hidden[:, :8].any()
    thin = covered([((0.1, 0.501), (0.9, 0.502), (0.9, 0.503))], 40, 20)
    assert thin[10, 4:36].all()
    assert not covered([], 40, 20).any()


def test_what_is_packed_comes_out_the_same_in_any_pieces() -> None:
    frame = Frame(7, 1.5, 2.5, np.arange(24, dtype=np.uint8).reshape(2, 4, 3))
    messages: list[Wire] = [
        Opened("h264", 640, 480, 25.0),
        Live(7, 1.5, 2.5, b"jpeg"),
        SnapshotDone("t", b"", 3.0),
        ClipDone("t", Path("/x/t.mp4"), 15.0, True, 2.0),
        ClipFailed("t", "why"),
        Alive(9.0),
        Fault("failed", "Said so.", "password"),
        Analysed(frame, 3),
    ]
    data = b"".join(bytes(buffer) for message in messages for buffer in packed(message))
    unpacker = Unpacker()
    out = [message for at in range(0, len(data), 7) for message in unpacker.feed(data[at : at + 7])]
    assert out[:-1] == messages[:-1]
    last = out[-1]
    assert isinstance(last, Analysed)
    assert (last.dropped, last.frame.sequence) == (3, 7)
    np.testing.assert_array_equal(last.frame.pixels, frame.pixels)


@given(st.binary(min_size=8, max_size=400))
def test_garbage_is_called_garbage(data: bytes) -> None:
    with suppress(Garbled):
        assert all(len(bytes(data)) >= 8 for _ in Unpacker().feed(data))


def test_settings_travel_whole() -> None:
    mask = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    settings = CaptureSettings("rtsp://x/y", Path("/a"), Path("/b"), masks=(mask,), allowed_networks=("10.0.0.0/8",))
    assert settings_from_json(settings_to_json(settings)) == settings


def test_the_inbox_keeps_the_newest_picture_and_every_word() -> None:
    inbox = Inbox()
    frames = [Analysed(Frame(n, 0.0, 0.0, np.zeros((2, 2, 3), np.uint8)), dropped=1) for n in range(3)]
    for frame in frames:
        inbox.put(frame)
        inbox.put(ClipFailed(str(frame.frame.sequence), ""))
    said = [inbox.pop() for _ in range(5)]
    assert [type(message).__name__ for message in said[:3]] == ["ClipFailed"] * 3
    newest = said[3]
    assert isinstance(newest, Analysed)
    assert (newest.frame.sequence, newest.dropped) == (2, 3)
    assert said[4] is None
    inbox.put(frames[0])
    inbox.lost()
    inbox.put(Lost("offline", "Gone.", 1.0))
    assert isinstance(inbox.pop(), Lost)
    assert inbox.pop() is None
