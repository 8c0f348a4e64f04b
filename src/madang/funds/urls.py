from django.urls import path

from madang.funds import views

urlpatterns = [
    path("funds/", views.pots, name="funds"),
    path("funds/<slug:key>/", views.pot, name="fund"),
    path("funds/<slug:key>/talks/", views.talks, name="fund-talks"),
    path("funds/<slug:key>/sources/", views.sources, name="fund-sources"),
]
