from django.urls import path

from madang.execution import views

urlpatterns = [path("commitments/<int:pk>/", views.commitment, name="commitment")]
