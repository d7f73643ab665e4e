"""ObjectMemory: it follows things, knows what is usual of each kind, and says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.memory.feedback import Feedback
from inference.memory.kinds import Kinds
from inference.memory.objects import ObjectMemories, ObjectMemory
from inference.memory.tracks import Tracks
from inference.types import Features, Floats

LABELS = ("person", "bicycle")


def features(
    at: float,
    *,
    x: float = 0.5,
    speed: float = 0.03,
    bicycle: float = 0.02,
    swing: float = 0.02,
    appearance: float = 1.0,
) -> Features:
    """One thing that walks, give or take a little."""
    little = 1.0 + 0.1 * float(np.sin(7.0 * at)) + 0.05 * float(np.sin(31.0 * at))
    values: dict[str, list[float]] = {
        "speed": [speed * little],
        "activity": [1.1 * speed * little],
        "gait": [speed * little, 1.1 * speed * little, swing * little],
        "kind": [0.7, bicycle],
        "velocity": [speed, 0.0],
        "appearance": [appearance * little],
        "size": [0.01],
        "place": [x, 0.5],
    }
    box = np.array([[x - 0.02, 0.4, x + 0.02, 0.6]], np.float32)
    return Features(at, box, {name: np.array([row], np.float32) for name, row in values.items()})


def walk(seconds: float, began: float = 0.0) -> list[Features]:
    return [features(began + n / 10, x=0.1 + 0.8 * ((n / 200) % 1.0)) for n in range(int(seconds * 10))]


@pytest.fixture(scope="module")
def learned() -> bytes:
    memory = ObjectMemories(LABELS)()
    for seen in walk(120.0):
        memory.learn([memory.follow(seen)])
    return memory.to_bytes()


@pytest.fixture
def memory(learned: bytes) -> ObjectMemory:
    return ObjectMemories(LABELS).from_bytes(learned)


def peak(memory: ObjectMemory, moments: list[Features]) -> float:
    return max(memory.score(memory.follow(moment)).surprise for moment in moments)


def test_what_goes_on_as_before_is_not_surprising(memory: ObjectMemory) -> None:
    assert memory.progress == 1.0
    assert peak(memory, walk(30.0, began=1000.0)) < 1.5


def test_a_kind_that_is_not_seen_here_is_named(memory: ObjectMemory) -> None:
    score = [memory.score(memory.follow(features(1000.0 + n / 10, bicycle=0.6))) for n in range(10)][-1]
    assert score.surprise > 1.5
    assert score.reasons[0].attribute == "kind"
    assert score.reasons[0].text == "looks like a bicycle, which is not seen here"
    assert score.box is not None


def test_legs_that_do_not_swing_are_noticed(memory: ObjectMemory) -> None:
    score = [memory.score(memory.follow(features(1000.0 + n / 10, swing=0.0))) for n in range(10)][-1]
    assert score.surprise > 1.0
    assert score.reasons[0].attribute == "gait"


def test_what_looks_like_nothing_seen_before_is_noticed_and_a_little_is_not(memory: ObjectMemory) -> None:
    little, much = (
        [memory.score(memory.follow(features(at + n / 10, appearance=look))) for n in range(10)][-1]
        for at, look in ((1000.0, 1.5), (2000.0, 9.0))
    )
    assert little.surprise < 1.0 < much.surprise
    assert much.reasons[0].text == "looks unlike anything seen here"


def test_speed_is_told_in_multiples_of_what_is_usual(memory: ObjectMemory) -> None:
    score = [memory.score(memory.follow(features(1000.0 + n / 10, speed=0.12))) for n in range(10)][-1]
    assert any("times faster than 99.9 %" in reason.text for reason in score.reasons)


def test_one_frame_is_evened_out_by_those_before(memory: ObjectMemory) -> None:
    for n in range(10):
        usual = memory.score(memory.follow(features(1000.0 + n / 10))).surprise
    flash = memory.score(memory.follow(features(1001.0, bicycle=0.6))).surprise
    for n in range(11, 20):
        lasting = memory.score(memory.follow(features(1000.0 + n / 10, bicycle=0.6))).surprise
    assert usual < flash < lasting


def test_what_was_followed_scores_the_same_whenever_it_is_asked_about(memory: ObjectMemory) -> None:
    seen = memory.follow(features(1000.0, speed=0.12))
    assert memory.score(seen) == memory.score(seen)


def test_the_same_frames_score_the_same_from_a_snapshot(learned: bytes) -> None:
    one, other = (ObjectMemories(LABELS).from_bytes(learned) for _ in range(2))
    moments = [features(1000.0 + n / 10, speed=0.05) for n in range(10)]
    assert [one.score(one.follow(moment)) for moment in moments] == [
        other.score(other.follow(moment)) for moment in moments
    ]


def test_another_for_the_night_knows_the_same_kinds_and_nothing_else(memory: ObjectMemory) -> None:
    other = memory.anew()
    assert other.progress == 0.0
    assert ObjectMemories(LABELS).from_bytes(other.to_bytes()).learned_seconds == 0.0


def test_a_false_alarm_is_forgiven_and_another_kind_of_surprise_is_not(memory: ObjectMemory) -> None:
    def last(**unusual: float) -> Features:
        memory.follow(features(900.0))  # an end of all tracks
        return [memory.follow(features(1000.0 + n / 10, **unusual)) for n in range(10)][-1]

    feedback, again, faster = Feedback([last(bicycle=0.6)]), last(bicycle=0.62), last(bicycle=0.6, speed=0.3)
    assert memory.score(again).surprise > 1.0
    assert len(feedback.unforgiven(again, memory).boxes) == 0
    assert len(feedback.unforgiven(faster, memory).boxes) == 1


def test_each_thing_is_told_for_itself(memory: ObjectMemory) -> None:
    seen = memory.follow(features(1000.0, bicycle=0.6))
    score = memory.score(seen)
    assert memory.surprises(seen) == pytest.approx([score.surprise])
    assert score.places


@pytest.mark.parametrize(
    ("without", "surprised"),
    [({"kind"}, True), ({"gait", "speed"}, True), ({"speed", "activity", "gait", "kind"}, False)],
)
def test_it_judges_by_what_there_is(without: set[str], surprised: bool) -> None:
    def less(seen: Features) -> Features:
        return replace(seen, attributes={name: v for name, v in seen.attributes.items() if name not in without})

    memory = ObjectMemories(LABELS)()
    for seen in walk(80.0):
        memory.learn([memory.follow(less(seen))])
    fast = [less(features(1000.0 + n / 10, speed=0.12)) for n in range(10)]
    assert (peak(memory, fast) > 1.5) is surprised


def test_a_snapshot_of_other_kinds_is_refused(learned: bytes) -> None:
    with pytest.raises(ValueError, match="other classes"):
        ObjectMemories(("person", "bicycle", "car")).from_bytes(learned)


@pytest.mark.parametrize("snapshot", [b"", b"nonsense"])
def test_a_broken_snapshot_is_refused(snapshot: bytes) -> None:
    with pytest.raises(ValueError, match=r"snapshot|pickled"):
        ObjectMemories(LABELS).from_bytes(snapshot)


def test_nothing_to_see_is_not_surprising(memory: ObjectMemory) -> None:
    seen = features(1000.0)
    nothing = Features(1000.0, seen.boxes[:0], {name: values[:0] for name, values in seen.attributes.items()})
    assert memory.score(nothing).surprise == 0.0
    memory.learn([nothing])


def test_things_that_cross_keep_their_tracks() -> None:
    tracks = Tracks()
    for n in range(21):
        left, right = 0.3 + 0.02 * n, 0.7 - 0.02 * n
        boxes = np.array([[left, 0.4, left + 0.1, 0.6], [right, 0.45, right + 0.1, 0.65]], np.float32)
        mark: Floats = np.array([[0.0], [1.0]], np.float32)
        averages, seen = tracks.follow(Features(n / 10, boxes, {"mark": mark}), {"mark": 1.0})
    np.testing.assert_allclose(averages["mark"][:, 0], [0.0, 1.0], atol=1e-6)
    assert seen.tolist() == [21.0, 21.0]


def test_a_kind_that_is_usual_does_not_surprise() -> None:
    kinds = Kinds(2)
    for _ in range(50):
        kinds.learn(np.array([[0.8, 0.3]], np.float32))
    surprises = kinds.surprises(np.array([[0.8, 0.3], [0.8, 0.9]], np.float32))
    assert (surprises[0] < 0.1).all()
    assert surprises[1, 1] > 1.0
