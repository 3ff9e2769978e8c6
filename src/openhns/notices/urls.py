"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

from openhns.notices import own_urls, party_urls
from openhns.notices.pages import preview, reviewing, transmission

urlpatterns: list[URLPattern] = [
    path("<slug:mechanism>/review/<uuid:version>/", reviewing.version, name="notices-review"),
    path("<slug:mechanism>/transmission/", transmission.transmission, name="notices-transmission"),
    path("<slug:mechanism>/transmission/send/", transmission.send, name="notices-send"),
    path(
        "<slug:mechanism>/transmission/urgent/",
        transmission.send_urgent,
        name="notices-send-urgent",
    ),
    path(
        "<slug:mechanism>/transmission/runs/<uuid:errand>/",
        transmission.transmitting,
        name="notices-transmitting",
    ),
    path("<slug:mechanism>/transmission/<uuid:party>/", preview.preview, name="notices-preview"),
    *own_urls.urlpatterns,
    *party_urls.urlpatterns,
]
