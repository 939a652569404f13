"""Every attack that we thought of, tried on a real server of the page."""

import asyncio
import re
import socket

import pytest

from exitvoice.errors import InputError
from exitvoice.scenario import scenario_text
from exitvoice.web import Bounds, Settings
from exitvoice.web.security.guard import Guard, Sessions
from exitvoice.web.security.password import PasswordHash, read_password_file, write_password_file
from exitvoice.web.security.rates import Rate
from support_page import serving, visitor

PASSWORD = "four words and a half"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("page")) as settings:
        yield settings


@pytest.fixture
def client(server):
    with visitor(server) as known:
        yield known


def raw(settings, request: bytes) -> bytes:
    """Send bytes as they are: clients of libraries would mend them."""
    with socket.create_connection(("127.0.0.1", settings.port), timeout=20) as wire:
        wire.sendall(request)
        found = b""
        while b"\r\n\r\n" not in found and (piece := wire.recv(65536)):
            found += piece
    return found


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(("announced", "heard"), [(8, 2), (10**9, 0)])
def test_what_is_refused_is_heard_out_if_it_is_short(tmp_path, announced, heard):
    """A connection that is closed on what was still coming is reset, and the answer may be lost with it."""
    happened = []
    parts = iter([{"type": "http.request", "body": b"orde", "more_body": True}, {"type": "http.request"}])

    async def receive():
        happened.append("heard")
        return next(parts)

    async def send(message):
        happened.append(message.get("status", "body"))

    headers = [(b"host", b"elsewhere"), (b"content-length", str(announced).encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/jobs",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(Guard(None, Settings(tmp_path), Sessions(tmp_path))(scope, receive, send))
    assert happened == [*["heard"] * heard, 421, "body"]


# --- who may come in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/openapi.json", "/static/style.css", "/worlds/minimal", "/nowhere"]
)
def test_without_the_key_nothing_is_shown(server, path):
    with visitor(server, is_known=False) as stranger:
        answer = stranger.get(path)
    assert answer.status_code == 403
    assert len(answer.text) < 120 and server.token not in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "x" * 43, "%00", "é"])
def test_a_wrong_key_opens_nothing(server, token):
    with visitor(server, is_known=False) as stranger:
        answer = stranger.get("/", params={"token": token})
        assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_the_key_becomes_a_strict_cookie_and_leaves_the_address(server):
    with visitor(server, is_known=False) as stranger:
        answer = stranger.get(f"/?token={server.token}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and server.token not in cookie
        assert stranger.get("/").status_code == 200


def test_the_key_of_another_start_is_worth_nothing(tmp_path, server):
    assert Settings(folder=tmp_path).token != Settings(folder=tmp_path).token
    with visitor(server, is_known=False) as stranger:
        stranger.cookies.set(server.cookie, "left-from-yesterday")
        assert stranger.get("/").status_code == 403


# --- from where: DNS rebinding, cross-site requests -----------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}", ""]
)
def test_another_host_s_name_is_refused(server, client, host):
    answer = client.get("/", headers={"host": host.format(port=server.port)})
    assert answer.status_code == 421 and "exitvoice" not in answer.text


def test_no_host_and_two_hosts_are_refused(server):
    ours = f"127.0.0.1:{server.port}".encode()
    assert status(raw(server, b"GET / HTTP/1.0\r\n\r\n")) == 421
    two = b"GET / HTTP/1.1\r\nHost: " + ours + b"\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert status(raw(server, two)) in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:{port}", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:{port}", "sec-fetch-site": "same-site"},
    ],
)
def test_a_post_that_another_page_starts_is_refused(server, client, headers):
    sent = {name: value.format(port=server.port) for name, value in headers.items()}
    assert client.post("/run/minimal", headers=sent, data={"scale": "0.01"}).status_code == 403
    assert "Nothing has been ordered" in client.get("/jobs").text


