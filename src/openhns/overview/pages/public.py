"""What everybody may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def public(request: HttpRequest) -> HttpResponse:
    return render(request, "overview/public.html")
