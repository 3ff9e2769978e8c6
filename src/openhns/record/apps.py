from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "openhns.record"
    label = "record"
