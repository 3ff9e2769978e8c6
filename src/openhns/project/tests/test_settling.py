"""What a process of the server does before its first request."""

import gc
from collections.abc import Iterator

import pytest
from django.urls import get_resolver

from openhns.project.settling import settle


@pytest.fixture
def _python_as_it_starts() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_python_as_it_starts")
def test_what_is_loaded_is_left_out_of_each_search_for_garbage() -> None:
    settle()
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 700
    assert gc.get_freeze_count() > len(get_resolver().url_patterns)


@pytest.mark.usefixtures("_python_as_it_starts")
def test_what_is_made_later_in_a_circle_is_still_found() -> None:
    settle()
    circle: list[object] = []
    circle.append(circle)
    del circle
    assert gc.collect() >= 1
