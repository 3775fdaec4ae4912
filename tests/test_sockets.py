"""Connections to a language model, kept within the limits."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from qa.models.sockets import Unreachable, resolve
from qa.models.transport import Transport
from qa.models.watch import OutOfTime
from tests.hostile_model import hostile, nobody, raw
from tests.hostile_server import Peer
from tests.language import post, watching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_refused_connection_is_told_from_a_slow_one() -> None:
    with nobody() as url, pytest.raises(Unreachable) as refused:
        post(url, Transport(watching(), None))
    assert isinstance(refused.value.problem, ConnectionRefusedError)


def test_looking_a_name_up_counts_as_connecting() -> None:
    released = threading.Event()

    def slow(host: str, port: int) -> list[Any]:
        released.wait(10)
        return resolve(host, port)

    started = time.monotonic()
    with pytest.raises(httpcore.ConnectTimeout):
        post("http://model.example/v1", Transport(watching(5), None, resolve=slow))
    released.set()
    assert time.monotonic() - started < 2


def test_a_name_that_is_not_known_is_an_error_of_connecting() -> None:
    def unknown(_host: str, _port: int) -> list[Any]:
        message = "Name or service not known"
        raise socket.gaierror(message)

    with pytest.raises(Unreachable) as failed:
        post("http://model.example/v1", Transport(watching(), None, resolve=unknown))
    assert isinstance(failed.value.problem, socket.gaierror)


def test_a_name_that_can_be_none_is_an_error_of_connecting() -> None:
    with pytest.raises(Unreachable) as failed:
        post(f"http://{'a' * 64}.localhost/v1", Transport(watching(), None))
    assert isinstance(failed.value.problem, socket.gaierror)


def test_all_addresses_of_a_host_are_tried() -> None:
    with nobody() as dead, hostile("good") as server:

        def both(_host: str, _port: int) -> list[Any]:
            ports = [int(url.split(":")[2].split("/")[0]) for url in (dead, server.url)]
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port)) for port in ports]

        assert b"lighthouse" in post("http://model.example/v1", Transport(watching(), None, resolve=both))


def test_a_peer_that_reads_nothing_is_timed_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with httpx.Client(transport=Transport(watching(0.5), None)) as client, pytest.raises(OutOfTime):
            client.post(url, content=bytes(50_000_000))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    today = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[str]:
    """A server that answers one call, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    request = b""
                    while not request.endswith(b"{}"):  # what is left unread would reset the connection
                        request += secured.recv(65536) or b"{}"
                    raw(b"HTTP/1.1 200 OK\r\n\r\ndata: x\n\n")(Peer(secured, threading.Event()))
            except OSError:
                pass  # the client does not trust us

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        thread.join(5)


def test_a_certificate_that_is_trusted_secures_the_connection(secure: str, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    assert post(secure, Transport(watching(), None, context)) == b"data: x\n\n"


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: str) -> None:
    with pytest.raises(Unreachable) as refused:
        post(secure, Transport(watching(), "Bearer k", httpx.create_ssl_context()))
    assert isinstance(refused.value.problem, ssl.SSLError)


def test_a_handshake_that_does_not_come_is_timed_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        started = time.monotonic()
        with pytest.raises(httpcore.ConnectTimeout):
            post(url, Transport(watching(5), None, httpx.create_ssl_context()))
        assert time.monotonic() - started < 2
