"""Bytes no client would send, on a bare socket: each must end with the right code, and nothing else must suffer.

What is AMQP's own is asked of RabbitMQ too: the code expected of us is the code it gives.
"""

import time
from pathlib import Path

import pytest
from pika import frame, spec

from amqp import CAPABILITIES, HEADER, Broker, Closed, bare

METHOD, CONTENT, BODY, HEARTBEAT = 1, 2, 3, 8
#: Larger than any frame before tuning may be (section 3.2).
BEFORE_TUNE_BYTES = 64 * 1024


@pytest.fixture(params=["ours", "rabbitmq"])
def broker(request) -> Broker:
    return request.getfixturevalue(request.param)


@pytest.fixture
def alive(request):
    """Afterwards the broker serves others as before."""
    yield
    with request.getfixturevalue("broker" if "broker" in request.fixturenames else "ours").open() as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)


# Before the connection is open ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hello",
    [b"GET / HTTP/1.1\r\n\r\n", b"AMQP\0\1\0\0", b"AMQP\3\1\0\0", b"AMQP\0\0\x09\x02", b"\0" * 64],
    ids=["HTTP", "1.0", "1.0 with SASL", "0-9-2", "zeros"],
)
def test_another_protocol_is_answered_with_ours(broker, hello):
    with broker.bare() as wire:
        wire.raw(hello)
        wire.stream.settimeout(20)
        got = b""
        while len(got) < 8 and (data := wire.stream.recv(64)):
            got += data
        assert got == HEADER
        assert wire.ended()


def test_the_server_offers_what_clients_need(ours):
    with ours.bare() as wire:
        start = wire.start()
        assert (start.version_major, start.version_minor) == (0, 9)
        assert start.mechanisms.split() == [b"EXTERNAL"] and b"en_US" in start.locales.split()
        capabilities = start.server_properties["capabilities"]
        wanted = {
            "publisher_confirms", "basic.nack", "consumer_cancel_notify", "per_consumer_qos",
            "authentication_failure_close", "connection.blocked", "direct_reply_to",
        }  # fmt: skip
        assert {name for name, can in capabilities.items() if can} >= wanted
        wire.start_ok("EXTERNAL", ours.response("modtag"))
        tune = wire.method(spec.Connection.Tune)
        assert (tune.channel_max, tune.heartbeat) == (2047, 60) and tune.frame_max >= 131072


@pytest.mark.parametrize("mechanism", ["PLAIN", "AMQPLAIN", "ANONYMOUS", "external", ""])
def test_only_a_token_opens(ours, mechanism, alive):
    with ours.bare() as wire:
        wire.start()
        wire.start_ok(mechanism, "\0guest\0guest")
        assert wire.refusal().reply_code == 403


@pytest.mark.parametrize("token", ["", "<x/>", "ikke et token", "\0guest\0guest", "<Assertion" + "<a>" * 5000])
def test_no_token_is_refused(ours, token, alive):
    with ours.bare() as wire:
        wire.start()
        wire.start_ok("EXTERNAL", token)
        refusal = wire.refusal()
        assert refusal.reply_code == 403
        assert refusal.reply_text.startswith("ACCESS_REFUSED - Token afvist: ")


def test_who_does_not_want_to_know_is_not_told(ours, alive):
    """A client that has not announced that it understands: the socket is closed without a word."""
    with ours.bare() as wire:
        wire.start()
        wire.start_ok("EXTERNAL", "<x/>", CAPABILITIES | {"authentication_failure_close": False})
        with pytest.raises(Closed):
            wire.method()


@pytest.mark.parametrize("vhost", ["/", "", "bf", "BF ", "ANDEN"])
def test_another_virtual_host(broker, vhost, alive):
    with broker.bare() as wire:
        answer = wire.login(broker.mechanism, broker.response("modtag"), vhost)
        assert isinstance(answer, spec.Connection.Close) and answer.reply_code == 530


@pytest.mark.parametrize("tune", [{"frame_max": 1 << 24}, {"frame_max": 1000}, {"channel_max": 65535}], ids=str)
def test_tune_beyond_the_offer(broker, tune, alive):
    with broker.bare() as wire:
        wire.start()
        wire.start_ok(broker.mechanism, broker.response("modtag"))
        offered = wire.method(spec.Connection.Tune)
        usual = {"channel_max": offered.channel_max, "frame_max": offered.frame_max, "heartbeat": 0}
        wire.send(0, spec.Connection.TuneOk(**(usual | tune)))
        if broker.ours:
            assert wire.refusal().reply_code == 530
        else:
            assert wire.ended(), "the oracle closes without a word"


def test_a_long_token_comes_before_tuning(ours, alive):
    """20 kB and more of token fit; this one is refused for what it says, not for its length."""
    with ours.bare() as wire:
        wire.start()
        wire.start_ok("EXTERNAL", "<x>" + "y" * 50_000 + "</x>")
        assert wire.refusal().reply_code == 403