def test_a_post_of_unknown_descent_is_refused(server, client):
    del client.headers["origin"]
    assert client.post("/run/minimal", data={"scale": "0.01"}).status_code == 403


@pytest.mark.parametrize("kind", ["script", "image", "iframe", "empty"])
def test_another_page_cannot_embed_anything(client, kind):
    del client.headers["origin"]
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-dest": kind, "sec-fetch-mode": "no-cors"}
    assert client.get("/worlds/minimal", headers=headers).status_code == 403


def test_another_page_may_be_a_link_to_us(client):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
    del client.headers["origin"]
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(server, method):
    request = f"{method} / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n"
    assert status(raw(server, request.encode())) in (400, 405)


# --- what a browser may do with what it gets ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/nowhere", "/worlds/minimal?day=x", "/static/page.js", "/openapi.json"]
)
def test_every_answer_forbids_scripts_frames_and_sniffing(client, path):
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
    assert "unsafe" not in policy["style-src-elem"] and policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'" and policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert "server" not in headers
    if not path.startswith("/static"):
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/worlds/china-2024", "/run/minimal", "/jobs"])
def test_no_page_holds_a_script_or_a_handler_of_its_own(client, path):
    page = client.get(path).text
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in given or "application/json" in given for given in scripts)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", page) and "javascript:" not in page and "<style" not in page
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", page)


# --- what a request may reach ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../etc/passwd", "/static/..%2f..%2fetc%2fpasswd", "/static/%2e%2e/app.py", "/static/page.js%00",
        "/worlds/..%2f..%2fetc", "/worlds/minimal%2f..%2f..", "/run/%2e%2e%2f", "/jobs/..%2f..%2fjobs.sqlite",
        "/jobs/../../jobs.sqlite", "/jobs/" + "0" * 24 + "/files/..%2f..%2fjobs.sqlite", "//etc/passwd",
        "/jobs/" + "0" * 24 + "/files/zarr", "/worlds/file:%2f%2f%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_path_reaches_the_file_system(server, client, path):
    origin = f"127.0.0.1:{server.port}"
    cookie = f"{server.cookie}={client.cookies[server.cookie]}"
    request = f"GET {path} HTTP/1.1\r\nHost: {origin}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    answer = raw(server, request.encode())
    assert status(answer) in (404, 422)
    assert b"root:" not in answer and b"SQLite" not in answer and b"import" not in answer


@pytest.mark.parametrize(
    "path", ["/worlds/%0d%0aSet-Cookie:%20x=1", "/jobs/%0d%0aX-Evil:%201", "/?day=%0d%0aX-Evil:%201"]
)
def test_no_header_can_be_injected(server, client, path):
    headers = client.get(path).headers
    assert "x-evil" not in headers and "x=1" not in headers.get("set-cookie", "")


def test_what_is_asked_is_never_printed_as_markup(client):
    for path in ("/worlds/minimal?day=<script>alert(1)</script>", "/<script>alert(1)</script>"):
        assert "<script>alert" not in client.get(path).text


# --- how much may be asked ------------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server, client):
    assert client.post("/run/minimal", content=b"x" * (server.bounds.body + 1)).status_code == 413
    assert client.post("/worlds", content=b"x" * (server.bounds.upload + 1)).status_code == 413


def test_a_body_that_does_not_say_its_size_is_counted(server, client):
    def endless():
        for _ in range(200):
            yield b"a=" + b"x" * 8192 + b"&"

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/run/minimal", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e9", "99999999999999999999"])
def test_a_wrong_length_is_refused(server, length):
    request = (
        f"POST /run/minimal HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {length}\r\n\r\n"
    )
    assert status(raw(server, request.encode())) in (400, 403, 413)


