"""A public page behind a real proxy that speaks TLS: who is let in, what the proxy may say, who is slowed down."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from exitvoice.errors import InputError
from exitvoice.web import Bounds, Settings
from exitvoice.web.security.password import PasswordHash
from exitvoice.web.security.visitors import Visitor, visitor_of
from support_page import free_port, serving

NAME, PASSWORD = "lab.example.org", "four words and a half"
HASH = PasswordHash.of(PASSWORD)
BOUNDS = Bounds(requests_a_minute=40)


class Proxy:
    """Ends TLS and passes each request on, with a word about the visitor, as nginx and Caddy do."""

    def __init__(self, port: int, target: int, context: ssl.SSLContext | None) -> None:
        self.port, self._target, self._context = port, target, context

    async def serve(self, is_up: threading.Event, is_over: asyncio.Event) -> None:
        server = await asyncio.start_server(self._pass, "127.0.0.1", self.port, ssl=self._context)
        is_up.set()
        async with server:
            await is_over.wait()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        visitor = writer.get_extra_info("peername")[0]
        scheme = "https" if self._context else "http"
        added = f"X-Forwarded-For: {visitor}\r\nX-Forwarded-Proto: {scheme}\r\nConnection: close\r\n\r\n"
        back, forth = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            forth.write(b"\r\n".join(line for line in lines if line) + b"\r\n" + added.encode())
            length = next((line for line in lines if line.lower().startswith(b"content-length:")), b"0:0")
            forth.write(await reader.readexactly(int(length.split(b":")[1])))
            writer.write(await back.read())
            await writer.drain()
        finally:
            for one in (writer, forth):
                one.close()


@contextmanager
def proxied(target: int, context: ssl.SSLContext | None) -> Iterator[int]:
    port, loop, is_up = free_port(), asyncio.new_event_loop(), threading.Event()
    is_over = asyncio.Event()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(Proxy(port, target, context).serve(is_up, is_over)),
        daemon=True,
    )
    thread.start()
    assert is_up.wait(10)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(timeout=10)
        loop.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    words += [
        "-keyout",
        str(key),
        "-out",
        str(cert),
        "-subj",
        f"/CN={NAME}",
        "-addext",
        f"subjectAltName=DNS:{NAME}",
    ]
    subprocess.run(words, check=True, capture_output=True)
    return key, cert


@pytest.fixture(scope="module")
def lab(tmp_path_factory, certificate):
    """Ports of the page, of its TLS proxy, and of a proxy that forgot TLS; and what a visitor trusts."""
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    trusted = ssl.create_default_context(cafile=str(cert))
    settled = {"public": f"https://{NAME}", "password": HASH, "bounds": BOUNDS}
    with (
        serving(tmp_path_factory.mktemp("page"), **settled) as settings,
        proxied(settings.port, context) as tls,
        proxied(settings.port, None) as clear,
    ):
        yield settings, tls, clear, trusted


@contextmanager
def guest(lab, address: str, *, port: int = 0, scheme: str = "https") -> Iterator[httpx.Client]:
    """A visitor from an address of the loopback network, who checks the certificate's name."""
    _, tls, _, trusted = lab
    transport = httpx.HTTPTransport(verify=trusted, local_address=address)
    headers = {"host": NAME, "origin": f"https://{NAME}"}
    with httpx.Client(
        base_url=f"{scheme}://127.0.0.1:{port or tls}", headers=headers, transport=transport, timeout=30.0
    ) as client:
        client.event_hooks = {"request": [lambda request: request.extensions.update(sni_hostname=NAME)]}
        yield client


