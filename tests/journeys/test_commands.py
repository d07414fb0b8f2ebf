"""The command line: what it says of bad input, and what `doctor` says of a bad setup."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_model import LoopbackModel, always, refusal
from processes import Done, Site, table
from redis import Redis
from repositories import Origin

NAME = "example/project"
NO_SHA = "f" * 40


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with one repository, and nothing that runs but its server."""
    folder = tmp_path_factory.mktemp("quiet")
    origin = Origin(folder / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    with Site(folder, tables=[table(NAME, origin)], LLM_MODEL="openai/none") as site:
        yield site


WRONG: dict[str, tuple[str, str]] = {
    "digest 2026-02-30": ("no day 2026-02-30", "calendar"),
    "digest yesterday": ("yesterday", "2026-01-09..2026-01-11"),
    "digest 2026-02-30..2026-03-01": ("2026-02-30", "calendar"),
    "digest 30.2.2026..2026-03-01": ("30.2.2026", "YYYY-MM-DD"),
    "digest 2026-01-11..2026-01-09": ("2026-01-11..2026-01-09", "2026-01-09..2026-01-11"),
    "digest 2020-01-01..2026-01-09": ("2020-01-01..2026-01-09", "366"),
    "digest 2026-W60": ("2026-W60", "calendar"),
    "digest 2026-13": ("2026-13", "calendar"),
    "digest 2026-W2": ("2026-W2", "2026-W02"),
    "digest 2026-01-09 -o missing/folder/digest.md": ("missing/folder", "make it first"),
    "export -o missing/folder/all.jsonl": ("missing/folder", "make it first"),
    "digest 2026-01-09 nobody": ("nobody", "owner/name"),
    "digest 2026-01-09 --format pdf": ("pdf", "markdown"),
    "digest 2026-01-09 --split": ("--split", "-o FILE"),
    "digest 2026-01-09 --split -o day.html --format html": ("--split", "Markdown"),
    f"backfill {NAME}": ("--since", "--since"),
    f"backfill {NAME} --since 2026-01-09 --until 2026-01-08": ("2026-01-08", "2026-01-09"),
    f"backfill {NAME} --since 2026-02-30": ("no day 2026-02-30", "calendar"),
    f"backfill {NAME} --since 9000-01-01": ("today, ", "is before --since 9000-01-01"),
    f"backfill {NAME} --since 9.1.2026": ("9.1.2026", "YYYY-MM-DD"),
    "backfill ../etc --since 2026-01-09": ("../etc", "owner/name"),
    "retry nobody": ("nobody", "owner/name"),
    f"correct {NAME} abc": ("--importance", "--clear"),
    f"correct {NAME} abc --importance high": ("--importance", "--note"),
    f"correct {NAME} abc --importance urgent --note why": ("urgent", "medium"),
    f"correct {NAME} abc --importance high --note why --clear": ("--note", "--clear"),
    f"correct {NAME} abc --importance low --note {'x' * 501}": ("--note", "500"),
    "correct nobody abc --clear": ("nobody", "owner/name"),
    f"triage {NAME}": ("--since", "--since"),
    f"triage {NAME} --since 2026-01-09 --until 2026-01-08": ("2026-01-08", "2026-01-09"),
    "triage nobody --since 2026-01-09": ("nobody", "owner/name"),
    "show-prompt nobody abc": ("nobody", "owner/name"),
    "import": ("FILE", "FILE"),
    "import missing.jsonl": ("missing.jsonl", "No such file"),
    "forget": ("OWNER/NAME", "OWNER/NAME"),
    "forget nobody --yes": ("nobody", "owner/name"),
    "export nobody": ("nobody", "owner/name"),
    "publish": ("publish", "publish"),
    "run --since tomorrow": ("tomorrow", "YYYY-MM-DD"),
}
"""Arguments that are wrong -> what the message names, and what it says to write."""

FAILING: dict[str, str] = {
    "digest 2001-01-01": "2001-01-01",
    "digest 2001-01-01..2001-01-31": "2001-01",
    "digest 9000-W01": "9000-W01",
    "digest 2026-W02 example/unknown": "example/unknown",
    "digest 2026-01-09 example/unknown": "example/unknown",
    f"backfill {NAME} --since 2026-01-09 --url file:///nowhere/at/all.git": NAME,
    "backfill example/gone --since 2026-01-09 --url file:///nowhere/at/all.git": "example/gone",
    "backfill example/gone --since 2026-01-09 --url ext::sh": "ext::sh",
    "backfill example/gone --since 2026-01-09": "example/gone",
    f"retry {NAME} {NO_SHA}": NO_SHA,
    "retry example/unknown": "example/unknown is not followed",
    f"retry example/unknown {NO_SHA}": "example/unknown is not followed",
    f"correct {NAME} {NO_SHA} --importance high --note why": NO_SHA,
    f"correct {NAME} abc --clear": "abc",
    f"correct example/unknown {NO_SHA} --clear": "example/unknown",
    f"show-prompt {NAME} {NO_SHA}": NO_SHA,
    f"show-prompt {NAME} abc": "abc",
    f"show-prompt {NAME} {'no-sha' * 10}": "no-sha",
    "show-prompt example/unknown abc": "example/unknown",
    "triage example/unknown --since 2026-01-09": "example/unknown",
    "import broken.toml": "line 1",
    "export example/unknown": "example/unknown",
    "forget example/unknown --yes": "example/unknown",
    "run --show example/gone --url ext::sh": "ext::sh",
    "run --show nobody": "nobody",
}
"""Commands that cannot do what they are asked -> what the message names."""

DAMAGED = {"REDIS_URL": "", "DATA_DIR": "damaged"}
UNREADABLE: dict[str, dict[str, str]] = {
    "PORT": {"PORT": "seventy"},
    "REPORT_TIMEZONE": {"REPORT_TIMEZONE": "Mars/Olympus"},
    "PUSHDIGEST_CONFIG": {"PUSHDIGEST_CONFIG": "missing.toml"},
    "security-word": {"PUSHDIGEST_CONFIG": "misspelt.toml"},
    "broken.toml": {"PUSHDIGEST_CONFIG": "broken.toml"},
    "REDIS_URL": {"REDIS_URL": "http://127.0.0.1:6379"},
    "DATA_DIR": {"REDIS_URL": "", "DATA_DIR": "broken.toml"},
    "valkey-check-aof --fix": DAMAGED,
}
"""What the message names -> the settings that cannot be used."""


PROCESSES = ("status", "web", "worker", "clock")
Answered = dict[tuple[str, str], Done]


@pytest.fixture(scope="module")
def answered(quiet: Site) -> Answered:
    """What all of these commands said; under the arguments and, if a setting is wrong, what is named."""
    (quiet.folder / "broken.toml").write_text("repositories = [", encoding="utf-8")
    (quiet.folder / "misspelt.toml").write_text("[triage.weights]\nsecurity-wrod = 9", encoding="utf-8")
    damage(quiet.folder / "damaged" / "valkey" / "appendonlydir")
    commands: dict[tuple[str, str], dict[str, str]] = {
        **{(arguments, ""): {} for arguments in (*WRONG, *FAILING)},
        **{(each, named): settings for named, settings in UNREADABLE.items() for each in PROCESSES},
        ("doctor", "damaged"): DAMAGED,
    }
    done = quiet.run_all((arguments, settings) for (arguments, _), settings in commands.items())
    return dict(zip(commands, done, strict=True))


def damage(folder: Path) -> None:
    """The files of an embedded server that it refuses to load."""
    folder.mkdir(parents=True)
    (folder / "appendonly.aof.manifest").write_text("file appendonly.aof.1.incr.aof seq 1 type i\n")
    (folder / "appendonly.aof.1.incr.aof").write_text("*1\r\nno command")


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_arguments_end_with_2_and_say_what_would_be_right(answered: Answered, arguments: str) -> None:
    done = answered[arguments, ""]
    assert (done.code, done.out) == (2, "")
    message = done.err.splitlines()[-1]
    assert message.startswith("Error: ")
    assert all(word in message for word in WRONG[arguments])


@pytest.mark.parametrize("arguments", FAILING)
def test_what_cannot_be_done_ends_with_1_and_one_line(answered: Answered, arguments: str) -> None:
    done = answered[arguments, ""]
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), done.err
    assert done.err.startswith("pushdigest: ")
    assert FAILING[arguments] in done.err
    assert "[Errno" not in done.err


