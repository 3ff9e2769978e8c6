"""Addresses of this room."""

from django.urls import path

from openhns.overview.pages import public

urlpatterns = [path("", public.public, name="public")]
