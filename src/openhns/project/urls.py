"""Every address: the public page, signing in, and each room's pages under its mechanism."""

from django.urls import include, path

from openhns.project import refusing
from openhns.project.api import api

handler403 = refusing.refused
handler404 = refusing.not_found
handler500 = refusing.fault

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("openhns.mechanism.urls")),
    path("", include("openhns.parties.urls")),
    path("", include("openhns.registry.urls")),
    path("", include("openhns.notices.urls")),
    path("", include("openhns.incidents.urls")),
    path("", include("openhns.demo.urls")),
    path("", include("openhns.overview.urls")),
]
