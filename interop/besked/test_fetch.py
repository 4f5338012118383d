"""Fetching as the official samples do it (section 5), what a message looks like then (2.5), what is not lost (6.1)."""

import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import xmlsec
from pika import spec
from pika.exceptions import ChannelClosedByBroker
from signxml.exceptions import InvalidSignature

from amqp import CAPABILITIES
from demo import missing
from envelope import (
    EKSEMPEL,
    LIMIT_BYTES,
    cvr_urn,
    judge_payload,
    part,
    signed_payload,
    texts,
    tilladte,
    valid,
    without_routes,
)

#: The samples set no more than this (R3).
PREFETCH_MAX = 100
UNKNOWN = str(uuid4())

#: RabbitMQ keeps the queues: what it only sent ahead, it may say was delivered before.
BESIDE = "FUNDAMENT_DEMO_BROKER" in os.environ


@pytest.fixture
def program():
    """The server's own program, which tells what is in a fejlkø."""
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)


def ids(deliveries) -> list[str]:
    return [delivery.id for delivery in deliveries]


# The sample's way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("certificate", [True, False], ids=["with certificate", "without certificate"])
def test_the_samples_loop(bfo, receiver, sender, certificate):
    """Consumed with acks, and nothing said of prefetch: the next comes when the last is acked."""
    sent = sender.sent(*bfo.beskeder(3))
    with bfo.receiver(certificate) as another:
        consumer = another.consume(bfo.queue)
        for id in sent:
            delivery = consumer.next()
            assert delivery.id == id and (BESIDE or not delivery.redelivered)
            assert consumer.perhaps(0.3) is None, "a second one before the first was acked"
            consumer.ack(delivery)
        assert consumer.perhaps(0.3) is None
    assert receiver.get(bfo.queue) is None


def test_one_at_a_time_by_get(bfo, receiver, sender):
    sent = sender.sent(*bfo.beskeder(2))
    for id in sent:
        delivery = receiver.get(bfo.queue)
        assert delivery.id == id
        receiver.channel.basic_ack(delivery.tag)
    assert receiver.get(bfo.queue) is None


def test_what_comes_along(bfo, receiver, sender):
    """R2: the transaction of the sender, and what tells of the message without reading it."""
    besked, transaction = bfo.besked(), str(uuid4())
    before = datetime.now(timezone.utc).replace(microsecond=0)
    assert sender.send(besked, message_id=transaction).kode == 20
    delivery = receiver.get(bfo.queue, auto_ack=True)
    known = delivery.properties
    assert known.message_id == transaction
    assert known.correlation_id == besked.id
    assert known.content_type == "application/xml"
    assert delivery.count == 0
    came = datetime.fromtimestamp(known.timestamp, timezone.utc)
    assert before <= came <= datetime.now(timezone.utc) + timedelta(seconds=1)


def test_a_consumer_that_waits_gets_it_at_once(bfo, receiver, sender):
    consumer = receiver.consume(bfo.queue)
    assert consumer.perhaps(0.3) is None
    (id,) = sender.sent(bfo.besked())
    assert consumer.next(2).id == id


@pytest.mark.parametrize("prefetch", [1, 10, PREFETCH_MAX])
def test_in_the_order_of_acceptance(bfo, receiver, sender, prefetch):
    """Sent without waiting for replies, on one connection."""
    beskeder = bfo.beskeder(150)
    waiting = [sender.publish(besked.body) for besked in beskeder]
    assert {sender.wait(correlation).kode for correlation in waiting} == {20}
    consumer, got = receiver.consume(bfo.queue, prefetch=prefetch), []
    for _ in beskeder:
        got.append(consumer.next())
        consumer.ack(got[-1])
    assert ids(got) == [besked.id for besked in beskeder]
    assert BESIDE or not any(delivery.redelivered for delivery in got)


