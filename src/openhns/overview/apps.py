from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "openhns.overview"
    label = "overview"
