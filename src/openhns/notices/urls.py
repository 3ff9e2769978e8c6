"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

from openhns.notices.pages import reviewing

urlpatterns: list[URLPattern] = [
    path("<slug:mechanism>/review/<uuid:version>/", reviewing.version, name="notices-review"),
]
