"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern, path

from openhns.registry import addresses
from openhns.registry.pages import review, signing, submitting

addresses.register_kinds()
_OWN = "<slug:mechanism>/organisations/<uuid:organisation>"

urlpatterns: list[URLPattern] = [
    path("<slug:mechanism>/review/", review.queue, name="registry-review"),
    path("<slug:mechanism>/review/passing/", review.passing, name="registry-passing"),
    path(
        "<slug:mechanism>/review/passing/<uuid:errand>/", review.clearing, name="registry-clearing"
    ),
    path(f"{_OWN}/<kind:kind>/new/", submitting.submit, name="registry-submit"),
    path(f"{_OWN}/<kind:kind>/<uuid:listing>/amend/", submitting.amend, name="registry-amend"),
    path(f"{_OWN}/<kind:kind>/<uuid:listing>/remove/", submitting.remove, name="registry-remove"),
    path(f"{_OWN}/signatures/", signing.signing, name="registry-signing"),
]
