"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern

from openhns.incidents import own_urls

urlpatterns: list[URLPattern] = [
    *own_urls.urlpatterns,
]