def test_too_much_before_tuning(ours, alive):
    with ours.bare() as wire:
        wire.start()
        wire.raw(bare(METHOD, 0, b"\0\x0a\0\x0b" + b"x" * 100, size=BEFORE_TUNE_BYTES + 4096)[:-1])
        assert wire.refusal().reply_code == 501


def test_a_promise_of_gigabytes_is_not_waited_for(broker, alive):
    with broker.bare() as wire:
        wire.start()
        wire.raw(bare(METHOD, 0, b"", size=0xFFFF_FF00)[:-1])
        assert wire.ended(15)


def test_another_method_than_start_ok(ours, alive):
    with ours.bare() as wire:
        wire.start()
        wire.send(0, spec.Connection.Open(virtual_host=ours.vhost))
        assert wire.ended()


def test_open_before_a_token(ours, alive):
    """No way around: a channel is not opened before the connection is."""
    with ours.bare() as wire:
        wire.start()
        wire.send(1, spec.Channel.Open())
        assert wire.ended()


def test_the_silent_are_not_waited_for(broker, alive):
    """RabbitMQ waits 10 s for a handshake; so do we, and not much longer."""
    with broker.bare() as wire:
        wire.start()
        assert wire.ended(30)


# After it ------------------------------------------------------------------------------------------------------------

PUBLISH = frame.Method(1, spec.Basic.Publish(exchange="AFSEND_BESKED_EXCHANGE")).marshal()
CHANNEL_OPEN = frame.Method(2, spec.Channel.Open()).marshal()


def header(size: int, class_: int = 60) -> bytes:
    return bare(CONTENT, 1, class_.to_bytes(2, "big") + b"\0\0" + size.to_bytes(8, "big") + b"\0\0")


LONG_HEADER = frame.Header(1, 4, spec.BasicProperties(headers={"token": "x" * 100}, message_id="m")).marshal()[7:-1]

#: What is sent on an open connection with channel 1 open, and the codes one may answer with.
BROKEN = {
    "bad end of a frame": (bare(METHOD, 2, b"\0\x14\0\x0a\0", end=b"\0"), {501}),
    "frame larger than agreed": (bare(BODY, 1, b"", size=1 << 20)[:-1] + b"x" * 1000, {501}),
    "unknown type of frame": (bare(4, 1, b"1234"), {501}),
    "empty method": (bare(METHOD, 1, b""), {501, 502}),
    "unknown class": (bare(METHOD, 1, b"\x03\xe7\0\x0a"), {502, 503, 540}),
    "unknown method": (bare(METHOD, 1, b"\0\x3c\x03\xe7"), {502, 503, 540}),
    "method cut short": (bare(METHOD, 1, b"\0\x3c\0\x46\0\0\x28abc"), {501, 502}),
    "header without a method": (header(4), {505}),
    "body without a method": (bare(BODY, 1, b"1234"), {505}),
    "body without a header": (PUBLISH + bare(BODY, 1, b"1234"), {505}),
    "method instead of a header": (PUBLISH + PUBLISH, {505}),
    "method instead of a body": (PUBLISH + header(4) + PUBLISH, {505}),
    "header of another class": (PUBLISH + header(4, class_=50), {505}),
    "second header": (PUBLISH + header(4) + header(4), {505}),
    "body longer than its header says": (PUBLISH + header(4) + bare(BODY, 1, b"123456789"), {501, 502, 505}),
    "content on channel 0": (bare(BODY, 0, b"1234"), {505}),
    "method of a channel on channel 0": (frame.Method(0, spec.Basic.Get(queue="x")).marshal(), {503, 504}),
    "method of the connection on a channel": (frame.Method(1, spec.Connection.CloseOk()).marshal(), {503}),
    "header cut short": (PUBLISH + bare(CONTENT, 1, header(4)[7:-6]), {501, 502}),
    "header in two frames": (
        PUBLISH + bare(CONTENT, 1, LONG_HEADER[:40]) + bare(CONTENT, 1, LONG_HEADER[40:]),
        {501, 502, 505},
    ),
    "header longer than it says": (PUBLISH + bare(CONTENT, 1, LONG_HEADER + b"x"), {501, 502}),
    "properties that are none": (PUBLISH + bare(CONTENT, 1, header(4)[7:-3] + b"\xff\xff\xff"), {501, 502}),
    "headers without an end": (PUBLISH + bare(CONTENT, 1, header(4)[7:-3] + b"\x20\0\x7f\xff\xff\xff"), {501, 502}),
    "headers of an unknown kind": (PUBLISH + bare(CONTENT, 1, header(4)[7:-3] + b"\x20\0\0\0\0\x03\x01aQ"), {501, 502}),
    "heartbeat on a channel": (bare(HEARTBEAT, 1, b""), {501, 503, 505}),
    "heartbeat with a content": (bare(HEARTBEAT, 0, b"x"), {501, 502, 505}),
}
#: Where the oracle closes without a word, or takes what it should not: there it is no measure.
NO_MEASURE = {
    "unknown class", "unknown method", "body longer than its header says", "header longer than it says",
    "properties that are none", "headers without an end", "headers of an unknown kind",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_protocol(broker, name, alive):
    data, codes = BROKEN[name]
    if not broker.ours and name in NO_MEASURE:
        pytest.skip("the oracle is no measure here")
    with broker.open("afsend") as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.raw(data)
        assert wire.refusal().reply_code in codes


def test_frames_in_the_smallest_pieces(broker):
    """A byte at a time is slow, and right."""
    with broker.open() as wire:
        for byte in CHANNEL_OPEN:
            wire.raw(bytes([byte]))
            time.sleep(0.005)
        wire.method(spec.Channel.OpenOk)


def test_many_frames_at_once(broker):
    with broker.open() as wire:
        wire.raw(b"".join(frame.Method(n, spec.Channel.Open()).marshal() for n in range(1, 101)))
        for _ in range(100):
            wire.method(spec.Channel.OpenOk)


def test_silence_ends_the_connection(broker, alive):
    """Heartbeats of one second: the server sends its own, and leaves who sends none."""
    with broker.open(heartbeat=1) as wire:
        begun, beats = time.monotonic(), 0
        with pytest.raises(Closed):
            while time.monotonic() < begun + 15:
                beats += isinstance(wire.receive(15), frame.Heartbeat)
        assert time.monotonic() - begun >= 1.5
        assert beats >= 1


def test_heartbeats_keep_the_connection(broker):
    with broker.open(heartbeat=1) as wire:
        for _ in range(8):
            wire.raw(frame.Heartbeat().marshal())
            time.sleep(0.5)
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)