def test_an_address_or_header_that_is_too_long_is_refused(server, client):
    assert client.get("/" + "x" * 3000).status_code == 414
    assert client.get("/?day=" + "x" * 9000).status_code == 414
    huge = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX: ".encode() + b"x" * 200_000 + b"\r\n\r\n"
    assert status(raw(server, huge)) in (400, 431)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"scale": "1e9"}, "at most 1"), ({"scale": "nan"}, "above 0"), ({"scale": "-1"}, "above 0"),
        ({"scale": "inf"}, "at most 1"), ({"scale": "1e-9"}, "nobody is left"), ({"scale": "1; rm"}, "no number"),
        ({"seed": "-1"}, "whole number"), ({"seed": "9" * 30}, "whole number"), ({"theory": "marx"}, "theory"),
        ({"p.run_gain": "nan"}, "no number"), ({"p.__class__": "1"}, "no assumption"),
        ({"p.run_gain": "1e308"}, ""), ({"r.nothing": "1"}, "no rule"),
    ],
)  # fmt: skip
def test_an_order_beyond_reason_is_one_clear_answer(client, fields, says):
    answer = client.post("/run/minimal", data=fields)
    assert answer.status_code in ((303, 422) if not says else (422,))
    assert says in answer.text


def test_an_order_that_is_too_large_says_which_scale_would_do(client):
    answer = client.post("/run/china-2024", data={"scale": "1"})
    assert answer.status_code == 422 and "choose a scale of at most 0.0" in answer.text


@pytest.mark.parametrize(
    ("path", "data", "bound", "mend"),
    [
        ("/run/china-2024", {"scale": "1"}, "more than one order may take", "choose a scale of at most"),
        (
            "/twins",
            {"rule": "teachers-2024", "deed": "out", "scale": "0.9"},
            "and 6 runs are more",
            "choose a scale of at most",
        ),
        (
            "/twins",
            {"rule": "teachers-2024", "deed": "out", "replications": "51"},
            "replications",
            "less than or equal to 50",
        ),
        ("/claims", {"budget": "2001"}, "At most 2,000 runs", "ask for fewer"),
        ("/claims", {"budget": "39"}, "budget", "greater than or equal to 40"),
    ],
)
def test_a_refused_order_says_which_bound_and_what_to_do(client, path, data, bound, mend):
    answer = client.post(path, data=data)
    assert answer.status_code == 422 and bound in answer.text and mend in answer.text


def test_a_full_queue_and_a_full_shelf_say_what_to_do(tmp_path):
    bounds = Bounds(waiting=1, own_worlds=1)
    with serving(tmp_path, bounds=bounds) as settings, visitor(settings) as client:
        codes = [client.post("/run/minimal", data={"scale": "0.01"}) for _ in range(2)]
        assert [one.status_code for one in codes] == [303, 429]
        assert "1 jobs are waiting already; wait until some are done, or stop some" in codes[1].text
        text = scenario_text("minimal")
        brought = [
            client.post("/worlds", files={"file": ("x.yaml", text.replace("A small world", title))})
            for title in ("A world", "Another world")
        ]
        assert [one.status_code for one in brought] == [303, 429]
        assert "use one of them, or start with a new --folder" in brought[1].text


def test_a_form_of_very_many_fields_is_refused(client):
    assert client.post("/run/minimal", data={f"x{at}": "" for at in range(5000)}).status_code in (400, 413)


# --- what may be brought --------------------------------------------------------------------------------------------


