"""Addresses of an organisation's own pages in this room."""

from typing import Final

from django.urls import URLPattern, path

from openhns.notices.pages import consents, my_objections, my_sites
from openhns.registry import addresses
from openhns.registry.models import Listing

addresses.register_kinds()
_OWN: Final = "<slug:mechanism>/organisations/<uuid:organisation>"
_ONE: Final = f"{_OWN}/<kind:kind>/<uuid:listing>"
_SITES, _MOVEMENTS = {"kind": Listing.Kind.SITE}, {"kind": Listing.Kind.MOVEMENT}

urlpatterns: list[URLPattern] = [
    path(f"{_OWN}/sites/", my_sites.listings, _SITES, name="notices-my-sites"),
    path(f"{_OWN}/movements/", my_sites.listings, _MOVEMENTS, name="notices-my-movements"),
    path(f"{_ONE}/", my_sites.listing, name="notices-my-listing"),
    path(f"{_ONE}/consents/", consents.consents, name="notices-consents"),
    path(f"{_OWN}/objections/", my_objections.objections, name="notices-my-objections"),
    path(
        f"{_OWN}/objections/<uuid:objection>/",
        my_objections.objection,
        name="notices-my-objection",
    ),
    path("<slug:mechanism>/objections/waiting/", my_objections.ringing, name="notices-ringing"),
]
