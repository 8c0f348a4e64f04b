"""The methods stand alone: no Django, no driver, and no heavy library before it is needed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SHUT = """
import sys
class Shut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "sqlite3", "allauth", "granian"}:
            raise ModuleNotFoundError(f"shut for this test: {name}")
sys.meta_path.insert(0, Shut())
"""
METHODS = ("budgeting", "ballots", "sortition", "opinion", "korean", "integrity", "transparency")
PB = """META
key;value
description;sample
country;Korea
unit;Seoul
instance;2026
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
p1;60;2;lamps
p2;60;1;bench
VOTES
voter_id;vote
1;p1,p2
2;p1
"""
POOL = "nationbuilder_id,first_name,last_name,gender\n" + "".join(f"{n},v{n},w{n},{'mf'[n % 2]}\n" for n in range(10))
QUOTAS = "feature,value,min,max\ngender,m,1,3\ngender,f,1,3\n"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(
    f"{1000 + 10 * voter + statement},x,{statement},{voter},{1 if (voter + statement) % 3 else -1}\n"
    for voter in range(12) for statement in range(9)
)


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a bare process; what it printed."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=env, timeout=180, check=False)


def present(name: str) -> bool:
    return find_spec(f"madang.methods.{name}.__main__") is not None


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_imported_where_django_cannot_be(name):
    done = run(f"{SHUT}\nimport madang.methods.{name}\nassert not [m for m in sys.modules if m.startswith('django')]")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["ballots", "korean", "transparency"])
def test_a_light_method_brings_no_arrays_and_no_compiler(name):
    done = run(f"import sys, madang.methods.{name}\nprint([m for m in ('numpy', 'scipy', 'numba', 'highspy') if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_the_methods_by_themselves_and_the_version_bring_nothing_heavy():
    code = """
import sys, madang.methods
from madang.doors.cli import main
try:
    main(["--version"])
except SystemExit:
    pass
print([m for m in ("numpy", "scipy", "numba", "highspy", "django") if m in sys.modules])
"""
    assert run(code).stdout.splitlines()[-1] == "[]"


def commands(folder: Path) -> dict[str, list[str]]:
    """One call of each command, with its files."""
    files = {
        "a.pb": PB, "pool.csv": POOL, "quotas.csv": QUOTAS, "votes.csv": VOTES, "ballots.txt": "A>B\nB>A\nA\n",
        "texts.csv": "id,title\n1,보행로 조명\n2,보행로 조명 설치\n3,청년 주거비\n",
        "poll.json": '{"format": "madang-integrity@1", "poll": "empty", "seed": "said"}',
        "empty.log": '{"keys":[],"madang-log":1,"peaks":[],"since":0,"size":0}\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    at = {name: str(folder / name) for name in files}
    return {
        "budgeting": ["budgeting", at["a.pb"], "--rule", "equal-shares", "--json"],
        "sortition": ["sortition", at["pool.csv"], at["quotas.csv"], "--seats", "4", "--json"],
        "opinion": ["opinion", at["votes.csv"], "--json"],
        "korean": ["korean", "topics", at["texts.csv"], "--json"],
        "ballots": ["ballots", at["ballots.txt"], "--method", "schulze", "--json"],
        "integrity": ["integrity", at["poll.json"], "--json"],
        "transparency": ["verify", at["empty.log"], "--json"],
    }


@pytest.mark.parametrize("name", METHODS)
def test_a_command_works_where_django_cannot_be(tmp_path, name):
    if not present(name):
        pytest.skip(f"madang.methods.{name} has no command yet")
    words = commands(tmp_path)[name]
    done = run(f"{SHUT}\nfrom madang.doors.cli import main\nsys.exit(main(sys.argv[1:]))", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


@pytest.mark.parametrize("name", METHODS)
def test_a_wrong_call_is_2_and_an_absent_file_is_1_without_a_traceback(tmp_path, name):
    if not present(name):
        pytest.skip(f"madang.methods.{name} has no command yet")
    words = commands(tmp_path)[name]
    absent = [word.replace(str(tmp_path), str(tmp_path / "nowhere")) for word in words]
    main = f"{SHUT}\nfrom madang.doors.cli import main\nsys.exit(main(sys.argv[1:]))"
    wrong, gone = run(main, words[0], "--no-such-option"), run(main, *absent)
    assert (wrong.returncode, gone.returncode) == (2, 1), (wrong.stderr, gone.stderr)
    assert "Traceback" not in wrong.stderr + gone.stderr
