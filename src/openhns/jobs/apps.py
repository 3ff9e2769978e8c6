from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "openhns.jobs"
    label = "jobs"
