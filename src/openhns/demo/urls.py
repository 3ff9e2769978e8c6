"""Addresses of the demonstration; elsewhere they answer as if they were not there."""

from django.urls import path

from openhns.demo.pages import door

urlpatterns = [
    path("demonstration/", door.tour, name="demonstration"),
    path("demonstration/act/", door.act, name="demonstration-act"),
    path("demonstration/record/", door.record, name="demonstration-record"),
    path("demonstration/record/attacks/", door.attacks, name="demonstration-attacks"),
]