@pytest.mark.parametrize("prefetch", [0, 1000, 65535])
def test_no_more_than_a_hundred_at_a_time(bfo, receiver, sender, prefetch):
    """R3: whatever a client asks for."""
    waiting = [sender.publish(besked.body) for besked in bfo.beskeder(PREFETCH_MAX + 5)]
    assert {sender.wait(correlation).kode for correlation in waiting} == {20}
    consumer = receiver.consume(bfo.queue, prefetch=prefetch)
    got = [consumer.next() for _ in range(PREFETCH_MAX)]
    assert consumer.perhaps(1) is None
    consumer.ack(got[-1], multiple=True)
    assert len([consumer.next() for _ in range(5)]) == 5


# What a message looks like -------------------------------------------------------------------------------------------


def sent_and_got(bfo, receiver, sender, besked):
    reply = sender.send(besked)
    assert reply.kode == 20, reply.tekst
    return receiver.get(bfo.queue, auto_ack=True)


def test_not_a_byte_is_changed_but_the_route(bfo, receiver, sender):
    besked = bfo.besked(declaration='<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n')
    assert without_routes(sent_and_got(bfo, receiver, sender, besked).body) == besked.body


def test_the_route_tells_of_the_delivery(bfo, receiver, sender):
    route = routes(sent_and_got(bfo, receiver, sender, bfo.besked()).body)
    (hop,) = route
    assert UUID(hop["Fordelingssystem"]) and UUID(hop["ErLeveretIHenholdTil"])
    assert hop["ModtagetFraSystem"] == bfo.uuid(bfo.about["afsender"])
    assert hop["AntalLeveranceforsoeg"] == "1"
    came, went = (datetime.fromisoformat(hop[name]) for name in ("ModtagelsesTidspunkt", "LeveranceTidspunkt"))
    assert datetime.now(timezone.utc) - timedelta(minutes=1) < came <= went
    assert went < datetime.now(timezone.utc) + timedelta(seconds=1)


def routes(body: bytes) -> list[dict[str, str]]:
    """The hops, each as its values by name."""
    return [
        {
            node.tag.rpartition("}")[2]: (node.text or "").strip() or node.findtext(".//*")
            for node in hop.iter("{*}*")
            if node is not hop and not node.tag.endswith(("Identifikator", "DatoTid", "Udvidelse"))
        }
        for hop in valid(body).iter("{*}Leverancerute")
    ]


EARLIER = (
    "<besked:Leveranceruter><besked:Leverancerute><besked:Fordelingssystem><sd:URNIdentifikator>urn:en:anden"
    "</sd:URNIdentifikator></besked:Fordelingssystem></besked:Leverancerute></besked:Leveranceruter>"
)
UDVIDELSE = (
    "<besked:LeveranceinformationLokalUdvidelse><x:Sidst xmlns:x='urn:example:x'>ja</x:Sidst>"
    "</besked:LeveranceinformationLokalUdvidelse>"
)


def test_the_route_is_added_to_what_there_was(bfo, receiver, sender):
    """The earlier hop stays as it was, and what comes after keeps its place."""
    besked = bfo.besked(ruter=EARLIER + UDVIDELSE)
    delivery = sent_and_got(bfo, receiver, sender, besked)
    first, second = routes(delivery.body)
    assert first == {"Fordelingssystem": "urn:en:anden"}
    assert second["ModtagetFraSystem"] == bfo.uuid(bfo.about["afsender"])
    assert EARLIER.partition("</besked:Leveranceruter>")[0].encode() in delivery.body
    assert without_routes(delivery.body) == without_routes(besked.body)


@pytest.mark.parametrize(
    "empty",
    [
        "<besked:Leveranceinformation/>",
        "<besked:Leveranceinformation></besked:Leveranceinformation>",
        "<besked:Leveranceinformation><besked:Leveranceruter/></besked:Leveranceinformation>",
    ],
)
def test_the_route_of_a_message_that_says_nothing_of_itself(bfo, receiver, sender, empty):
    """No Sikkerhedsklassificering is the strictest; the demo's agreements cover it."""
    besked = bfo.besked()
    text = re.sub(r"<besked:Leveranceinformation>.*</besked:Leveranceinformation>", empty, besked.text)
    assert sender.send(text.encode()).kode == 20
    assert len(routes(receiver.get(bfo.queue, auto_ack=True).body)) == 1


