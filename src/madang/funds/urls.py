from django.urls import path

from madang.funds import views

urlpatterns = [path("funds/<slug:key>/", views.pot, name="fund")]
