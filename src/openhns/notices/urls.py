"""Addresses of this room: the operator's, an organisation's own, a party's."""

from django.urls import URLPattern

from openhns.notices import operator_urls, own_urls, party_urls

urlpatterns: list[URLPattern] = [
    *operator_urls.urlpatterns,
    *own_urls.urlpatterns,
    *party_urls.urlpatterns,
]
