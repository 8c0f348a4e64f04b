"""Ways in: what is offered follows the keys that are configured; there is no column for a resident number."""

import json
import os
import subprocess
import sys

import pytest
from django.apps import apps

ASK = """
import django, json
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.urls import reverse, NoReverseMatch
from django.test import Client
def way(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
page = Client().get("/accounts/login/", SERVER_NAME="localhost").content.decode()
print(json.dumps({
    "kakao": way("kakao_login"), "naver": way("naver_login"), "oidc": way("openid_connect_login", "oidc"),
    "named": [name for name in ("kakao", "naver", "oidc") if f"/{name}/login" in page or f"oidc/{name}/login" in page],
}))
"""


def ask(tmp_path, **keys):
    """What a house started with these keys offers at its door."""
    env = {**os.environ, "MADANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "madang.settings", "DEBUG": "1", **keys}
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.slow
def test_without_keys_no_provider_has_a_door(tmp_path):
    assert ask(tmp_path) == {"kakao": None, "naver": None, "oidc": None, "named": []}


@pytest.mark.slow
def test_with_keys_kakao_naver_and_oidc_stand_at_the_door(tmp_path):
    offered = ask(
        tmp_path, KAKAO_CLIENT_ID="k", KAKAO_SECRET="s", NAVER_CLIENT_ID="n", NAVER_SECRET="s",
        OIDC_SERVER_URL="https://id.example", OIDC_CLIENT_ID="o", OIDC_SECRET="s",
    )
    assert (offered["kakao"], offered["naver"]) == ("/accounts/kakao/login/", "/accounts/naver/login/")
    assert offered["oidc"] == "/accounts/oidc/oidc/login/"
    assert offered["named"] == ["kakao", "naver", "oidc"]


def test_no_table_has_a_column_for_a_resident_number_a_birth_date_or_a_phone():
    wrong = ("resident", "rrn", "jumin", "birth", "phone", "mobile", "ssn")
    columns = [f"{m._meta.label}.{f.name}" for m in apps.get_models() for f in m._meta.fields]
    assert [c for c in columns if any(word in c.split(".")[-1].lower() for word in wrong)] == []
