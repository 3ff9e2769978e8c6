from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "openhns.vault"
    label = "vault"
