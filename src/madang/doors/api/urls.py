"""Addresses under /api/v1/. They have no language prefix: the language is asked for in Accept-Language."""

from django.urls import path, re_path

from madang.doors.api import views
from madang.doors.api.answers import missing

app_name = "api"
urlpatterns = [
    path("openapi.json", views.document, name="openapi"),
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/<str:key>.csv", views.sheet_csv, name="sheet-csv"),
    path("sheets/<str:key>", views.sheet, name="sheet"),
    path("matters/<str:number>", views.matter, name="matter"),
    path("receipts/<str:pk>", views.proof, name="receipt"),
    path("acts/", views.acts, name="acts"),
    path("acts/<str:name>/<str:pk>", views.act, name="act"),
    re_path(r"^[\s\S]*$", missing),
]
