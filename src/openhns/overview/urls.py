"""Addresses of this room."""

from django.urls import path

from openhns.overview.pages import auditing, desk, log_files, public

_AUDIT = "<slug:mechanism>/audit/"
_EDITION = "<slug:mechanism>/editions/<slug:day>"

urlpatterns = [
    path("", public.public, name="public"),
    path("log/<path:name>", log_files.first_log_file, name="overview-log"),
    path("logs/<slug:log>/<path:name>", log_files.log_file, name="overview-named-log"),
    path("<slug:mechanism>/", public.mechanism_page, name="overview-mechanism"),
    path("<slug:mechanism>/desk/", desk.desk, name="overview-desk"),
    path("<slug:mechanism>/log-policy.txt", public.log_policy, name="overview-log-policy"),
    path("<slug:mechanism>/editions/", public.editions, name="overview-editions"),
    path(f"{_EDITION}/", public.edition, name="overview-edition"),
    path(f"{_EDITION}/edition.json", public.as_json, name="overview-edition-json"),
    path(f"{_EDITION}/figures.csv", public.figures_csv, name="overview-edition-figures"),
    path(f"{_EDITION}/incidents.csv", public.incidents_csv, name="overview-edition-incidents"),
    path(_AUDIT, auditing.audit, name="overview-audit"),
    path(f"{_AUDIT}ticks/", auditing.ticks, name="overview-ticks"),
    path(f"{_AUDIT}events/", auditing.events, name="overview-events"),
    path(f"{_AUDIT}public-events/", auditing.public_events, name="overview-public-events"),
    path(f"{_AUDIT}digests/", auditing.digests, name="overview-digests"),
    path(f"{_AUDIT}keys/", auditing.keys, name="overview-keys"),
    path(f"{_AUDIT}answers/", auditing.answers, name="overview-answers"),
]
