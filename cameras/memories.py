"""What cameras learned, as files: removed when the camera is gone, for there are pictures of people in them."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage

from cameras.models import Camera

FOLDER = "memories"
"""In the media storage; in it a folder for each camera, named by its id."""


def remove_stray_memories() -> int:
    """Delete the files of cameras whose rows are gone, with their site or after their time; returns how many."""
    try:
        folders, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    ids = {folder: UUID(folder) for folder in folders if _is_uuid(folder)}
    known = set(Camera.with_removed.values_list("pk", flat=True))
    return sum(_empty(f"{FOLDER}/{folder}") for folder, camera_id in ids.items() if camera_id not in known)


def _empty(folder: str) -> int:
    names = default_storage.listdir(folder)[1]
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)  # a no-op where the storage has no folders
    return len(names)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
