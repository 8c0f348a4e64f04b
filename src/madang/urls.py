"""Addresses of the house. Korean has no prefix; English lives under /en/; machines' doors have no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from madang.doors.demo.entering import enter
from madang.doors.web import patterns
from madang.doors.web.do import do
from madang.doors.web.donut import kept
from madang.doors.web.pages import counter, desk, duties, finding, home, matters, me, places, plain, processes, records

urlpatterns = [
    path("api/v1/", include("madang.doors.api.urls")),
    path("", include("madang.doors.web.feeds")),
    path("record/log.jsonl", records.log, name="log"),
    path("record/checkpoint", records.checkpoint, name="checkpoint"),
    path("record/consistency/<int:old>/<int:new>/", records.consistent, name="consistency"),
    path("robots.txt", plain.robots),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("matters/", matters.matter_list, name="matters"),
        path("m/<str:number>/", matters.matter, name="matter"),
        path("propose/", plain.propose, name="propose"),
        path("do/<str:name>/<str:pk>/", do, name="do"),
        path("processes/", processes.process_list, name="processes"),
        path("p/<slug:key>/", processes.process, name="process"),
        path("duties/", duties.duty_list, name="duties"),
        path("duties/bodies/", duties.by_body, name="duties-by-body"),
        path("desk/", desk.my_desk, name="desk"),
        path("desk/people/", counter.counter, name="counter"),
        path("bodies/", duties.body_list, name="bodies"),
        path("b/<slug:key>/", places.body, name="body"),
        path("places/", places.place_list, name="places"),
        path("places/<str:code>/", places.place, name="place"),
        path("record/", records.record, name="record"),
        path("record/<int:position>/", records.line, name="record-line"),
        path("record/<int:position>/receipt.json", records.line_receipt, name="record-receipt"),
        path("search/", finding.find, name="search"),
        path("me/", me.my, name="my"),
        path("me/data.json", me.my_data, name="my-data"),
        path("open/", include("madang.doors.web.open_data")),
        path("booklet/", include("madang.doors.web.pages.booklet")),
        path("help/", plain.help_page, name="help"),
        path("help/<slug:topic>/", plain.help_page, name="help-topic"),
        path("patterns/", patterns.patterns, name="patterns"),
        path("accounts/password/<path:rest>", plain.no_passwords),
        path("accounts/", include("allauth.urls")),
        path("", include((kept("madang.deliberation.urls"), "deliberation"))),
        path("", include("madang.decisions.urls_sealed")),
        *kept("madang.decisions.urls"),
        *kept("madang.funds.urls"),
        *kept("madang.execution.urls"),
        *kept("madang.evaluation.urls"),
        path("", include("madang.notices.urls")),
        *([path("demo/", plain.demo, name="demo"), path("demo/enter/", enter, name="demo-enter")] if settings.DEMO else []),
        prefix_default_language=False,
    ),
]

handler400, handler403 = "madang.doors.web.pages.plain.bad_request", "madang.doors.web.pages.plain.forbidden"
handler404, handler500 = "madang.doors.web.pages.plain.not_found", "madang.doors.web.pages.plain.broken"
