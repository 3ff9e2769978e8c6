"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

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
    path(f"{_PARTY}/inbox/", inbox.inbox, name="notices-inbox"),
    path(f"{_PARTY}/inbox/<int:number>/", notice.notice, name="notices-notice"),
    path(f"{_PARTY}/inbox/<int:number>/envelope/", notice.envelope, name="notices-envelope"),
    path(f"{_PARTY}/inbox/<int:number>/proof/", notice.proof, name="notices-proof"),
    path(f"{_PARTY}/inbox/<int:number>/object/", answering.objecting, name="notices-object"),
    path(f"{_PARTY}/answer/", answering.answer, name="notices-answer"),
    path(f"{_PARTY}/answer/to-sign/", answering.to_sign, name="notices-to-sign"),
    path(f"{_PARTY}/answer/receipts/", answering.receipts, name="notices-receipts"),
    path(f"{_PARTY}/holdings/", holdings.holdings, name="notices-holdings"),
    path(f"{_PARTY}/holdings/places/", holdings.places, name="notices-holdings-places"),
    path(f"{_PARTY}/holdings/bundle/", holdings.bundle, name="notices-bundle"),
]
