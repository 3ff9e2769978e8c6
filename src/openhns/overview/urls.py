"""Addresses of this room."""

from django.urls import path

from openhns.overview.pages import log_files, public

urlpatterns = [
    path("", public.public, name="public"),
    path("log/<path:name>", log_files.first_log_file, name="overview-log"),
    path("logs/<slug:log>/<path:name>", log_files.log_file, name="overview-named-log"),
]