def test_the_attempts_are_counted(bfo, receiver, sender):
    sender.sent(bfo.besked())
    for count in range(4):
        delivery = receiver.get(bfo.queue)
        (hop,) = routes(delivery.body)
        assert (delivery.count, hop["AntalLeveranceforsoeg"]) == (count, str(count + 1))
        assert delivery.redelivered == (count > 0)
        receiver.channel.basic_nack(delivery.tag, requeue=True)


#: Payloads that suffer when a document is written anew.
PAYLOADS = {
    "none": "",
    "no namespace": "<tekst>bare tekst &amp; &#230;</tekst>",
    "several": f"{EKSEMPEL}</besked:Beskeddata><besked:Beskeddata><a xmlns='urn:a'/><b xmlns='urn:b'/>",
    "another namespace": '<Base64 xmlns="urn:besked:kuvert:1.0">PFhtbC8+</Base64>',
    "like an envelope": "<besked:Filtreringsdata><besked:Beskedtype/></besked:Filtreringsdata>"
    "<besked:Leveranceinformation><besked:Leveranceruter/></besked:Leveranceinformation>"
    f"{part('TilladtModtager', 'urn:oio:cvr-nr:99887766')}",
    "habits": "<t:A  b='1'\n\tc=\"2\"  xmlns:t=\"urn:t\" xmlns:ubrugt='urn:u'><!-- kommentar --><?pi data?>"
    "<![CDATA[<rå & mere>]]>&#xE6;&lt;\t<t:B></t:B><t:C/></t:A >",
    "beyond the first plane": "<t xmlns='urn:t'>𝔄 😀 ﷽ e\u0301</t>",
}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_not_read(bfo, receiver, sender, payload):
    besked = bfo.besked(data=PAYLOADS[payload])
    assert without_routes(sent_and_got(bfo, receiver, sender, besked).body) == besked.body


def test_carriage_returns_stay(bfo, receiver, sender):
    body = bfo.besked().text.replace("><besked:", ">\r\n  <besked:").encode()
    assert sender.send(body).kode == 20
    assert without_routes(receiver.get(bfo.queue, auto_ack=True).body) == body


@pytest.mark.parametrize("signer", ["ky", "ksd"])
def test_a_signature_in_the_payload_survives(bfo, receiver, sender, signer):
    """Made by libxmlsec, judged by libxmlsec and signxml."""
    identity = bfo.demo.systems[signer]
    besked = bfo.besked(data=signed_payload(identity), tilladte=(cvr_urn(bfo.cvr), cvr_urn("99887766")))
    delivery = sent_and_got(bfo, receiver, sender, besked)
    assert tilladte(valid(delivery.body)) == [cvr_urn(bfo.cvr)], "what is trimmed was not trimmed"
    judge_payload(delivery.body, identity)
    with pytest.raises((xmlsec.Error, InvalidSignature)):
        judge_payload(delivery.body.replace("æøå".encode(), b"aoa"), identity)


def test_a_signature_in_the_envelope_survives(bfo, receiver, sender):
    """AfsenderSystemSignatur, over the payload by its id."""
    identity = bfo.ky
    payload = signed_payload(identity)
    start, end = payload.index("<ds:Signature"), payload.index("</ds:Signature>") + len("</ds:Signature>")
    signature = payload[start:end]
    udvidelse = (
        "<besked:ObjektRegistreringLokalUdvidelse><besked:AfsenderSystemSignatur>"
        f"{signature}</besked:AfsenderSystemSignatur></besked:ObjektRegistreringLokalUdvidelse>"
    )
    besked = bfo.besked(udvidelse=udvidelse, data=payload)
    body = sent_and_got(bfo, receiver, sender, besked).body
    assert body.count(signature.encode()) == 2
    judge_payload(body, identity)


