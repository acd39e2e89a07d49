"""moto over HTTP: one state per server, connections kept alive, any AWS client."""

import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from werkzeug import Response

import offline.ses
from offline.accounts import session
from offline.authorization.gateway import Gateway
from offline.server import Moto, Server

HERE, THERE, REGION = "111111111111", "222222222222", "us-east-1"


@pytest.fixture
def endpoint() -> Iterator[str]:
    offline.ses.install()
    with Server(Gateway(Moto())) as server:
        yield server.endpoint


def connect(endpoint: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=10)


def test_accounts_are_apart_and_reached_by_their_operators_role(endpoint: str) -> None:
    for account in (HERE, THERE):
        own = session(endpoint, account, REGION)
        assert own.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"] == account
    session(endpoint, HERE, REGION).client("sqs", endpoint_url=endpoint).create_queue(QueueName="q")
    assert (
        "QueueUrls" not in session(endpoint, THERE, REGION).client("sqs", endpoint_url=endpoint).list_queues()
    )


def test_a_new_server_starts_empty() -> None:
    for _ in range(2):
        with Server(Gateway(Moto())) as server:
            sqs = session(server.endpoint, HERE, REGION).client("sqs", endpoint_url=server.endpoint)
            assert "QueueUrls" not in sqs.list_queues()
            sqs.create_queue(QueueName="bounces")


def test_an_s3_object_by_presigned_url_and_its_head(endpoint: str) -> None:
    s3 = session(endpoint, HERE, REGION).client(
        "s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"})
    )
    s3.create_bucket(Bucket="mail")
    s3.put_object(Bucket="mail", Key="in/message 1", Body=b"x" * 300_000)
    wanted = {"Bucket": "mail", "Key": "in/message 1"}
    assert s3.head_object(**wanted)["ContentLength"] == 300_000
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", wanted)) as answer:
        assert answer.read() == b"x" * 300_000


def test_without_a_signature_nothing_is_served(endpoint: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{endpoint}/mail/in/1")
    assert caught.value.code == 403
    assert b"<Code>AccessDenied</Code><Message>Access Denied</Message>" in caught.value.read()


def test_unknown_long_lived_keys_are_the_default_accounts_operator(endpoint: str) -> None:
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    assert sts.get_caller_identity()["Account"] == "123456789012"


def echo(environ: Any, start_response: Any) -> list[bytes]:
    """A plain WSGI application, which leaves to the server what HTTP asks for."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read() or b"nothing"]


def test_a_connection_serves_many_requests() -> None:
    with Server(echo) as server:
        connection = connect(server.endpoint)
        connection.connect()
        opened = connection.sock
        for body in (b"one", b"", b"three" * 50_000):
            connection.request("POST", "/", body)
            assert connection.getresponse().read() == (body or b"nothing")
        assert connection.sock is opened


def test_the_answer_to_head_has_the_length_of_the_body_but_no_body() -> None:
    with Server(echo) as server, socket.create_connection(server.endpoint[7:].split(":")) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    assert b"Content-Length: 7" in head
    assert body == b""


def test_a_body_in_chunks_is_read_whole() -> None:
    with Server(echo) as server:
        connection = connect(server.endpoint)
        connection.request("POST", "/", iter([b"one ", b"two"]), encode_chunked=True)
        assert connection.getresponse().read() == b"one two"


def test_stopping_ends_the_connections_that_clients_keep() -> None:
    others = set(threading.enumerate())
    with Server(echo) as server:
        connection = connect(server.endpoint)
        connection.request("GET", "/")
        connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    assert not [one for one in threading.enumerate() if one.name == "aws" and one not in others]


def test_a_port_that_is_taken_is_an_error() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="Address already in use"),
        Server(echo, port=taken.getsockname()[1]),
    ):
        pass


def test_pages_stand_beside_the_endpoints() -> None:
    with Server(echo, pages={"/_ses-bounce": Response("page")}) as server:
        with urllib.request.urlopen(f"{server.endpoint}/_ses-bounce/") as page:
            assert page.read() == b"page"
        with urllib.request.urlopen(f"{server.endpoint}/elsewhere") as other:
            assert other.read() == b"nothing"


def test_a_failure_inside_is_a_500_and_the_connection_lives(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: dict[str, str], start_response: object) -> object:
        raise RuntimeError(environ["PATH_INFO"])

    with Server(broken) as server:
        connection = connect(server.endpoint)
        for _ in range(2):
            connection.request("GET", "/cause")
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (500, True)
    assert "RuntimeError: /cause" in caplog.text
