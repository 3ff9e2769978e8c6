"""Addresses of this room; each line belongs to the screen that it names."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