@pytest.mark.parametrize("size", [130_000, 131_064, 131_072, 400_000, LIMIT_BYTES])
def test_large_messages_come_whole(bfo, receiver, sender, size):
    """Over several frames in and out; at the borders of a frame too."""
    body = bfo.besked().of_size(size)
    assert sender.send(body).kode == 20
    assert without_routes(receiver.get(bfo.queue, auto_ack=True).body) == body


@pytest.mark.parametrize("frame_max", [4096, 8192, 131072])
def test_frames_no_larger_than_agreed(bfo, ours, receiver, sender, frame_max):
    body = bfo.besked().of_size(50_000)
    assert sender.send(body).kode == 20
    with ours.open(frame_max=frame_max) as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.ask(1, spec.Basic.Get(queue=bfo.queue, no_ack=True), spec.Basic.GetOk)
        header, got = wire.receive(), b""
        while len(got) < header.body_size:
            fragment = wire.receive().fragment
            assert len(fragment) + 8 <= frame_max
            got += fragment
    assert without_routes(got) == body


def examples() -> list[str]:
    """The official messages: their file names."""
    folder = Path(os.environ.get("FUNDAMENT_CONTRACTS", "."), "beskedfordeler", "example_messages")
    return sorted(file.name for file in folder.glob("*.xml") if b"Haendelsesbesked" in file.read_bytes()[:200])


@pytest.mark.parametrize("name", examples())
def test_the_official_messages(bfo, receiver, sender, name):
    """As they are published, but for who sends, for whom, and their id."""
    text = Path(os.environ["FUNDAMENT_CONTRACTS"], "beskedfordeler", "example_messages", name).read_text(
        encoding="utf-8"
    )
    text = re.sub(r"(BeskedId>.*?<UUIDIdentifikator>)[^<]*", rf"\g<1>{uuid4()}", text, count=1, flags=re.S)
    text = re.sub(
        r"(BeskedAnsvarligAktoer>.*?<UUIDIdentifikator>)[^<]*", rf"\g<1>{bfo.uuid('KY')}", text, count=1, flags=re.S
    )
    text = re.sub(r"urn:oio:cvr-nr:\d+", cvr_urn(bfo.cvr), text)
    reply = sender.send(text.encode())
    assert reply.kode == 20, reply.tekst
    delivery = receiver.get(bfo.queue, auto_ack=True)
    assert tilladte(valid(delivery.body)), "nobody may have it"
    # What stands between elements may go with a route that is added; nothing else.
    assert re.sub(rb"\s+", b"", without_routes(delivery.body)) == re.sub(rb"\s+", b"", text.encode())


# Who may have it -----------------------------------------------------------------------------------------------------


def test_the_allowed_receivers_are_trimmed_twice(bfo, receiver, sender):
    """At acceptance to the sender's agreement; for each receiver to those it acts for (8.1, 8.2)."""
    korsbaek, nabo, other = cvr_urn(bfo.cvr), cvr_urn(bfo.demo.cvr["nabokoebing"]), cvr_urn("99887766")
    besked = bfo.besked(tilladte=(other, nabo, korsbaek), objekt_handling="298aa424-0a16-4a5a-956c-2bdab17fd11f")
    bfo.drain(bfo.foreign, system="KSD")
    delivery = sent_and_got(bfo, receiver, sender, besked)
    assert tilladte(valid(delivery.body)) == [nabo, korsbaek]
    (theirs,) = bfo.drain(bfo.foreign, system="KSD")
    assert tilladte(valid(theirs.body)) == [korsbaek]
    for body, gone in ((delivery.body, [other]), (theirs.body, [other, nabo])):
        text = besked.text
        for urn in gone:
            text = text.replace(
                f"<besked:TilladtModtager><sd:URNIdentifikator>{urn}</sd:URNIdentifikator></besked:TilladtModtager>", ""
            )
        assert without_routes(body) == text.encode()


