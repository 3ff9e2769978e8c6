"""Addresses of an organisation's own pages in this room."""

from typing import Final

from django.urls import URLPattern, path

from openhns.incidents.pages import reporting
from openhns.registry import addresses

addresses.register_kinds()
_OWN: Final = "<slug:mechanism>/organisations/<uuid:organisation>"
_ONE: Final = f"{_OWN}/incidents/<uuid:incident>"

urlpatterns: list[URLPattern] = [
    path(f"{_OWN}/incidents/", reporting.incidents, name="incidents-mine"),
    path(f"{_OWN}/incidents/new/", reporting.report, name="incidents-report"),
    path(
        f"{_OWN}/<kind:kind>/<uuid:listing>/report/",
        reporting.report_at,
        name="incidents-report-at",
    ),
    path(f"{_ONE}/", reporting.incident, name="incidents-my-incident"),
    path(f"{_ONE}/more/", reporting.report_more, name="incidents-report-more"),
    path(f"{_ONE}/publication/", reporting.publication, name="incidents-publication"),
    path(
        f"{_ONE}/certificates/<uuid:certificate>/",
        reporting.certificate,
        {"as_text": False},
        name="incidents-my-certificate",
    ),
    path(
        f"{_ONE}/certificates/<uuid:certificate>/text/",
        reporting.certificate,
        {"as_text": True},
        name="incidents-my-certificate-text",
    ),
]