@pytest.mark.parametrize("named", UNREADABLE)
@pytest.mark.parametrize("process", PROCESSES)
def test_settings_that_cannot_be_used_end_with_1_and_one_line(
    answered: Answered, named: str, process: str
) -> None:
    done = answered[process, named]
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), done.err
    assert named in done.err


def test_doctor_says_how_to_mend_data_that_is_damaged(answered: Answered) -> None:
    done = answered["doctor", "damaged"]
    (found,) = [line for line in done.out.splitlines() if line.startswith("FAIL  redis")]
    assert (done.code, done.err) == (1, "")
    assert re.search(r"copy \S+/damaged/valkey, then run `\S+/valkey-check-aof --fix \S+\.incr\.aof`", found)


def test_a_redis_that_is_away_is_said(quiet: Site) -> None:
    done = quiet.run("status", REDIS_URL="redis://127.0.0.1:1/0")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "Redis cannot be reached: start it, or correct REDIS_URL" in done.err


def test_a_port_that_is_taken_is_said(quiet: Site) -> None:
    with LoopbackModel() as taken:
        port = taken.url.rpartition(":")[2].removesuffix("/v1")
        done = quiet.run("run", PORT=port)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert port in done.err


BEYOND: list[dict[str, str]] = [
    {"HOST": "0.0.0.0"},  # noqa: S104 - nothing listens
    {"HOST": "::"},
    {"HOST": "192.168.1.7"},
    {"BASE_URL": "https://digest.example.org"},
    {"TRUSTED_PROXIES": "1"},
]
"""Settings under which others than this machine may read."""


