"""The tasks of an inference worker. Light to import: what needs a model is loaded when a task runs."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

TROUBLE = "Something went wrong in the worker; its log says more."


@shared_task(name="inference.run_camera", ignore_result=True, acks_late=False, max_retries=0)
def run_camera(camera_id: str, epoch: int) -> None:
    """Watch a camera for as long as this worker holds its lease under this epoch.

    Never retried, and a second message of the same loop returns at once: the lease decides, not the broker.
    """
    from inference.worker import current_crew

    current_crew().run_camera(UUID(camera_id), epoch)


@shared_task(name="inference.test_connection", ignore_result=True, acks_late=False, max_retries=0)
def test_connection(request_id: str) -> None:
    """Open a source once, as a camera would, and answer the person who asked with a picture or with what is wrong."""
    from django.conf import settings

    from cameras.requests import finish_request, take_request
    from inference.capture.probe import probe

    request = take_request(UUID(request_id))
    if request is None:
        return
    try:
        result = probe(
            request.source,
            footage_dir=settings.VIGIL_FOOTAGE_DIR,
            allowed_networks=tuple(settings.VIGIL_ALLOWED_NETWORKS),
        )
        finish_request(request_id=request.id, ok=result.ok, message=result.message, preview=result.preview)
    except Exception:
        finish_request(request_id=request.id, ok=False, message=TROUBLE)
        raise


@shared_task(name="inference.learn", ignore_result=True, acks_late=False, max_retries=0)
def learn(request_id: str) -> None:
    """Give a camera its normality from recordings, and tell the person who asked how far it is."""
    from cameras.requests import finish_request, report_progress, take_request
    from inference.learn import RecordingUnreadable
    from inference.learning import learn_recordings
    from inference.worker import current_crew

    request = take_request(UUID(request_id))
    if request is None or request.camera_id is None:
        return
    try:
        learned = learn_recordings(
            current_crew().station,
            request.camera_id,
            request.paths,
            lambda share: report_progress(request_id=request.id, progress=share),
        )
    except RecordingUnreadable as error:
        finish_request(request_id=request.id, ok=False, message=str(error))
    except Exception:
        finish_request(request_id=request.id, ok=False, message=TROUBLE)
        raise
    else:
        message = f"The camera knows {learned / 60:.1f} minutes of normal footage now."
        finish_request(request_id=request.id, ok=True, message=message)


@shared_task(name="inference.backtest", ignore_result=True, acks_late=False, max_retries=0)
def backtest(request_id: str) -> None:
    """Say what a change of budget or of feedback would have done in the last days."""
    from dataclasses import asdict

    from cameras.requests import finish_request, take_request
    from inference.backtesting import NothingToTestOn, backtest_camera, in_words
    from inference.worker import current_crew

    request = take_request(UUID(request_id))
    if request is None or request.camera_id is None:
        return
    try:
        effect = backtest_camera(
            current_crew().station, request.camera_id, alarm_budget=request.alarm_budget, dismiss=request.dismiss
        )
    except NothingToTestOn as error:
        finish_request(request_id=request.id, ok=False, message=str(error))
    except Exception:
        finish_request(request_id=request.id, ok=False, message=TROUBLE)
        raise
    else:
        finish_request(request_id=request.id, ok=True, message=in_words(effect), result=asdict(effect))
