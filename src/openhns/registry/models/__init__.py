"""The registry's tables."""

from openhns.registry.models.consent import Consent
from openhns.registry.models.imports import SheetImport
from openhns.registry.models.listing import Listing, Version
from openhns.registry.models.review import Check, Decision, Signature

__all__ = ["Check", "Consent", "Decision", "Listing", "SheetImport", "Signature", "Version"]
