"""Scores of cameras where nothing ever happens, 30 days long: the highest surprise of each five seconds.

Each stream is a Gaussian process with a short memory (what passes takes some blocks) and a long one (busy quarters of
an hour), brought to a known marginal distribution by its quantiles; a false alarm is whatever passes the threshold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from inference.calibration import BLOCK_SECONDS, Calibration
from inference.decider import Rules

DAY_BLOCKS = int(86_400 / BLOCK_SECONDS)
Blocks = NDArray[np.float64]


def _gumbel(share: Blocks, _: Blocks) -> Blocks:
    return 0.9 - 0.12 * np.log(-np.log(share))


def _exponential(share: Blocks, _: Blocks) -> Blocks:
    return 0.4 - 0.25 * np.log1p(-share)


def _lognormal(share: Blocks, _: Blocks) -> Blocks:
    normal = torch.special.ndtri(torch.from_numpy(share)).numpy()
    return np.asarray(0.6 * np.exp(0.4 * normal))


def _pareto(share: Blocks, _: Blocks) -> Blocks:
    """Generalised, shape 0.2: the variance is finite, the fifth moment is not."""
    return 0.5 + 0.15 / 0.2 * ((1 - share) ** -0.2 - 1)


def _rhythm(share: Blocks, days: Blocks) -> Blocks:
    """Twice as lively at noon as at night."""
    return _gumbel(share, days) * (1.0 - 0.33 * np.cos(2 * np.pi * days))


def _drift(share: Blocks, days: Blocks) -> Blocks:
    """One percent a day more."""
    return _gumbel(share, days) * (1.0 + 0.01 * days)


PROCESSES: dict[str, Callable[[Blocks, Blocks], Blocks]] = {
    "light tail": _gumbel,
    "exponential tail": _exponential,
    "log-normal": _lognormal,
    "heavy tail": _pareto,
    "daily rhythm": _rhythm,
    "drift": _drift,
}


def stream(process: str, seed: int, days: int = 30) -> Blocks:
    """(days * DAY_BLOCKS,): the surprise of normal footage, block by block."""
    random = np.random.default_rng(seed)
    count = days * DAY_BLOCKS
    normal = np.sqrt(0.7) * _remembering(random, count, 0.5) + np.sqrt(0.3) * _remembering(random, count, 0.995)
    share = torch.special.ndtr(torch.from_numpy(normal)).numpy().clip(1e-12, 1 - 1e-12)
    return PROCESSES[process](share, np.arange(count) / DAY_BLOCKS)


def _remembering(random: np.random.Generator, count: int, keeps: float) -> Blocks:
    """A Gaussian process of variance 1 whose next value keeps that share of the one before (first order)."""
    kernel = keeps ** np.arange(min(count, int(np.log(1e-6) / np.log(keeps))))
    size = 1 << (count + len(kernel)).bit_length()
    noise = random.normal(size=count + len(kernel)) * np.sqrt(1 - keeps**2)
    whole = np.fft.irfft(np.fft.rfft(noise, size) * np.fft.rfft(kernel, size), size)
    return whole[len(kernel) : len(kernel) + count]


@dataclass(frozen=True)
class Outcome:
    """What a camera did with a stream."""

    false_alarms: NDArray[np.intp]
    """Of each day."""
    thresholds: Blocks
    """As they held at the end of each day."""
    found: float
    """Of the anomalies put in, the share that alarmed; NaN where there were none."""


def watch(blocks: Blocks, budget: float, anomalies: dict[int, float] | None = None) -> Outcome:
    """Calibrate on whole days of a stream as a camera does: alarms close together are one.

    `anomalies`: block -> the surprise that is shown in it instead. As in the Decider an event is held by what stays
    over its release, and ends a merge gap later, which is a block.
    """
    calibration, release = Calibration(budget), Rules().release
    anomalies = anomalies or {}
    is_open, began, peak, found = False, 0, 0.0, 0
    alarms = np.zeros(len(blocks) // DAY_BLOCKS, np.intp)
    thresholds = []
    for number, usual in enumerate(blocks.tolist()):
        surprise, threshold = anomalies.get(number, usual), calibration.threshold
        held = surprise >= (release * threshold if is_open else threshold)
        if held and not is_open:
            began, peak = number, 0.0
            found += number in anomalies
            alarms[number // DAY_BLOCKS] += number not in anomalies
        if is_open and not held:
            calibration.alarmed(peak, began * BLOCK_SECONDS)
        is_open, peak = held, max(peak, surprise)
        if not held:
            calibration.add(surprise, number * BLOCK_SECONDS)
        if number % DAY_BLOCKS == DAY_BLOCKS - 1:
            thresholds.append(threshold)
    return Outcome(alarms, np.array(thresholds), found / len(anomalies) if anomalies else np.nan)
