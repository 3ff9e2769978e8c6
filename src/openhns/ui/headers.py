"""The headers of every answer: nothing from elsewhere, nothing kept, nothing framed."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

# No inline script and no inline style anywhere, so neither needs a nonce. MapLibre's worker is
# a file of ours; pictures drawn on a canvas may be read back as data and blobs.
_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY: Final = "; ".join(_SOURCES)
PERMISSIONS: Final = (
    "camera=(), microphone=(), usb=(), payment=(), geolocation=(self), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS,
    # With "no-referrer" browsers send forms with `Origin: null`, which the check of forms refuses.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOT_KEPT: Final = "no-store"


def security_headers(answer: Answer) -> Answer:
    """Add the headers to each answer; what says nothing of caching is kept by nobody."""

    def answer_with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response

    return answer_with_headers
