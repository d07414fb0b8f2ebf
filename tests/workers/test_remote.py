import os
import socket
from base64 import b64encode
from pathlib import Path

import pytest
from gitserver import Door, serve
from repositories import Origin

from workers.checkout import read_commit
from workers.history import Mirror
from workers.remote import Remote, RemoteUnavailable, git_environment

TOKEN = "not-a-real-token"
BASIC = "Basic " + b64encode(f"x-access-token:{TOKEN}".encode()).decode()


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "served" / "project.git")
    made.commit("Begin", {"a.txt": "one\n"})
    made.commit("Go on", {"a.txt": "two\n"})
    return made


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/x",
        "--upload-pack=touch",
        "/srv/project.git",
        "ftp://example.org/project.git",
        "https:/example.org/project.git",
        "https://[::1/project.git",
        "https://example.org/project.git\n--upload-pack=touch",
        "",
    ],
)
def test_a_url_that_is_no_repository_s_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"may not be given|Invalid"):
        Remote("example/project", url)


def test_a_token_reaches_its_own_host_as_a_header(origin: Origin) -> None:
    door = Door(origin.folder.parent, authorization=BASIC)
    with serve(door) as url:
        commit = read_commit(origin.remote(f"{url}/project.git", TOKEN), origin.head())
    assert commit.subject == "Go on"
    assert commit.patches
    assert set(door.seen) == {BASIC}


def test_without_the_token_a_private_repository_is_unavailable_and_nothing_asks_for_one(
    origin: Origin,
) -> None:
    with serve(Door(origin.folder.parent, authorization=BASIC)) as url:
        remote = origin.remote(f"{url}/project.git")
        with pytest.raises(RemoteUnavailable, match=r"example/project: .*(Authentication|could not read)"):
            read_commit(remote, origin.head())


def test_user_and_password_of_a_web_address_travel_as_a_header_only(origin: Origin) -> None:
    basic = "Basic " + b64encode(b"reader:pass word").decode()
    with serve(Door(origin.folder.parent, authorization=basic)) as url:
        remote = origin.remote(f"{url.replace('//', '//reader:pass%20word@')}/project.git")
        assert remote.address == f"{url}/project.git"
        assert read_commit(remote, origin.head()).subject == "Go on"


def test_a_token_does_not_follow_a_redirect_to_another_host(origin: Origin) -> None:
    elsewhere = Door(origin.folder.parent)
    with (
        serve(elsewhere) as there,
        serve(Door(origin.folder.parent, redirect=there)) as url,
        pytest.raises(RemoteUnavailable, match="it has moved"),
    ):
        read_commit(origin.remote(f"{url}/project.git", TOKEN), origin.head())
    assert elsewhere.seen == []


def test_without_a_token_a_redirect_is_followed(origin: Origin) -> None:
    with serve(Door(origin.folder.parent)) as there, serve(Door(origin.folder.parent, redirect=there)) as url:
        assert read_commit(origin.remote(f"{url}/project.git"), origin.head()).subject == "Go on"


@pytest.mark.parametrize(
    "url", ["http://example.org/a.git", "ssh://git@example.org/a.git", "file:///srv/a.git"]
)
def test_a_token_is_not_sent_over_a_line_that_others_can_read(url: str) -> None:
    environment = git_environment(Remote("example/project", url, TOKEN))
    assert not any("extraHeader" in value for value in environment.values())


def test_a_token_is_bound_to_scheme_host_and_port() -> None:
    environment = git_environment(Remote("example/project", "https://git.example.org:8443/a/b.git", TOKEN))
    assert environment["GIT_CONFIG_KEY_0"] == "http.https://git.example.org:8443/.extraHeader"


def test_a_remote_does_not_show_its_token() -> None:
    assert TOKEN not in repr(Remote("example/project", "https://example.org/a.git", TOKEN))


def test_nobody_else_on_this_machine_can_read_a_mirror(origin: Origin, tmp_path: Path) -> None:
    folder = tmp_path / "mirrors" / "example" / "project.git"
    Mirror(folder, origin.remote()).fetch()
    assert folder.stat().st_mode & 0o077 == 0


def test_the_mirror_of_a_private_repository_keeps_no_secret_on_disk(origin: Origin, tmp_path: Path) -> None:
    with serve(Door(origin.folder.parent, authorization=BASIC)) as url:
        Mirror(tmp_path / "mirror.git", origin.remote(f"{url}/project.git", TOKEN)).fetch()
    secrets = (TOKEN.encode(), BASIC.removeprefix("Basic ").encode())
    written = [file.read_bytes() for file in (tmp_path / "mirror.git").rglob("*") if file.is_file()]
    assert written
    assert not any(secret in raw for raw in written for secret in secrets)


def test_a_server_that_is_away_and_a_repository_that_is_missing_are_unavailable_in_one_line(
    origin: Origin, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/project.git", (tmp_path / "nothing.git").as_uri()):
        with pytest.raises(RemoteUnavailable) as caught:
            read_commit(origin.remote(url, TOKEN), origin.head())
        message = str(caught.value)
        assert message.startswith("example/project: fatal: ")
        assert "\n" not in message
        assert "diff-tree" not in message
        assert "--depth" not in message


def test_a_private_ca_and_the_proxy_of_the_process_stay_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = Remote("example/project", "https://example.org/a.git")
    monkeypatch.delenv("GIT_SSL_CAINFO", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/private-ca.pem")
    assert git_environment(remote)["GIT_SSL_CAINFO"] == "/etc/ssl/private-ca.pem"
    monkeypatch.setenv("GIT_SSL_CAINFO", "/etc/ssl/other.pem")
    environment = git_environment(remote)
    assert "GIT_SSL_CAINFO" not in environment
    assert not {name for name in environment if "proxy" in name.lower()}


def test_a_proxy_of_the_process_is_used(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Door(origin.folder.parent)) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(RemoteUnavailable):
            read_commit(origin.remote("http://192.0.2.1/nothing.git"), origin.head())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_near_by_may_belong_to_somebody_else(origin: Origin) -> None:
    head = origin.head()
    for path in (origin.folder, *origin.folder.rglob("*")):
        os.chown(path, 12345, 12345)
    assert read_commit(origin.remote(), head).subject == "Go on"


def test_the_user_s_own_git_configuration_has_no_say(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / ".gitconfig"
    own.write_text(
        f'[url "{(tmp_path / "elsewhere").as_uri()}"]\n\tinsteadOf = file:\n[diff]\n\texternal = false\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_commit(origin.remote(), origin.head()).patches[0].text.endswith("-one\n+two\n")


def test_the_variables_of_a_surrounding_git_hook_lead_nowhere(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"):
        monkeypatch.setenv(name, str(tmp_path / "of-the-hook"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare'='false'")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_DIFF_OPTS", "-u0")
    assert read_commit(origin.remote(), origin.head()).patches[0].text.endswith("-one\n+two\n")
    assert not (tmp_path / "of-the-hook").exists()
