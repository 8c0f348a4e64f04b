"""The peer: as little Django as one can write. No middleware, no sessions, no permissions, no record.

`/page?size=N`  one query for 20 rows and a Django template that comes to N bytes
`/act?m=&p=`    one durable insert and one counter update in a transaction
"""

import os
from pathlib import Path
from urllib.parse import parse_qs

import dj_database_url
from django.conf import settings

config = dj_database_url.parse(os.environ["BARE_DATABASE_URL"])
if config["ENGINE"].endswith("sqlite3"):
    config["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=1073741824; PRAGMA cache_size=-65536;",
    }
config["CONN_MAX_AGE"] = None
settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="site_",
    DATABASES={"default": config},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent]}],
)

import django  # noqa: E402

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

ROWS = 10_000


class Idea(models.Model):
    title = models.CharField(max_length=120)
    text = models.TextField()
    place = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    supports = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "bare"


class Cheer(models.Model):
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT)
    person = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        app_label = "bare"
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="one_cheer")]


def fill() -> None:
    """Make the two tables and 10,000 rows, once."""
    if "bare_idea" in connection.introspection.table_names():
        return
    with connection.schema_editor() as editor:
        editor.create_model(Idea)
        editor.create_model(Cheer)
    text = "골목에 가로등을 놓아 주세요. 밤에 다니기 어렵습니다. " * 4
    now = timezone.now()
    Idea.objects.bulk_create(
        [
            Idea(
                title=f"제안 {n} 놀이터에 의자를 놓아 주세요",
                text=text,
                place="금천구",
                state="제안",
                at=now,
                supports=n % 90,
            )
            for n in range(ROWS)
        ],
        batch_size=1_000,
    )


_fill: dict[int, str] = {}


def page(request: HttpRequest) -> HttpResponse:
    """Twenty rows, eight values each; what the size still lacks is text in the template's variables."""
    size = int(request.GET["size"])
    rows = list(Idea.objects.order_by("-id")[:20])
    if size not in _fill:
        lacks = size - len(render(request, "page.html", {"rows": rows, "more": ""}).content)
        _fill[size] = "m" * max(lacks // 20, 0)
    return render(request, "page.html", {"rows": rows, "more": _fill[size]})


def act(request: HttpRequest) -> HttpResponse:
    asked = parse_qs(request.META["QUERY_STRING"])
    idea, person = int(asked["m"][0]) % ROWS + 1, int(asked["p"][0])
    with transaction.atomic():
        Cheer.objects.create(idea_id=idea, person=person, at=timezone.now())
        Idea.objects.filter(pk=idea).update(supports=F("supports") + 1)
    return HttpResponse(status=302, headers={"Location": "/"})


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("page", page), path("act", act), path("hello", hello)]
application = WSGIHandler()

if __name__ == "__main__":
    fill()
