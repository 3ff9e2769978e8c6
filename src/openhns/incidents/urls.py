"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern

from openhns.incidents import operator_urls, own_urls

urlpatterns: list[URLPattern] = [
    *operator_urls.urlpatterns,
    *own_urls.urlpatterns,
]
