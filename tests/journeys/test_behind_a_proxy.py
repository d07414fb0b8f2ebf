"""The web process behind a reverse proxy, below a path: links lead somewhere, nobody is who he says."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from deliveries import read_payload
from hop import CLIENT, HOST, Hop, standing
from processes import TOKEN, Reply, Site, ask, table
from promises import SECRETS
from pushes import signed
from reading import Page

NAME, DAY, SHA = "example/engine", "2026-01-09", "10026fe28c75f61423282b223a00c3b416679520"
PATH = "/digests"
BASE = f"https://{HOST}{PATH}"
ABSOLUTE = re.compile(rf"https?://{re.escape(HOST)}[^\s\"<>)\]]*")


@dataclass(frozen=True)
class Town:
    """A site, and the port of the proxy in front of it."""

    site: Site
    port: int

    def ask(self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str]) -> Reply:
        return ask(self.port, method, path, body=body, headers={"Host": HOST, **headers})

    def get(self, path: str) -> Reply:
        return self.ask("GET", path, headers=TOKEN)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = {
        "BASE_URL": f"{BASE}/",
        "TRUSTED_PROXIES": 1,
        "REPORT_TIMEZONE": "Asia/Shanghai",
        "LOG_LEVEL": "debug",
    }
    with Site(tmp_path_factory.mktemp("proxy"), tables=[table(NAME)], **settings) as site:
        site.start("web")
        yield site


@pytest.fixture(scope="module", params=[True, False], ids=["takes the path off", "leaves the path on"])
def town(request: pytest.FixtureRequest, site: Site) -> Iterator[Town]:
    with standing(Hop(site.port, PATH, takes_off=request.param)) as port:
        town = Town(site, port)
        body = json.dumps(read_payload("push__several-commits")).encode()
        headers = signed(body, SECRETS["GITHUB_WEBHOOK_SECRET"], "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        assert town.ask("POST", f"{PATH}/webhooks/github", body=body, headers=headers).status == 202
        yield town


@pytest.mark.parametrize("start", [PATH, f"{PATH}/"])
def test_every_link_of_every_page_leads_somewhere(town: Town, start: str) -> None:
    seen, left = set(), [start]
    while left:
        path = left.pop()
        seen.add(path)
        reply = town.get(path)
        assert reply.status == 200, path
        links = Page(reply.text).links if "html" in reply.headers["Content-Type"] else []
        ours = {link.partition("#")[0] for link in links if link.startswith("/")}
        assert all(link.startswith(PATH) for link in ours)
        left += sorted(ours - seen - set(left))
    assert seen >= {f"{PATH}/reports/{NAME}/{DAY}", f"{PATH}/reports/{NAME}/{DAY}.json", f"{PATH}/feed.atom"}


@pytest.mark.parametrize("path", [f"/reports/{DAY}.json", f"/reports/{NAME}/{DAY}.md", "/feed.atom"])
def test_links_for_elsewhere_are_those_of_the_public_address(town: Town, path: str) -> None:
    reply = town.get(f"{PATH}{path}")
    assert reply.status == 200
    links = set(ABSOLUTE.findall(reply.text))
    assert all(link.startswith(BASE) for link in links)
    assert [town.get(link.removeprefix(f"https://{HOST}")).status for link in links] == [200] * len(links)
    assert str(town.port) not in reply.text
    assert str(town.site.port) not in reply.text


def test_a_short_sha_leads_to_the_long_one(town: Town) -> None:
    reply = town.get(f"{PATH}/commits/{NAME}/{SHA[:9]}")
    assert (reply.status, reply.headers["Location"]) == (302, f"{PATH}/commits/{NAME}/{SHA}")


CLAIMS = [
    {},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "a, 127.0.0.1"},
    {"X-Forwarded-Host": "localhost"},
    {"Host": "localhost"},
]


@pytest.mark.parametrize("claimed", CLAIMS)
def test_the_log_names_the_client_that_the_proxy_has_heard(town: Town, claimed: dict[str, str]) -> None:
    log = town.site.folder / "web.log"
    before = len(log.read_text(encoding="utf-8"))
    headers = {"Content-Type": "application/json", **claimed}
    assert town.ask("POST", f"{PATH}/webhooks/github", body=b"{}", headers=headers).status == 401
    (line,) = [line for line in log.read_text(encoding="utf-8")[before:].splitlines() if "refused" in line]
    assert f"client={CLIENT}" in line


@pytest.mark.parametrize("claimed", CLAIMS)
def test_without_the_token_nothing_is_read_whoever_one_claims_to_be(
    town: Town, claimed: dict[str, str]
) -> None:
    reply = town.ask("GET", f"{PATH}/reports/{DAY}", headers=claimed)
    assert reply.status == 401
    assert NAME not in reply.text


def test_no_token_is_logged_right_or_wrong(town: Town) -> None:
    tokens = [SECRETS["REPORT_TOKEN"], "a-wrong-token-5d1e"]
    encoded = [b64encode(f"reader:{token}".encode()).decode() for token in tokens]
    headers = [f"Bearer {token}" for token in tokens] + [f"Basic {pair}" for pair in encoded]
    statuses = [town.ask("GET", f"{PATH}/", headers={"Authorization": header}).status for header in headers]
    assert statuses == [200, 401, 200, 401]
    log = (town.site.folder / "web.log").read_text(encoding="utf-8")
    assert [shown for shown in (*tokens, *encoded) if shown in log] == []
