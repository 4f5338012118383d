"""What is too much, too slow or too deep: refused, the server answers the next call, and its memory stays bounded (A38).

And nothing in a message makes the server call anybody (A10).
"""

import base64
import gzip
import socket
import threading
import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from calls import call
from test_attacks import exists
from wire import SOAP12, WSSE, bst, replaced

MIB = 1024 * 1024
#: How much the memory of the server may grow by all of this module.
GROWTH_BYTES_MAX = 256 * MIB
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}
BRUGER = "/organisation/bruger/6"


@pytest.fixture(scope="module")
def memory(demo):
    if demo.memory() is None:
        pytest.skip("the server's memory cannot be read here")
    return demo.memory


@pytest.fixture(scope="module", autouse=True)
def bounded(demo):
    """The memory of the server before and after all of this."""
    before = demo.memory()
    yield
    after = demo.memory()
    if before is not None:
        assert after is not None, "the server is gone"
        assert after - before < GROWTH_BYTES_MAX, f"{before / MIB:.0f} MiB before, {after / MIB:.0f} after"


@pytest.fixture(autouse=True)
def alive(demo, sts, wsp, ky, token):
    """After each of these the server answers as before."""
    yield
    begun = time.monotonic()
    assert on_an_open_connection(lambda: sts.send(sts.draft(ky))).status == 200
    assert on_an_open_connection(lambda: wsp.call(token, call("Bruger", "soeg"))).kode == 20
    assert time.monotonic() - begun < 10


def on_an_open_connection(ask):
    """A connection whose message was refused unread may be closing when it is used again: then on another."""
    try:
        return ask()
    except requests.exceptions.ConnectionError:
        return ask()


def urls(demo) -> dict[str, str]:
    return {"STS": demo.sts["wstrust"], "WSP": demo.mtls + BRUGER}


def envelope(body: str, header: str = "") -> str:
    return f'<s:Envelope xmlns:s="{SOAP12}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'


HEAVY = {
    "100 000 attributes": lambda: envelope("<x " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>"),
    "300 attributes": lambda: envelope("<x " + " ".join(f'a{n}=""' for n in range(300)) + "/>"),
    "nesting 100 000 deep": lambda: envelope("<x>" * 100_000 + "</x>" * 100_000),
    "nesting 101 deep": lambda: envelope("<x>" * 101 + "</x>" * 101),
    "100 000 elements never closed": lambda: f'<s:Envelope xmlns:s="{SOAP12}">' + "<x>" * 100_000,
    "100 000 namespaces": lambda: envelope("<x " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(100_000)) + "/>"),
    "nested namespaces": lambda: envelope(
        "".join(f'<x{n} xmlns:n{n}="urn:{n}">' for n in range(90)) + "".join(f"</x{n}>" for n in reversed(range(90)))
    ),
    "a name of 200 000 letters": lambda: envelope(f"<{'x' * 200_000}/>"),
    "a header of 200 000 elements": lambda: envelope("<x/>", "<x/>" * 200_000),
    "an attribute of 200 000 letters": lambda: envelope(f'<x a="{"x" * 200_000}"/>'),
    "200 000 comments": lambda: envelope("<!---->" * 30_000),
    "200 000 references": lambda: envelope("<x>" + "&#x61;" * 40_000 + "</x>"),
}


@pytest.mark.parametrize("where", ["STS", "WSP"])
@pytest.mark.parametrize("name", HEAVY)
def test_heavy_xml_is_refused_fast(demo, name, where):
    content = HEAVY[name]()
    begun = time.monotonic()
    try:
        answer = demo.post(urls(demo)[where], content, SOAP)
    except requests.exceptions.ConnectionError:
        return  # hung up on while sending
    assert answer.status >= 400 and time.monotonic() - begun < 10
    assert answer.status in (400, 413, 500)


@pytest.mark.parametrize("where,mib", [("STS", 1), ("STS", 64), ("WSP", 11), ("WSP", 64)])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_over_the_limit(demo, where, mib, chunked):
    block = b"<!--" + b"x" * (MIB - 7) + b"-->"
    content = (block for _ in range(mib)) if chunked else block * mib
    try:
        answer = requests.post(urls(demo)[where], content, headers=SOAP, verify=demo.ca, timeout=60)
    except requests.exceptions.ConnectionError:
        return
    assert answer.status_code in (400, 413, 500)


