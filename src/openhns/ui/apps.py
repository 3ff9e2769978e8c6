"""The room of what all screens share."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags, assets and headers; no tables."""

    name = "openhns.ui"