def test_a_scenario_is_taken_and_shown(client):
    text = scenario_text("minimal").replace("A small world with two rules", "A world of my own")
    answer = client.post("/worlds", files={"file": ("../../etc/passwd.yaml", text)})
    assert answer.status_code == 303 and re.fullmatch(r"/worlds/own-[0-9a-f]{16}", answer.headers["location"])
    assert "A world of my own" in client.get(answer.headers["location"]).text
    assert "A world of my own" in client.get("/").text


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Nothing was brought"),
        (BOMB.encode(), "format"),
        (b"a: " + b"[" * 500, "brackets"),
        (b"{" * 150 + b"}" * 150, ""),
        (b"PK\x03\x04" + b"\0" * 300, "UTF-8"),
        (b"\xff\xfeh\0", "byte order mark"),
        (b"x: !!python/object/apply:os.system ['true']", ""),
        (b"format: exitvoice-scenario/1\nname: ../../x", ""),
        (b"- just\n- a list", "not a mapping"),
        (b"<img src=x onerror=alert(1)>: 1", "&lt;img"),
        ("title: \u202eevil".encode(), "invisible"),
        (b"x: 1\n" * 20_001, "lines"),
    ],
    ids=["empty", "aliases", "brackets", "braces", "zip", "utf16", "tag", "name", "list", "markup", "bidi", "lines"],
)  # fmt: skip
def test_a_hostile_scenario_is_one_clear_answer(client, content, says):
    answer = client.post("/worlds", files={"file": ("x.yaml", content)})
    assert answer.status_code == 422 and "Traceback" not in answer.text
    if says != "format":
        assert says in answer.text
    assert "<img src=x" not in answer.text


def test_a_body_with_a_broken_form_is_refused(client):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post("/worlds", content=b"--x\r\nbroken", headers=headers).status_code in (400, 422)


# --- a public page --------------------------------------------------------------------------------------------------


def test_a_public_page_needs_a_password(tmp_path):
    with pytest.raises(InputError, match="needs a password"):
        Settings(folder=tmp_path, public="https://lab.example.org")
    with pytest.raises(InputError, match="is not an address"):
        Settings(folder=tmp_path, public="lab.example.org", password=PasswordHash.of(PASSWORD))


def test_a_password_file_holds_a_hash_that_nobody_else_may_read(tmp_path):
    path = tmp_path / "password"
    with pytest.raises(InputError, match="fewer than"):
        write_password_file(path, "short")
    write_password_file(path, PASSWORD)
    assert PASSWORD not in path.read_text() and path.stat().st_mode & 0o077 == 0
    assert read_password_file(path).matches(PASSWORD) and not read_password_file(path).matches(PASSWORD + " ")
    with pytest.raises(InputError, match="File exists"):
        write_password_file(path, PASSWORD)
    path.chmod(0o644)
    with pytest.raises(InputError, match="other users may read"):
        read_password_file(path)
    (tmp_path / "other").write_text("nothing")
    (tmp_path / "other").chmod(0o600)
    with pytest.raises(InputError, match="no password"):
        read_password_file(tmp_path / "other")


def test_a_public_page_asks_for_it_and_slows_down_who_guesses(tmp_path):
    settled = {"public": "http://lab.example.org", "password": PasswordHash.of(PASSWORD)}
    with serving(tmp_path, **settled) as settings, visitor(settings, is_known=False) as guest:
        guest.headers.update({"host": "lab.example.org", "origin": "http://lab.example.org"})
        assert guest.get(f"/?token={settings.token}").headers["location"] == "/enter"
        assert guest.get("/enter").status_code == 200 == guest.get("/static/style.css").status_code
        assert (
            guest.get("/static/plotly.js").headers["location"] == "/enter"
        )  # large, and the door draws nothing
        right = guest.post("/enter", data={"password": PASSWORD})
        assert right.status_code == 303 and "HttpOnly" in right.headers["set-cookie"]
        assert guest.get("/jobs", headers={"cookie": right.headers["set-cookie"]}).status_code == 200
        codes = [guest.post("/enter", data={"password": "guess"}).status_code for _ in range(6)]
        assert set(codes[:4]) == {403} and codes[-1] == 429
        assert guest.get("/enter", headers={"host": f"127.0.0.1:{settings.port}"}).status_code == 421


def test_a_rate_refills_and_forgets():
    now = [0.0]
    rate = Rate(2, 60.0, clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    now[0] = 31.0
    assert [rate.allows("a") for _ in range(2)] == [True, False]
