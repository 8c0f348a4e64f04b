"""Addresses of a sealed ballot; none of them is kept."""

from django.urls import path

from madang.decisions import views_sealed as views

urlpatterns = [
    path("ballots/<int:pk>/secret/", views.vote, name="sealed-vote"),
    path("ballots/<int:pk>/secret/right/", views.right, name="sealed-right"),
    path("ballots/<int:pk>/secret/backup/", views.backup, name="sealed-backup"),
    path("ballots/<int:pk>/board/", views.board, name="sealed-board"),
    path("ballots/<int:pk>/audit/", views.check, name="sealed-audit"),
    path("ballots/<int:pk>/poll.json", views.poll_json, name="sealed-poll"),
    path("ballots/<int:pk>/poll.sig", views.poll_sig, name="sealed-sig"),
    path("ballots/<int:pk>/seal.json", views.seal_json, name="sealed-seal"),
    path("ballots/<int:pk>/poll.zip", views.poll_zip, name="sealed-zip"),
]
