"""Static files come from where the apps have them, whole or in part."""

from __future__ import annotations

from django.test import Client

CSS = "/static/admin/css/base.css"


def test_a_file_of_an_app_is_found_without_collecting(client: Client) -> None:
    answer = client.get(CSS)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_part_of_it_and_its_head(client: Client) -> None:
    part = client.get(CSS, headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    head = client.head(CSS)
    assert head.content == b""
    assert int(head["Content-Length"]) > 10


def test_it_is_not_sent_twice(client: Client) -> None:
    unchanged = client.get(CSS, headers={"If-Modified-Since": client.get(CSS)["Last-Modified"]})
    assert unchanged.status_code == 304


def test_what_is_not_there_is_a_404(client: Client) -> None:
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/static/../manage.py").status_code == 404
