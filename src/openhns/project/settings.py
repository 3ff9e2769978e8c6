"""Django's settings, read from OPENHNS_* variables. Importing them writes nothing."""

from pathlib import Path
from typing import Any

from django.utils.functional import lazy

from openhns.project.assets import assets_stamp
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
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "openhns.project",
    "openhns.ui",
    "openhns.vault",
    "openhns.record",
    "openhns.jobs",
    "openhns.mechanism",
    "openhns.parties",
    "openhns.registry",
    "openhns.notices",
    "openhns.incidents",
    "openhns.overview",
    "openhns.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "openhns.mechanism.counting.counting_gives_way",
    "openhns.ui.headers.security_headers",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openhns.mechanism.sign_in.second_factor.second_factor_gate",
]
ROOT_URLCONF = "openhns.project.urls"
WSGI_APPLICATION = "openhns.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openhns.mechanism.navigation.navigation",
                "openhns.notices.my_objections.ringing",
            ],
            "builtins": ["django.templatetags.i18n", "openhns.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "openhns.ui.forms.Renderer"
# An address names the state of the assets, so that browsers may keep each for good.
STATIC_URL = f"/static/{assets_stamp()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = CONFIGURATION.debug
WHITENOISE_IMMUTABLE_FILE_TEST = "^/static/"

# Sign-in. The library keeps no address and no secret of its own: see mechanism/sign_in.
AUTH_USER_MODEL = "mechanism.Person"
AUTHENTICATION_BACKENDS = ["openhns.mechanism.sign_in.backend.SealedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "openhns.mechanism.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "openhns.mechanism.sign_in.forms.SignInForm",
    "change_password": "openhns.mechanism.sign_in.forms.NewPasswordForm",
    "reauthenticate": "openhns.mechanism.sign_in.forms.PasswordAgainForm",
}
# Tries are counted by each process; the counts are lost when it ends. A proxy in front names the
# visitor's address, and without TLS there is none.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "apply": "6/h/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if CONFIGURATION.https else 0
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # Or other names' tries would push out one's own.
    }
}
MFA_FORMS = {
    "authenticate": "openhns.mechanism.sign_in.forms.CodeForm",
    "authenticate_webauthn": "openhns.mechanism.sign_in.forms.PasskeyForm",
    "reauthenticate": "openhns.mechanism.sign_in.forms.CodeAgainForm",
    "reauthenticate_webauthn": "openhns.mechanism.sign_in.forms.PasskeyAgainForm",
    "login_webauthn": "openhns.mechanism.sign_in.forms.PasskeyAloneForm",
    "activate_totp": "openhns.mechanism.sign_in.forms.FirstCodeForm",
    "add_webauthn": "openhns.mechanism.sign_in.forms.NewPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # Telephones' clocks differ by some seconds.
MFA_ADAPTER = "openhns.mechanism.sign_in.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers allow passkeys on localhost without TLS; the library asks for TLS everywhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CONFIGURATION.url.startswith("http://localhost")

SESSION_ENGINE = "openhns.mechanism.sign_in.sessions"
SESSION_COOKIE_NAME = "openhns_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "openhns_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "openhns.project.refusing.forged"
LANGUAGE_COOKIE_NAME = "openhns_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIGURATION.https
SECURE_HSTS_SECONDS = 365 * 86400 if CONFIGURATION.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.https else None
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.url]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
# What is uploaded never lies on disk before it is sealed; a greater file is not taken in.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 2**20
OPENHNS_URL = CONFIGURATION.url
OPENHNS_DEMONSTRATION = CONFIGURATION.demonstration

DATABASES: dict[str, dict[str, Any]] = {"default": CONFIGURATION.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The key is made when something first signs with it, not when a command merely starts.
SECRET_KEY = CONFIGURATION.secret_key or lazy(stored_secret_key, str)(CONFIGURATION.keys)
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = [CONFIGURATION.host, "localhost", "127.0.0.1", "[::1]"]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [str(Path(__file__).parents[1] / "locale")]

LOGGING_CONFIG = "openhns.project.logs.configure_logs"
LOGGING = {"level": CONFIGURATION.log_level}
