"""The web application, for any server that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

from openhns.project.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhns.project.settings")
application = get_wsgi_application()
settle()