@pytest.mark.parametrize("where", ["STS", "WSP"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_a_compressed_body_is_not_unpacked(demo, where, encoding):
    """A few kilobytes that would become a gibibyte."""
    content = gzip.compress(b"\0" * 64 * MIB, 9)
    if encoding == "gzip, gzip":
        content = gzip.compress(content, 9)
    before = demo.memory()
    answer = demo.post(urls(demo)[where], content, SOAP | {"Content-Encoding": encoding})
    assert answer.status >= 400
    after = demo.memory()
    assert before is None or after - before < 64 * MIB


@pytest.mark.parametrize("kind", ["headers", "body"])
@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_slow_senders_do_not_stop_the_others(demo, sts, ky, where, kind):
    """Fifty connections that send a byte at a time; meanwhile others are answered."""
    url = urls(demo)[where]
    head = f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\n"
    connections = [demo.socket(url) for _ in range(50)]
    try:
        for connection in connections:
            connection.sendall(
                (head + ("X-Langsom: " if kind == "headers" else "Content-Length: 1000\r\n\r\n")).encode()
            )
        for _ in range(3):
            for connection in connections:
                connection.sendall(b"x")
            begun = time.monotonic()
            assert sts.send(sts.draft(ky)).status == 200
            assert time.monotonic() - begun < 5
    finally:
        for connection in connections:
            connection.close()


CERTIFICATES = {
    "200 000 letters": "A" * 200_000,
    "half of one": "half",
    "one with rubbish after it": "rubbish",
    "empty": "",
    "no base64": "%%%",
    "an endless length": "MIT/////" + "A" * 1000,
    "nested sequences": "nested",
}


@pytest.mark.parametrize("place", ["BST", "UseKey", "OnBehalfOf"])
@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_that_is_none(sts, ky, name, place):
    text = {
        "half": ky.b64[: len(ky.b64) // 8 * 4],
        "rubbish": base64.b64encode(ky.der + b"rest").decode(),
        "nested": base64.b64encode(b"\x30\x80" * 50_000).decode(),
    }.get(CERTIFICATES[name], CERTIFICATES[name])
    match place:
        case "BST":
            draft = sts.draft(ky)
            draft.security["BST"] = bst(text)
        case "UseKey":
            draft = sts.draft(ky, use_key_text=text or " ")
        case _:
            draft = sts.draft(ky, obo=bst(text, None))
    answer = sts.send(draft)
    fault = answer.fault
    assert "Assertion" not in answer.text
    assert fault.event in (103, 5050, 5607) or fault.subcode in ("wsse:InvalidSecurity", "wsse:InvalidSecurityToken")


def test_many_security_parts(sts, ky):
    draft = sts.draft(ky)
    draft.security |= {f"x{n}": f'<o:Ukendt xmlns:o="{WSSE}"/>' for n in range(2_000)}
    assert sts.send(draft).status in (200, 500)


def test_a_valid_message_near_the_limit(wsp, token):
    """Large and allowed: ten mebibytes less a little are carried out."""
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    draft = wsp.draft(token, what)
    draft.tamper.append(replaced("</s:Body>", "<!--" + "x" * (9 * MIB) + "--></s:Body>"))
    assert wsp.send(draft, what.path).kode == 20
    assert exists(wsp, token, uuid)


# A10: nobody is called -----------------------------------------------------------------------------------------------


@pytest.fixture
def listener():
    """A port where a call from the server would be noticed."""
    called = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            called.append(connection)
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1], called
    stop.set()
    thread.join()
    server.close()


XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
CALLS = {
    "an external entity": replaced("<s:Envelope", '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><s:Envelope'),
    "an external DTD": replaced("<s:Envelope", '<!DOCTYPE x SYSTEM "{url}"><s:Envelope'),
    "schemaLocation": replaced("<s:Envelope ", f'<s:Envelope {XSI} xsi:schemaLocation="urn:x {{url}}" '),
    "noNamespaceSchemaLocation": replaced(
        "<s:Envelope ", f'<s:Envelope {XSI} xsi:noNamespaceSchemaLocation="{{url}}" '
    ),
    "a stylesheet": replaced("<s:Envelope", '<?xml-stylesheet href="{url}" type="text/xsl"?><s:Envelope'),
    "XInclude": replaced(
        "</s:Header>", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{url}"/></s:Header>'
    ),
    "RetrievalMethod": replaced("<KeyInfo>", '<KeyInfo><RetrievalMethod URI="{url}"/>'),
    "a reference": replaced("<Reference ", '<Reference URI="{url}" Type="x"><Transforms/></Reference><Reference '),
    "MetadataReference": replaced(
        "</s:Header>",
        '<m:MetadataReference xmlns:m="http://schemas.xmlsoap.org/ws/2004/09/mex"><a:Address xmlns:a="http://www.w3.org/2005/08/addressing">{url}</a:Address></m:MetadataReference></s:Header>',
    ),
    "ReplyTo": replaced(
        "</s:Header>",
        '<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>{url}</a:Address></a:ReplyTo></s:Header>',
    ),
}


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_no_message_makes_the_server_call(demo, sts, wsp, ky, token, listener, where):
    port, called = listener
    for change in CALLS.values():
        draft = sts.draft(ky) if where == "STS" else wsp.draft(token, call("Bruger", "soeg"))
        text = change(draft.signed()).replace("{url}", f"http://127.0.0.1:{port}/x")
        demo.post(urls(demo)[where], text, draft.http_headers)
    time.sleep(1)
    assert not called
