"""Addresses of the house. Korean has no prefix; English lives under /en/."""

from django.urls import path

urlpatterns: list = []
