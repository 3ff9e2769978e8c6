"""Addresses of the operator's pages in this room."""

from typing import Final

from django.urls import URLPattern, path

from openhns.notices.pages import (
    objections,
    parties,
    preview,
    queries,
    receipts,
    reviewing,
    sent,
    transmission,
    withdrawal,
)

_HERE: Final = "<slug:mechanism>"
_SENDING: Final = f"{_HERE}/transmission"
_SENT: Final = f"{_HERE}/sent"
_PARTY: Final = f"{_HERE}/parties/<uuid:party>"

urlpatterns: list[URLPattern] = [
    path(f"{_HERE}/review/<uuid:version>/", reviewing.version, name="notices-review"),
    path(f"{_SENDING}/", transmission.transmission, name="notices-transmission"),
    path(f"{_SENDING}/send/", transmission.send, name="notices-send"),
    path(f"{_SENDING}/urgent/", transmission.send_urgent, name="notices-send-urgent"),
    path(f"{_SENDING}/runs/<uuid:errand>/", transmission.transmitting, name="notices-transmitting"),
    path(f"{_SENDING}/<uuid:party>/", preview.preview, name="notices-preview"),
    path(f"{_SENT}/", sent.sent, name="notices-sent"),
    path(f"{_SENT}/<uuid:party>/", sent.sent_to_party, name="notices-sent-to"),
    path(f"{_SENT}/<uuid:party>/letter/", receipts.letter, name="notices-letter"),
    path(f"{_SENT}/<uuid:party>/call/", receipts.call, name="notices-call"),
    path(f"{_SENT}/<uuid:party>/<int:number>/", sent.sent_notice, name="notices-sent-notice"),
    path(
        f"{_SENT}/<uuid:party>/<int:number>/objection/",
        objections.record_objection,
        name="notices-record-objection",
    ),
    path(f"{_SENT}/letters/<uuid:receipt>/", sent.letter_on_file, name="notices-letter-on-file"),
    path(f"{_HERE}/objections/", objections.objections, name="notices-objections"),
    path(f"{_HERE}/objections/<uuid:objection>/", objections.objection, name="notices-objection"),
    path(f"{_HERE}/queries/", queries.queries, name="notices-queries"),
    path(f"{_HERE}/queries/<uuid:query>/", queries.query, name="notices-query"),
    path(f"{_HERE}/parties/", parties.parties, name="notices-parties"),
    path(f"{_HERE}/parties/new/", parties.add_party, name="notices-add-party"),
    path(f"{_PARTY}/", parties.party, name="notices-party"),
    path(f"{_PARTY}/participation/", parties.participation, name="notices-participation"),
    path(f"{_PARTY}/focal-point/", parties.focal_point, name="notices-focal-point"),
    path(f"{_PARTY}/keys/<str:kid>/", parties.revoke_key, name="notices-revoke-party-key"),
    path(f"{_PARTY}/withdrawal/", withdrawal.withdrawal, name="notices-withdrawal"),
]