def test_half_a_frame_is_silence_too(ours, alive):
    with ours.open(heartbeat=1) as wire:
        wire.raw(CHANNEL_OPEN[:5])
        assert wire.ended(15)


def test_a_connection_is_cut_in_the_middle_of_a_message(ours, alive):
    """Half a message is no message."""
    with ours.open("afsend") as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.raw(PUBLISH + header(1000) + bare(BODY, 1, b"<x"))


@pytest.mark.parametrize("size", [10 << 30, (1 << 64) - 1])
def test_an_oversize_body_is_announced(ours, alive, size):
    """Who says that 10 GB come is told at once or when they come; the server does not keep them."""
    with ours.open("afsend") as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.raw(PUBLISH + header(size))
        for _ in range(20):
            wire.raw(bare(BODY, 1, b"x" * 100_000))
        wire.send(2, spec.Channel.Open())
        wire.method()


# Nothing is left behind ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, (data, _) in BROKEN.items() if not data.startswith(PUBLISH)])
def test_what_a_broken_connection_held_comes_back(ours, name):
    """A consumer and an unsettled message: the consumer is gone, and the message comes again, marked."""
    ours.fill(1)
    with ours.open() as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.ask(1, spec.Basic.Consume(queue=ours.queue, consumer_tag="x"), spec.Basic.ConsumeOk)
        wire.method(spec.Basic.Deliver)
        wire.raw(BROKEN[name][0])
        wire.refusal()
    with ours.open() as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        assert wire.ask(1, spec.Queue.Declare(queue=ours.queue, passive=True), spec.Queue.DeclareOk).consumer_count == 0
        assert wire.ask(1, spec.Basic.Get(queue=ours.queue, no_ack=True), spec.Basic.GetOk).redelivered


def handles(demo) -> int | None:
    return len(list(Path(f"/proc/{demo.pid}/fd").iterdir())) if demo.pid else None


def test_no_handle_is_kept(ours, demo):
    """However a connection ends."""
    if handles(demo) is None:
        pytest.skip("the server is on another machine")

    def torment() -> None:
        for hello in (b"", b"GET / HTTP/1.1\r\n\r\n", HEADER, HEADER + b"\0" * 20):
            with ours.bare() as wire:
                wire.raw(hello)
        for data, _ in BROKEN.values():
            with ours.open("afsend") as wire:
                wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
                wire.raw(data)
        with ours.open() as wire:
            wire.raw(CHANNEL_OPEN[:6])

    torment()
    time.sleep(1)
    before = handles(demo)
    for _ in range(5):
        torment()
    deadline = time.monotonic() + 15
    while handles(demo) > before + 3 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert handles(demo) <= before + 3


def test_what_is_too_large_is_not_kept(ours, demo):
    """Fifty senders at once, each in the middle of a message without end."""
    if demo.memory() is None:
        pytest.skip("the server is on another machine")
    before, wires = demo.memory(), []
    try:
        for _ in range(50):
            wires.append(wire := ours.open("afsend"))
            wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
            wire.raw(PUBLISH + header(10 << 30))
            for _ in range(40):
                wire.raw(bare(BODY, 1, b"x" * 100_000))
        # 200 MB were sent; of each the largest message and a frame may be kept.
        assert demo.memory() - before < 120 << 20
        with ours.open("afsend") as wire:
            wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
    finally:
        for wire in wires:
            wire.close()


def test_many_that_say_nothing_are_in_nobody_s_way(ours):
    wires = [ours.bare() for _ in range(100)]
    try:
        begun = time.monotonic()
        with ours.open() as wire:
            wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        assert time.monotonic() - begun < 5
    finally:
        for wire in wires:
            wire.close()