def test_without_any_all_of_the_agreement_are_meant(bfo, receiver, sender):
    delivery = sent_and_got(bfo, receiver, sender, bfo.besked(tilladte=()))
    assert set(tilladte(valid(delivery.body))) == {cvr_urn(bfo.cvr), cvr_urn(bfo.demo.cvr["nabokoebing"])}


def test_accepted_and_for_nobody(bfo, receiver, sender):
    """All trimmed away: 20, and nobody gets it."""
    assert sender.send(bfo.besked(tilladte=(cvr_urn("99887766"),))).kode == 20
    assert receiver.get(bfo.queue) is None


def test_credentials_do_not_get_on(bfo, receiver, sender):
    """KildesystemAkkreditiver is blanked (2.4)."""
    secret = f"hemmelig-{uuid4()}"
    kilde = f"<besked:KildesystemAkkreditiver>{secret}</besked:KildesystemAkkreditiver>"
    besked = bfo.besked(kilde=kilde)
    delivery = sent_and_got(bfo, receiver, sender, besked)
    assert secret.encode() not in delivery.body
    assert texts(valid(delivery.body), "Leveranceinformation.Sikkerhedsklassificering.UUIDIdentifikator")


def test_the_filter_of_another_receiver(bfo, receiver, sender):
    """KSD wants deaths only."""
    bfo.drain(bfo.foreign, system="KSD")
    birth, death = bfo.besked(), bfo.besked(objekt_handling="298AA424-0a16-4a5a-956c-2bdab17fd11f")
    sent = sender.sent(birth, death)
    assert ids(bfo.drain(bfo.queue)) == sent
    assert ids(bfo.drain(bfo.foreign, system="KSD")) == [death.id]


# What is not there, and what is another's ----------------------------------------------------------------------------

ASK = {
    "get": lambda channel, queue: channel.basic_get(queue),
    "get without ack": lambda channel, queue: channel.basic_get(queue, auto_ack=True),
    "consume": lambda channel, queue: channel.basic_consume(queue, lambda *_: None),
    "declare": lambda channel, queue: channel.queue_declare(queue, passive=True),
}


@pytest.mark.parametrize("way", ASK)
@pytest.mark.parametrize("whose", ["another's", "nobody's", "no UUID", "the replies' name and more"])
def test_what_one_does_not_own_is_not_there(bfo, receiver, way, whose):
    """404 for both: nothing tells whether it exists. The connection stays."""
    queue = {
        "another's": bfo.foreign,
        "nobody's": UNKNOWN,
        "no UUID": "koe'); --",
        "the replies' name and more": "amq.rabbitmq.reply-to.x",
    }[whose]
    with pytest.raises(ChannelClosedByBroker) as refused:
        ASK[way](receiver.channel, queue)
    assert refused.value.reply_code == 404
    assert receiver.connection.channel().is_open


def test_another_s_and_nobody_s_are_told_apart_by_nothing(bfo, receiver):
    """Not by the text either."""
    told = set()
    for queue in (bfo.foreign, UNKNOWN):
        with pytest.raises(ChannelClosedByBroker) as refused:
            receiver.connection.channel().basic_get(queue)
        told.add(refused.value.reply_text.replace(queue, "?"))
    assert len(told) == 1, told


@pytest.mark.parametrize("way", ["get", "get without ack", "consume"])
def test_what_is_pushed_is_not_fetched(bfo, receiver, way):
    """R10."""
    with pytest.raises(ChannelClosedByBroker) as refused:
        ASK[way](receiver.channel, bfo.push)
    assert refused.value.reply_code == 405


def test_what_is_there(bfo, receiver, sender):
    sender.sent(*bfo.beskeder(2))
    declared = receiver.channel.queue_declare(bfo.queue, passive=True).method
    assert (declared.queue, declared.message_count, declared.consumer_count) == (bfo.queue, 2, 0)
    consumer = receiver.consume(bfo.queue)
    assert consumer.next()
    declared = receiver.connection.channel().queue_declare(bfo.queue, passive=True).method
    assert (declared.message_count, declared.consumer_count) == (1, 1)


