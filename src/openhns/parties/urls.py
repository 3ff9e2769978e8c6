"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

from openhns.parties.pages import keys

urlpatterns: list[URLPattern] = [
    path("<slug:mechanism>/party/<uuid:party>/keys/", keys.keys, name="parties-keys"),
    path(
        "<slug:mechanism>/party/<uuid:party>/keys/register/",
        keys.register,
        name="parties-key-register",
    ),
    path(
        "<slug:mechanism>/party/<uuid:party>/keys/<str:kid>/revoke/",
        keys.revoke,
        name="parties-key-revoke",
    ),
]
