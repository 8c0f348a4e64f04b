"""Schemathesis drives every operation of the API against its own document: no 500, no undeclared answer."""

import pytest
import schemathesis
from django.apps import apps
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup

EXAMPLES = 2  # for each of some hundred and thirty operations
KEEPS = {"/acts/people.erase/{pk}"}  # erasing the one who tries would leave the rest untried

pytestmark = pytest.mark.django_db
CONFIG = schemathesis.config.SchemathesisConfig.from_dict(
    # a well-formed value may still mean nothing here (a date before another, a body that is no department): that is 422
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}}}
)


@pytest.fixture(autouse=True)
def _one_connection():
    """A real WSGI call ends by dropping connections that are in a transaction, as every test's is: keep ours."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def secret(matter, person, token):
    """The key of somebody who may do what a verified citizen may, in a city with a 의제."""
    return token(person("시험하는 이"))


def operations():
    return [
        found.ok()
        for found in schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", get_wsgi_application(), config=CONFIG
        ).get_all_operations()
    ]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_its_document_says(secret, mode):
    """Valid input is taken or refused in words; what is no input at all is a 4xx; nothing is undeclared."""
    wrong = []
    for operation in operations():
        if mode.is_positive or takes_anything(operation):
            wrong += driven(operation, mode, secret)
    assert wrong == []


def takes_anything(operation):
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def driven(operation, mode, secret):
    """What was wrong with the answers of one operation, in words."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def drive(case):
        cache.clear()  # the wrong tokens that are tried here are no attack
        on = operation.definition.raw.get("x-on")
        if on and mode.is_positive and operation.path not in KEEPS:
            found = apps.get_model(on)._default_manager.order_by("pk").first()
            if found is not None:  # half the point is what happens on a thing that is there
                case.path_parameters["pk"] = found.pk
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

    try:
        drive()
    except (Failure, FailureGroup) as fault:
        return [f"{operation.label}: {fault}"]
    return []