# What is not lost, and what comes twice ------------------------------------------------------------------------------


def test_a_lost_connection_gives_back_in_order(bfo, receiver, sender):
    """R7: acked ones do not come again."""
    sent = sender.sent(*bfo.beskeder(6))
    lost = bfo.receiver()
    consumer = lost.consume(bfo.queue, prefetch=4)
    got = [consumer.next() for _ in range(4)]
    consumer.ack(got[1])
    lost.connection.process_data_events(time_limit=0.5)
    lost.lose()
    again = receiver.consume(bfo.queue, prefetch=10)
    came = [again.next() for _ in range(5)]
    assert ids(came) == [sent[0], *sent[2:]]
    # Of what was on its way to the lost one nobody knows whether it came.
    assert [delivery.redelivered for delivery in came][:3] == [True, True, True]
    assert came[0].count == 1


def test_a_closed_channel_gives_back_in_order(bfo, receiver, sender):
    sent = sender.sent(*bfo.beskeder(3))
    channel = receiver.connection.channel()
    consumer = receiver.consume(bfo.queue, channel, prefetch=2)
    assert ids(consumer.next() for _ in range(2)) == sent[:2]
    channel.close()
    came = bfo.drain(bfo.queue)
    assert ids(came) == sent
    assert BESIDE or [d.redelivered for d in came] == [True, True, False]


def test_a_closed_connection_gives_back(bfo, receiver, sender):
    sent = sender.sent(*bfo.beskeder(2))
    with bfo.receiver() as another:
        assert another.get(bfo.queue).id == sent[0]
    came = bfo.drain(bfo.queue)
    assert ids(came) == sent
    assert BESIDE or [d.redelivered for d in came] == [True, False]


def test_given_back_to_its_place(bfo, receiver, sender):
    """R6."""
    sent = sender.sent(*bfo.beskeder(3))
    consumer = receiver.consume(bfo.queue, prefetch=1)
    first = consumer.next()
    receiver.channel.basic_nack(first.tag, requeue=True)
    again = consumer.next()
    assert (again.id, again.redelivered, again.count) == (sent[0], True, 1)
    receiver.channel.basic_reject(again.tag, requeue=True)
    third = consumer.next()
    assert (third.id, third.count) == (sent[0], 2)
    consumer.ack(third)
    assert consumer.next().id == sent[1]


@pytest.mark.parametrize("how", ["nack", "reject"])
def test_not_wanted_goes_to_the_fejlkoe(bfo, receiver, sender, program, how):
    """R5; what is there is the whole message, and why."""
    (id,) = sender.sent(bfo.besked())
    delivery = receiver.get(bfo.queue)
    getattr(receiver.channel, f"basic_{how}")(delivery.tag, requeue=False)
    receiver.channel.queue_declare(bfo.queue, passive=True)
    assert receiver.get(bfo.queue) is None
    assert bfo.fejlkoe(bfo.queue)[id] == "AfvistAfModtager"


def test_several_not_wanted(bfo, receiver, sender, program):
    sent = sender.sent(*bfo.beskeder(3))
    consumer = receiver.consume(bfo.queue, prefetch=3)
    got = [consumer.next() for _ in range(3)]
    receiver.channel.basic_nack(got[1].tag, multiple=True, requeue=False)
    consumer.ack(got[2])
    receiver.channel.queue_declare(bfo.queue, passive=True)
    moved = bfo.fejlkoe(bfo.queue)
    assert [id in moved for id in sent] == [True, True, False]


