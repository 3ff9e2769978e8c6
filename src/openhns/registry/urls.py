"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

from openhns.registry.pages import review

urlpatterns: list[URLPattern] = [
    path("<slug:mechanism>/review/", review.queue, name="registry-review"),
    path("<slug:mechanism>/review/passing/", review.passing, name="registry-passing"),
    path(
        "<slug:mechanism>/review/passing/<uuid:errand>/", review.clearing, name="registry-clearing"
    ),
]