def test_a_private_repository_is_not_served_to_everybody(quiet: Site) -> None:
    (quiet.folder / "private.toml").write_text(table("example/secret", private=True), encoding="utf-8")
    given = {"PUSHDIGEST_CONFIG": "private.toml", "REPORT_TOKEN": ""}
    commands = [(name, given | beyond) for name in ("web", "run") for beyond in BEYOND]
    for done in quiet.run_all(commands):
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), done.err
        assert "example/secret is private" in done.err
        assert "REPORT_TOKEN" in done.err


def test_triage_shows_what_other_weights_would_move_and_changes_nothing(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    fix = origin.commit("fix: answer in time", {"a.py": "x = f(1)\n" * 20})
    flag = origin.commit("chore: tidy", {"a.py": 'add_argument("--old")\n'})
    gone = origin.commit("chore: tidy again", {"a.py": "y = 1\n" * 20})
    with Site(tmp_path, tables=[table(NAME, origin)]) as site:
        assert site.run("backfill", NAME, "--since", "2026-01-08").code == 0
        same = site.run("triage", NAME, "--since", "2026-01-08")
        assert (same.code, same.err) == (0, "")
        assert same.out == f"no commit of {NAME} would move, of 4 that were judged\n"
        before = site.entries(NAME, [fix, flag, gone])
        with (site.folder / "pushdigest.toml").open("a", encoding="utf-8") as toml:
            toml.write("\n[triage.weights]\nremoved-flag = 20\nfix = 0\n")
        moved = site.run("triage", NAME, "--since", "2026-01-08", "--until", "2026-01-09")
        assert site.entries(NAME, [fix, flag, gone]) == before
    assert f"medium -> low  {fix[:7]}  fix: answer in time" in moved.out
    assert f"medium -> high  {gone[:7]}  chore: tidy again\n    removed-flag +20 (--old)" in moved.out
    assert moved.out.splitlines()[-1].startswith("2 of 4 commits would move: ")


def test_doctor_says_how_to_mend_what_fails(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    missing = table("example/missing", url=(tmp_path / "missing.git").as_uri())
    with LoopbackModel() as model:
        model.answer(always(refusal(401, "Incorrect API key provided: journeys-model-2f6d80c5")))
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        with Site(tmp_path, tables=[table(NAME, origin), missing], **terms) as site:
            with Redis.from_url(site.server.url) as client:
                client.config_set("maxmemory-policy", "allkeys-lru")
            site.shop.names.rename(NAME, "example/renamed")
            done = site.run("doctor")
    found = {line.split()[1]: line for line in done.out.splitlines() if line.startswith("FAIL")}
    assert (done.code, done.err) == (1, "")
    assert set(found) == {"eviction", "repository", "model"}
    assert "noeviction" in found["eviction"]
    assert "example/missing" in found["repository"]
    assert "HTTP 401" in found["model"]
    assert f"note  renamed    {NAME} is now example/renamed -> change its name in REPOSITORIES" in done.out
    assert all(" -> " in line for line in found.values())


def test_an_address_that_failed_is_forgotten_and_doctor_checks_the_one_that_is_used(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    nowhere = "http://127.0.0.1:1"
    with Site(tmp_path, tables=[table(NAME)], GITHUB_URL=nowhere) as site:
        backfill = ("backfill", NAME, "--since", "2026-01-08")
        good = site.run(*backfill, "--url", origin.url)
        bad = site.run(*backfill, "--url", "ssh://x")
        again = site.run(*backfill)
        doctor = site.run("doctor")
    assert (good.code, bad.code, again.code) == (0, 1, 0), again.err
    assert (bad.out, bad.err.count("\n")) == ("", 1)
    assert f"ok    repository {NAME}: main" in doctor.out


def test_a_day_without_a_digest_is_told_with_the_nearest(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    with Site(tmp_path, tables=[table(NAME, origin)]) as site:
        assert site.run("backfill", NAME, "--since", "2026-01-08", "--until", "2026-01-10").code == 0
        day, span, name, retried = site.run_all(
            (command, {})
            for command in (
                "digest 2019-01-01",
                "digest 2019-W01",
                "digest 2026-01-09 example/other",
                f"retry {NAME.upper()}",
            )
        )
    asked = "Did you mean one of these?"
    assert day.err == f"pushdigest: There is no digest for 2019-01-01. {asked} 2026-01-09\n"
    assert span.err == f"pushdigest: There is no digest of any day of 2019-W01. {asked} 2026-01-09\n"
    assert name.err == f"pushdigest: There are no digests of example/other here. {asked} {NAME}\n"
    assert (retried.code, retried.out) == (0, "0 commits are pending again\n")


def test_without_git_what_needs_it_says_so_and_the_rest_works(quiet: Site, tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path)}
    needing = ("run", "worker", f"backfill {NAME} --since 2026-01-09")
    for name in needing:
        done = quiet.run(*name.split(), **nothing)
        assert (done.code, done.out) == (1, "")
        assert done.err == "pushdigest: git is not on the PATH: install git 2.32 or newer\n"
    assert quiet.run("status", **nothing).code == 0
    doctor = quiet.run("doctor", **nothing)
    assert (doctor.code, doctor.err) == (1, "")
    assert "FAIL  git        git is not on the PATH -> install git 2.32 or newer" in doctor.out
    assert " repository " not in doctor.out


def test_the_list_of_commands_says_each_in_a_whole_sentence(quiet: Site) -> None:
    told = quiet.run("--help").out.partition("Commands:\n")[2].splitlines()
    assert len(told) > 10
    assert [line for line in told if not line.endswith(".") or line.endswith("...")] == []
