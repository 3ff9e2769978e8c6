from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "openhns.demo"
    label = "demo"