def test_the_password_opens_the_page_over_tls_with_a_cookie_of_this_host_alone(lab):
    with guest(lab, "127.0.0.2") as client:
        assert client.get("/").headers["location"] == "/enter"
        answer = client.post("/enter", data={"password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-exitvoice-")
        assert all(word in cookie for word in ("; Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
        assert "domain" not in cookie.lower()
        shown = client.get("/", headers={"cookie": cookie.partition(";")[0]})
        assert shown.status_code == 200 and "China" in shown.text
        assert shown.headers["strict-transport-security"] == "max-age=31536000"
        refused = client.get("/", headers={"host": "evil.example"})
        assert refused.status_code == 421 and "strict-transport-security" in refused.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": NAME, "origin": "https://evil.example"}, 403),
        ({"host": NAME, "origin": f"http://{NAME}"}, 403),
        (
            {"host": NAME, "origin": f"https://{NAME}", "x-forwarded-host": "evil.example"},
            403,
        ),  # wrong password: read
        ({"host": NAME, "origin": f"https://{NAME}", "forwarded": "host=evil.example;proto=http"}, 403),
    ],
)
def test_only_the_public_name_is_answered(lab, headers, status):
    with guest(lab, "127.0.0.3") as client:
        answer = client.post("/enter", data={"password": "wrong"}, headers=headers)
        assert answer.status_code == status and "set-cookie" not in answer.headers
        assert "evil" not in answer.text


def test_a_proxy_that_lets_visitors_in_without_tls_is_refused(lab):
    with guest(lab, "127.0.0.4", port=lab[2], scheme="http") as client:
        answer = client.post("/enter", data={"password": PASSWORD})
    assert answer.status_code == 403 and "https://" in answer.text and "set-cookie" not in answer.headers


def test_who_guesses_is_slowed_down_and_nobody_else(lab):
    lies = (
        {},
        {"x-forwarded-for": "8.8.8.8"},
        {"x-forwarded-for": "1.1.1.1, 2.2.2.2"},
        {"forwarded": "for=9.9.9.9"},
    )
    with guest(lab, "127.0.0.5") as guesser, guest(lab, "127.0.0.6") as other:
        codes = [
            guesser.post("/enter", data={"password": "x"}, headers=lies[at % 4]).status_code
            for at in range(8)
        ]
        assert codes[:4] == [403] * 4 and codes[-2:] == [429] * 2
        assert other.post("/enter", data={"password": PASSWORD}).status_code == 303


def test_who_asks_too_often_is_slowed_down_and_nobody_else(lab):
    with guest(lab, "127.0.0.7") as busy, guest(lab, "127.0.0.8") as other:
        codes = [
            busy.get("/enter", headers={"x-forwarded-for": f"7.7.7.{at}"}).status_code for at in range(60)
        ]
        assert codes[0] == 200 and codes[-1] == 429 and codes.count(200) < 50
        assert other.get("/enter").status_code == 200


LOOPBACK, FAR = "127.0.0.1", "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "schemes", "is_behind", "wanted"),
    [
        (LOOPBACK, [FAR], ["https"], True, Visitor(FAR)),
        (LOOPBACK, ["8.8.8.8, " + FAR], ["http"], True, Visitor(FAR, is_in_clear=True)),
        (LOOPBACK, ["8.8.8.8", FAR], ["http", "https"], True, Visitor(FAR)),
        ("::1", [FAR], [], True, Visitor(FAR)),
        (LOOPBACK, [], [], True, Visitor(LOOPBACK)),
        (LOOPBACK, ["no address"], [], True, Visitor("unknown")),
        (LOOPBACK, [FAR], ["http"], False, Visitor(LOOPBACK)),  # no proxy is meant to be there
        ("198.51.100.7", [FAR], ["http"], True, Visitor("198.51.100.7")),  # not on this machine
        ("2001:db8:1:2:3:4:5:6", [], [], True, Visitor("2001:db8:1:2::/64")),
        ("::ffff:203.0.113.9", [], [], True, Visitor(FAR)),
        ("", [], [], True, Visitor("unknown")),
    ],
)
def test_a_proxy_s_word_counts_on_this_machine_only(peer, forwarded, schemes, is_behind, wanted):
    assert visitor_of(peer, forwarded, schemes, is_behind_proxy=is_behind) == wanted


def test_where_it_listens(tmp_path):
    def at(**more):
        return Settings(folder=tmp_path, **more).host

    assert at() == "127.0.0.1"
    assert at(public=f"https://{NAME}", password=HASH) == "127.0.0.1"
    assert at(public=f"http://{NAME}", password=HASH) == "0.0.0.0"
    assert at(public=f"https://{NAME}", password=HASH, listen="10.0.0.2") == "10.0.0.2"
    with pytest.raises(InputError, match="listens at loopback"):
        at(listen="0.0.0.0")


@pytest.mark.parametrize(
    ("public", "origin"),
    [("https://Lab.Example.org/", f"https://{NAME}"), (f"https://{NAME}:443", f"https://{NAME}"),
     (f"http://{NAME}:80", f"http://{NAME}"), (f"https://{NAME}:8443", f"https://{NAME}:8443")],
)  # fmt: skip
def test_the_public_address_is_held_as_browsers_write_it(tmp_path, public, origin):
    assert Settings(folder=tmp_path, public=public, password=HASH).origins == {origin}


def test_guesses_of_many_addresses_have_one_bound_together(tmp_path):
    bounds = Bounds(all_tries_a_minute=3)
    settled = {"public": f"https://{NAME}", "password": HASH, "bounds": bounds}
    with (
        serving(tmp_path, **settled) as settings,
        httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", timeout=30.0) as client,
    ):
        client.headers.update({"host": NAME, "origin": f"https://{NAME}", "x-forwarded-proto": "https"})
        codes = [
            client.post(
                "/enter", data={"password": "x"}, headers={"x-forwarded-for": f"203.0.113.{at}"}
            ).status_code
            for at in range(5)
        ]
    assert codes == [403, 403, 403, 429, 429]
