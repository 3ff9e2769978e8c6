"""Django's settings, read from OPENHNS_* variables."""

SECRET_KEY = "replaced-when-the-settings-land"  # noqa: S105 - stands only until the settings land.
INSTALLED_APPS: list[str] = []
USE_TZ = True
