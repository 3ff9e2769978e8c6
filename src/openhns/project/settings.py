"""Django's settings, read from OPENHNS_* variables. Importing them writes nothing."""

from typing import Any

from django.utils.functional import lazy

from openhns.project.configuration import read_configuration
from openhns.project.secret_key import stored_secret_key

CONFIGURATION = read_configuration()

# What the rooms read. A room never looks at the environment itself.
OPENHNS_DATA = CONFIGURATION.data
OPENHNS_MASTER_KEY_FILE = CONFIGURATION.master_key_file
OPENHNS_KEY_PASSPHRASE_FILE = CONFIGURATION.key_passphrase_file
OPENHNS_LOG_HOST = CONFIGURATION.log_host
OPENHNS_AS = CONFIGURATION.acts_as

INSTALLED_APPS: list[str] = [
    "django.contrib.contenttypes",
    "openhns.project",
    "openhns.vault",
    "openhns.record",
    "openhns.jobs",
    "openhns.mechanism",
    "openhns.parties",
    "openhns.registry",
    "openhns.notices",
    "openhns.incidents",
]
AUTH_USER_MODEL = "mechanism.Person"

DATABASES: dict[str, dict[str, Any]] = {"default": CONFIGURATION.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The key is made when something first signs with it, not when a command merely starts.
SECRET_KEY = CONFIGURATION.secret_key or lazy(stored_secret_key, str)(CONFIGURATION.keys)
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]

LOGGING_CONFIG = "openhns.project.logs.configure_logs"
LOGGING = {"level": CONFIGURATION.log_level}
