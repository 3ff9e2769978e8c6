"""Addresses of a party's own pages."""

from typing import Final

from django.urls import URLPattern, path

from openhns.notices.pages import answering, asking, holdings, inbox, notice

_PARTY: Final = "<slug:mechanism>/party/<uuid:party>"

urlpatterns: list[URLPattern] = [
    path(f"{_PARTY}/inbox/", inbox.inbox, name="notices-inbox"),
    path(f"{_PARTY}/inbox/<int:number>/", notice.notice, name="notices-notice"),
    path(f"{_PARTY}/inbox/<int:number>/envelope/", notice.envelope, name="notices-envelope"),
    path(f"{_PARTY}/inbox/<int:number>/proof/", notice.proof, name="notices-proof"),
    path(f"{_PARTY}/inbox/<int:number>/object/", answering.objecting, name="notices-object"),
    path(f"{_PARTY}/inbox/<int:number>/ask/", asking.asking, name="notices-ask"),
    path(f"{_PARTY}/answer/", answering.answer, name="notices-answer"),
    path(f"{_PARTY}/answer/to-sign/", answering.to_sign, name="notices-to-sign"),
    path(f"{_PARTY}/answer/receipts/", answering.receipts, name="notices-receipts"),
    path(f"{_PARTY}/holdings/", holdings.holdings, name="notices-holdings"),
    path(f"{_PARTY}/holdings/places/", holdings.places, name="notices-holdings-places"),
    path(f"{_PARTY}/holdings/bundle/", holdings.bundle, name="notices-bundle"),
]
