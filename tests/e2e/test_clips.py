"""Clips of every kind of camera play in the browser, with what is masked black."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.support.browser import log_in, plays
from tests.support.instance import Instance, running_vigil
from tests.support.processes import wait_until
from tests.support.scripted import EYE, running_cameras
from tests.support.scripted_footage import write

CODECS = {"H.264": "libx264", "HEVC": "libx265", "masked": "libx264"}
MASK = [[0.0, 0.75], [1.0, 0.75], [1.0, 0.95], [0.0, 0.95]]
MJPEG = "MJPEG"


@pytest.fixture(scope="module")
def vigil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A Vigil with a camera of each kind and an eye that sees what the footage says."""
    folder = tmp_path_factory.mktemp("clips")
    footage = folder / "data" / "footage"
    footage.mkdir(parents=True)
    with (
        running_cameras(folder / "mjpeg.log") as port,
        running_vigil(folder / "data", environment={"VIGIL_EYE": EYE}) as vigil,
    ):
        site = vigil.call("GET", "/api/v1/sites/")["results"][0]["id"]
        for number, (name, codec) in enumerate(CODECS.items()):
            file = write(footage / f"{codec}{number}.mp4", codec=codec, camera=number)
            camera = {"site": site, "name": name, "source": str(file)}
            vigil.call("POST", "/api/v1/cameras/", camera | ({"masks": [MASK]} if name == "masked" else {}))
        source = f"http://127.0.0.1:{port}/camera/9"
        vigil.call("POST", "/api/v1/cameras/", {"site": site, "name": MJPEG, "source": source})
        yield vigil


def clip_of(vigil: Instance, name: str) -> str:
    """Where the clip of the camera's first event is, once it is there."""
    found: list[str] = []

    def there() -> bool:
        found[:] = [event["clip"] for event in vigil.events() if event["camera_name"] == name and event["clip"]]
        return bool(found)

    wait_until(there, seconds=90, what=f"a clip of the {name} camera", every=1.0)
    return found[-1]


@pytest.mark.parametrize("name", [*CODECS, MJPEG])
def test_a_clip_plays(vigil: Instance, browser: Browser, name: str) -> None:
    clip = clip_of(vigil, name)
    page = log_in(browser, vigil)
    page.wait_for_load_state("networkidle")
    width, moved = plays(page, clip)
    page.close()
    assert width > 0
    assert moved > 1


def test_what_is_masked_is_black_in_the_clip(vigil: Instance) -> None:
    data = vigil.download(clip_of(vigil, "masked"))
    with av.open(io.BytesIO(data), "r") as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="gray")
            height = picture.shape[0]
            assert np.median(picture[round(height * 0.78) : round(height * 0.92)]) < 24
            assert picture[: height // 2].mean() > 30
