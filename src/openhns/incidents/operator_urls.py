"""Addresses of the operator's pages in this room."""

from typing import Final

from django.urls import URLPattern, path

from openhns.incidents.pages import certificates, incidents

_ALL: Final = "<slug:mechanism>/incidents"
_ONE: Final = f"{_ALL}/<uuid:incident>"
_CERTIFICATE: Final = f"{_ONE}/certificates/<uuid:certificate>"

urlpatterns: list[URLPattern] = [
    path(f"{_ALL}/", incidents.incidents, name="incidents-list"),
    path(f"{_ALL}/new/", incidents.report, name="incidents-new"),
    path(f"{_ONE}/", incidents.incident, name="incidents-incident"),
    path(f"{_ONE}/claims/new/", incidents.report_claim, name="incidents-new-claim"),
    path(f"{_ONE}/certificates/", certificates.certify, name="incidents-certify"),
    path(f"{_CERTIFICATE}/", certificates.certificate, name="incidents-certificate"),
    path(
        f"{_CERTIFICATE}/signed/",
        certificates.certificate_text,
        name="incidents-certificate-text",
    ),
]