def test_given_back_too_often(bfo, receiver, sender, program):
    """R6: more than twenty times, and it is in the way of the others no more."""
    stubborn, next_one = sender.sent(*bfo.beskeder(2))
    counts = []
    while (delivery := receiver.get(bfo.queue)).id == stubborn:
        counts.append(delivery.count)
        receiver.channel.basic_nack(delivery.tag, requeue=True)
        assert len(counts) < 30
    assert counts == list(range(21))
    assert delivery.id == next_one
    assert stubborn in bfo.fejlkoe(bfo.queue)


def test_without_acks_what_is_written_is_delivered(bfo, receiver, sender):
    """R8."""
    sent = sender.sent(*bfo.beskeder(5))
    with bfo.receiver() as another:
        consumer = another.consume(bfo.queue, auto_ack=True)
        assert ids(consumer.next() for _ in range(5)) == sent
    assert receiver.get(bfo.queue) is None


def test_consumers_share(bfo, receiver, sender):
    """R9: on connections of their own; each message to exactly one."""
    with bfo.receiver() as one, bfo.receiver() as two:
        consumers = [client.consume(bfo.queue, prefetch=1) for client in (one, two)]
        sent = sender.sent(*bfo.beskeder(20))
        got = [[], []]
        while sum(map(len, got)) < len(sent):
            before = sum(map(len, got))
            for mine, consumer in zip(got, consumers, strict=True):
                if delivery := consumer.perhaps(0.2):
                    mine.append(delivery)
                    consumer.ack(delivery)
            assert sum(map(len, got)) > before, "nobody gets the rest"
        assert sorted(ids(got[0] + got[1])) == sorted(sent)
        assert all(len(mine) >= 5 for mine in got), "one of them starves"
        for mine in got:
            assert ids(mine) == [id for id in sent if id in ids(mine)], "out of order"
    assert receiver.get(bfo.queue) is None


def test_what_one_holds_another_does_not_get(bfo, receiver, sender):
    sent = sender.sent(*bfo.beskeder(2))
    with bfo.receiver() as another:
        assert another.get(bfo.queue).id == sent[0]
        assert receiver.get(bfo.queue).id == sent[1]
        assert receiver.get(bfo.queue) is None
        another.connection.close()
    consumer = receiver.consume(bfo.queue)
    assert (delivery := consumer.next()).id == sent[0] and delivery.redelivered


def test_a_cancelled_consumer_keeps_what_it_has(bfo, receiver, sender):
    sent = sender.sent(*bfo.beskeder(2))
    consumer = receiver.consume(bfo.queue, prefetch=1)
    delivery = consumer.next()
    receiver.channel.basic_cancel(consumer.tag)
    consumer.ack(delivery)
    assert ids(bfo.drain(bfo.queue)) == sent[1:]


def test_what_is_known_of_a_message_afterwards(bfo, receiver, sender, program):
    """Section 12: who got it, and when."""
    (id,) = sender.sent(bfo.besked())
    assert "venter" in bfo.demo.run("besked", "explain", id, "--dueslag", bfo.queue)
    delivery = receiver.get(bfo.queue)
    receiver.channel.basic_ack(delivery.tag)
    receiver.channel.queue_declare(bfo.queue, passive=True)
    told = bfo.demo.run("besked", "explain", id, "--dueslag", bfo.queue)
    assert "leveret" in told, told
    assert "0101010001" not in told, "a CPR number in plain text"


def test_a_client_that_cannot_be_told_of_a_cancel(bfo, ours, receiver, sender):
    """Old clients announce nothing; they are served all the same."""
    sender.sent(bfo.besked())
    with ours.bare() as wire:
        wire.start()
        wire.start_ok(ours.mechanism, ours.response("modtag"), dict.fromkeys(CAPABILITIES, False))
        wire.method(spec.Connection.Tune)
        wire.send(0, spec.Connection.TuneOk(channel_max=1, frame_max=131072, heartbeat=0))
        wire.ask(0, spec.Connection.Open(virtual_host=bfo.vhost), spec.Connection.OpenOk)
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        wire.ask(1, spec.Basic.Get(queue=bfo.queue), spec.Basic.GetOk)
