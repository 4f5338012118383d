"""Sending as the official samples do it, and every refusal of the specification with its code (sections 3, 4, 6.3)."""

import re
import time
from uuid import uuid4

import pika
import pytest
from pika import spec
from pika.exceptions import (
    AMQPError,
    ConnectionClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from amqp import REPLIES
from clients import Client
from envelope import LIMIT_BYTES, cvr_urn
from wire import parsed

ELSEWHERE = str(uuid4())
OK = (20, "OK")


def answer(reply) -> tuple[int, str]:
    return reply.kode, reply.tekst


# The sample's way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("certificate", [True, False], ids=["with certificate", "without certificate"])
def test_a_message_is_accepted(bfo, certificate):
    with bfo.sender(certificate=certificate) as sender:
        assert answer(sender.send(bfo.besked())) == OK


@pytest.mark.parametrize("confirms", [True, False], ids=["with confirms", "without confirms"])
def test_the_samples_sequence(bfo, ours, confirms):
    """Section 4.1, method by method on the wire: nothing else comes, and in this order."""
    besked, correlation, transaction = bfo.besked(), str(uuid4()), str(uuid4())
    with ours.open("afsend", heartbeat=60) as wire:
        wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
        if confirms:
            wire.ask(1, spec.Confirm.Select(), spec.Confirm.SelectOk)
        tag = wire.ask(1, spec.Basic.Consume(queue=REPLIES, no_ack=True), spec.Basic.ConsumeOk).consumer_tag
        for attempt in (1, 2):
            # A retry: the same transaction and message, another correlation.
            wire.send(1, spec.Basic.Publish(exchange=bfo.exchange, routing_key="", mandatory=True, immediate=False))
            properties = {"message_id": transaction, "correlation_id": f"{correlation}-{attempt}", "reply_to": REPLIES}
            wire.content(1, besked.body, headers={"token": bfo.afsend}, **properties)
            got = [wire.method(), *([wire.method()] if confirms else [])]
            assert {type(method) for method in got} == {spec.Basic.Deliver, *([spec.Basic.Ack] if confirms else [])}
            for method in got:
                if isinstance(method, spec.Basic.Ack):
                    assert (method.delivery_tag, method.multiple) == (attempt, False)
                else:
                    assert (method.consumer_tag, method.exchange, method.redelivered) == (tag, "", False)
        wire.send(1, spec.Channel.Close(200, "", 0, 0))
        assert isinstance(wire.method(), spec.Channel.CloseOk)
        wire.send(0, spec.Connection.Close(200, "", 0, 0))
        assert isinstance(wire.method(), spec.Connection.CloseOk)
        assert wire.ended()


def test_the_reply(sender, bfo):
    """What correlates, from the empty exchange; the root is StandardRetur itself."""
    correlation, transaction = str(uuid4()), str(uuid4())
    reply = sender.send(bfo.besked(), correlation_id=correlation, message_id=transaction)
    assert answer(reply) == OK
    assert reply.exchange == ""
    assert reply.properties.correlation_id == correlation
    assert reply.properties.message_id == transaction
    assert reply.properties.content_type == "application/xml"


def test_several_messages_on_one_connection(sender, bfo):
    waiting = [sender.publish(bfo.besked().body) for _ in range(50)]
    assert {answer(sender.wait(correlation)) for correlation in waiting} == {OK}


def test_each_message_carries_its_own_token(sender, bfo):
    another = bfo.sts.issue(bfo.ky, service=bfo.about["audiences"]["afsend"]).text
    assert another != sender.token
    assert answer(sender.send(bfo.besked(), token=another)) == OK
    assert answer(sender.send(bfo.besked())) == OK


def test_the_reply_is_fast(sender, bfo):
    begun = time.monotonic()
    sender.sent(*bfo.beskeder(5))
    assert time.monotonic() - begun < 5


def test_confirms(sender, bfo):
    """The broker's ack and the reply, both."""
    sender.channel.confirm_delivery()
    assert answer(sender.send(bfo.besked())) == OK


def test_a_refused_message_is_confirmed_too(sender, bfo):
    """A refusal is the distributor's, not the broker's: no nack."""
    sender.channel.confirm_delivery()
    assert sender.send(b"<ikke-en-besked/>").kode == 40


def test_a_channel_without_confirms_beside_one_with(bfo):
    with bfo.sender() as sender, bfo.sender() as other:
        sender.channel.confirm_delivery()
        assert (sender.send(bfo.besked()).kode, other.send(bfo.besked()).kode) == (20, 20)


def test_replies_are_consumed_anew(sender, bfo):
    """An old sample does it on each attempt: the consumer is replaced."""
    sender.channel.basic_consume(REPLIES, sender._reply, auto_ack=True)
    assert answer(sender.send(bfo.besked())) == OK


def test_publish_before_replies_are_consumed(bfo):
    properties = pika.BasicProperties(reply_to=REPLIES, headers={"token": bfo.afsend})
    with Client(bfo.connect(bfo.afsend, bfo.ky)) as client:
        client.channel.basic_publish(bfo.exchange, "", bfo.besked().body, properties, mandatory=True)
        assert client.closed() == 406
        assert client.connection.channel().is_open


def test_without_a_transaction(sender, bfo):
    """4.1: message-id is required."""
    reply = sender.send(bfo.besked(), message_id=None)
    assert reply.kode == 40 and "message-id" in reply.tekst, answer(reply)


def test_who_asks_for_no_reply_gets_none(receiver, sender, bfo):
    """The message is accepted, and confirmed."""
    sender.channel.confirm_delivery()
    besked = bfo.besked()
    sender.publish(besked.body, reply_to=None)
    sender.connection.process_data_events(time_limit=0.5)
    assert sender.replies == {}
    assert receiver.get(bfo.queue, auto_ack=True).id == besked.id


def test_what_is_ignored(sender, bfo):
    """No lifetime, no priority: accepted and of no effect."""
    reply = sender.send(
        bfo.besked(),
        content_type="text/plain",
        content_encoding="gzip",
        delivery_mode=1,
        priority=9,
        expiration="1",
        timestamp=1,
        type="besked",
        app_id="suite",
        headers={"token": sender.token, "andet": 7, "mere": {"x": [1, True, None]}},
    )
    assert answer(reply) == OK


def test_the_official_namespace_prefixes_do_not_matter(sender, bfo):
    text = re.sub(r"(</?|xmlns:)besked\b", r"\1b", bfo.besked().text)
    text = re.sub(r"(</?|xmlns:)sd\b", r"\1", text).replace("xmlns:=", "xmlns=").replace("<:", "<").replace("</:", "</")
    assert parsed(text).findall(".//{*}Filtreringsdata") and ":sd" not in text
    assert answer(sender.send(text.encode())) == OK


@pytest.mark.parametrize("declaration", ["", "\ufeff", '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'])
def test_without_or_with_another_declaration(sender, bfo, declaration):
    assert answer(sender.send(bfo.besked(declaration=declaration))) == OK


def test_upper_case_and_urns(sender, bfo):
    """UUIDs arrive in upper case too, and an id may be a URN."""
    besked = bfo.besked(id=f"urn:suite:{uuid4()}")
    besked.beskedtype, besked.ansvarlig = besked.beskedtype.upper(), besked.ansvarlig.upper()
    assert answer(sender.send(besked)) == OK


# The refusals, in their order ----------------------------------------------------------------------------------------


def test_a1_the_largest_message(sender, bfo):
    assert answer(sender.send(bfo.besked().of_size(LIMIT_BYTES))) == OK


@pytest.mark.parametrize("more", [1, 1000, 2 << 20])
def test_a1_too_large(sender, bfo, more):
    assert answer(sender.send(bfo.besked().of_size(LIMIT_BYTES + more))) == (40, "Beskeden er for stor")
    assert answer(sender.send(bfo.besked())) == OK


def test_a2_no_token(sender, bfo):
    assert answer(sender.send(bfo.besked(), token=None)) == (41, "Token mangler eller er ugyldig")


@pytest.mark.parametrize("headers", [{}, {"token": ""}, {"token": 7}, {"token": None}, {"Token": "x"}], ids=str)
def test_a2_no_real_token(sender, bfo, headers):
    assert answer(sender.send(bfo.besked(), headers=headers)) == (41, "Token mangler eller er ugyldig")


def test_a2_wrong_tokens(sender, bfo):
    wrong = {
        "not XML": "ikke et token",
        "changed": bfo.afsend.replace(bfo.cvr, "99887766"),
        "cut": bfo.afsend[:-20],
        "of the receiving service": bfo.token(bfo.ky, "modtag") if may(bfo, bfo.ky, "modtag") else bfo.modtag,
        "of another service": bfo.sts.issue(bfo.ky).text,
        "of another system": bfo.modtag,
    }
    got = {name: answer(sender.send(bfo.besked(), token=token)) for name, token in wrong.items()}
    assert got == dict.fromkeys(wrong, (41, "Token mangler eller er ugyldig"))
    assert answer(sender.send(bfo.besked())) == OK


def may(bfo, identity, role) -> bool:
    try:
        return bool(bfo.token(identity, role))
    except (AssertionError, AttributeError):
        return False


def test_a2_an_expired_token(sender, bfo):
    """Refused by the reply, and the connection goes on."""
    if (old := bfo.aged(bfo.afsend, -7200, -3600)) is None:
        pytest.skip("the keys of the server are not laid open")
    assert answer(sender.send(bfo.besked(), token=old)) == (41, "Token er udløbet")
    assert answer(sender.send(bfo.besked())) == OK


def test_a2_the_clocks_may_differ_a_minute(sender, bfo):
    if (late := bfo.aged(bfo.afsend, -3600, -30)) is None:
        pytest.skip("the keys of the server are not laid open")
    assert answer(sender.send(bfo.besked(), token=late)) == OK
    assert answer(sender.send(bfo.besked(), token=bfo.aged(bfo.afsend, 30, 3600))) == OK
    assert sender.send(bfo.besked(), token=bfo.aged(bfo.afsend, 300, 3600)).kode == 41


DANNET, END = "<besked:Dannelsestidspunkt>", "</besked:Leveranceinformation>"
DTD = '<!DOCTYPE besked:Haendelsesbesked [<!ENTITY e "x">]>'

#: Changes of the text that the schema or the form does not allow.
A3 = {
    "nothing": lambda text: "",
    "not XML": lambda text: "ikke XML",
    "cut": lambda text: text[:-1],
    "another root": lambda text: "<x/>",
    "wrapped": lambda text: f'<bf:AfsendBeskedInput xmlns:bf="urn:oio:sts:beskedfordeler:1.0.0">{text[39:]}'
    "</bf:AfsendBeskedInput>",
    "a document type": lambda text: text.replace("?>\n", f"?>\n{DTD}"),
    "an entity": lambda text: text.replace("?>\n", f"?>\n{DTD}").replace("vilkårligt", "&e;"),
    "wrong order": lambda text: text.replace("<besked:BeskedVersion>1.0</besked:BeskedVersion>", "").replace(
        "</besked:Beskedkuvert>", "</besked:Beskedkuvert><besked:BeskedVersion>1.0</besked:BeskedVersion>"
    ),
    "an unknown element": lambda text: text.replace(DANNET, f"<besked:Ukendt/>{DANNET}"),
    "another namespace": lambda text: text.replace("urn:oio:besked:kuvert:1.0", "urn:besked:kuvert:1.0"),
    "a time that is none": lambda text: text.replace("<sd:TidsstempelDatoTid>", "<sd:TidsstempelDatoTid>x", 1),
    "an element twice": lambda text: text.replace(END, f"{END}<besked:Leveranceinformation/>"),
}  # fmt: skip


@pytest.mark.parametrize("change", A3)
def test_a3_the_schema(sender, bfo, change):
    reply = sender.send(A3[change](bfo.besked().text).encode())
    assert reply.kode == 40 and reply.tekst.startswith("Beskeden overholder ikke skemaet"), answer(reply)


def test_a3_the_encoding(sender, bfo):
    assert sender.send(bfo.besked().text.encode("latin-1", "replace")).kode == 40


#: Fields of a message and what no such field may hold; the answer names the field.
A4 = {
    "id": ("ikke-et-uuid", "BeskedId"),
    "beskedtype": ("7654895c-a3f3-4c77-8afd", "Beskedtype"),
    "ansvarlig": ("{5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1001}", "BeskedAnsvarligAktoer"),
    "tilladte": (("urn:oio:cvr-nr:1122334",), "TilladtModtager"),
    "myndighed": ("urn:oio:cvr-nr:ABCDEFGH", "ObjektAnsvarligMyndighed"),
    "objekt": ("urn:oio:cpr-nr:010101", "ObjektId"),
    "emne": ("urn:oio:kle:32.1", "OpgaveEmne"),
    "registrering_id": ("urn:" + "x" * 260, "ObjektRegistreringId"),
}


@pytest.mark.parametrize("field", A4)
def test_a4_the_form_of_ids(sender, bfo, field):
    value, name = A4[field]
    reply = sender.send(bfo.besked(**{field: value}))
    assert reply.kode == 40 and name in reply.tekst, answer(reply)


@pytest.mark.parametrize("version", ["1.1", "2.0", "1", "01.0", ""])
def test_a5_the_version(sender, bfo, version):
    assert answer(sender.send(bfo.besked(version=version))) == (55, "Beskedversion understøttes ikke")


@pytest.mark.parametrize("beskedtype", [ELSEWHERE, "urn:oio:beskedtype:ukendt"])
def test_a6_an_unknown_beskedtype(sender, bfo, beskedtype):
    assert answer(sender.send(bfo.besked(beskedtype=beskedtype))) == (40, "Ukendt beskedtype")


@pytest.mark.parametrize("ansvarlig", [None, ELSEWHERE])
def test_a7_another_system(sender, bfo, ansvarlig):
    reply = sender.send(bfo.besked(ansvarlig=ansvarlig))
    assert answer(reply) == (40, "BeskedAnsvarligAktoer svarer ikke til det kaldende anvendersystem")


def test_a8_another_authority(sender, bfo):
    reply = sender.send(bfo.besked(myndighed=cvr_urn(bfo.demo.cvr["nabokoebing"])))
    assert answer(reply) == (43, "Objektansvarlig myndighed svarer ikke til token")


def test_a9_no_agreement(sender, bfo):
    """A følsomhed that no agreement names."""
    reply = sender.send(bfo.besked(foelsomhed=ELSEWHERE))
    assert answer(reply) == (43, "Ingen serviceaftale dækker beskeden")


def test_a9_no_foelsomhed_is_the_strictest(sender, bfo):
    """Only an agreement on all of them covers it."""
    reply = sender.send(bfo.besked(foelsomhed=None))
    assert answer(reply) in {OK, (43, "Ingen serviceaftale dækker beskeden")}


def test_a10_an_authority_outside_the_agreement(sender, bfo):
    """Refused by an agreement of version 1; of version 2 it is trimmed away."""
    urns = cvr_urn(bfo.cvr), cvr_urn("99887766")
    reply = sender.send(bfo.besked(tilladte=urns))
    assert answer(reply) in {OK, (43, "Tilladt modtager uden for serviceaftalen")}


def test_a11_the_same_message_again(receiver, sender, bfo):
    """Another attempt of the same: accepted, and distributed once."""
    besked, transaction = bfo.besked(), str(uuid4())
    body = besked.body
    replies = [sender.send(body, message_id=transaction) for _ in range(3)]
    assert [answer(reply) for reply in replies] == [OK] * 3
    assert receiver.get(bfo.queue, auto_ack=True).id == besked.id
    assert receiver.get(bfo.queue) is None


def test_a11_at_the_same_time(receiver, bfo):
    """Two connections that send the same at once."""
    body = bfo.besked().body
    with bfo.sender() as one, bfo.sender() as two:
        waiting = [(sender, sender.publish(body)) for sender in (one, two) * 5]
        assert {answer(sender.wait(correlation)) for sender, correlation in waiting} == {OK}
    assert receiver.get(bfo.queue, auto_ack=True)
    assert receiver.get(bfo.queue) is None


def test_a11_the_same_id_for_another_message(sender, bfo):
    besked = bfo.besked()
    assert answer(sender.send(besked)) == OK
    other = besked.text.replace("vilkårligt", "andet")
    assert answer(sender.send(other.encode())) == (49, "BeskedId er allerede brugt")
    assert answer(sender.send(besked.text.replace(besked.id, besked.id.upper()).encode()))[0] in {20, 49}


def test_the_first_failure_decides(sender, bfo):
    """Wrong in all of them; mended one by one, the next answers."""
    wrong = {
        "version": "9",
        "beskedtype": ELSEWHERE,
        "ansvarlig": ELSEWHERE,
        "myndighed": cvr_urn(bfo.demo.cvr["nabokoebing"]),
        "foelsomhed": ELSEWHERE,
    }
    codes = []
    for field in list(wrong):
        codes.append(sender.send(bfo.besked(**wrong)).kode)
        del wrong[field]
    assert [*codes, sender.send(bfo.besked()).kode] == [55, 40, 40, 43, 43, 20]
    assert sender.send(b"<x/>", token=None).kode == 41


def test_what_is_refused_is_not_distributed(receiver, sender, bfo):
    for besked in (bfo.besked(version="9"), bfo.besked(ansvarlig=ELSEWHERE), bfo.besked(foelsomhed=ELSEWHERE)):
        assert sender.send(besked).kode != 20
    assert sender.send(bfo.besked(), token=None).kode == 41
    assert receiver.get(bfo.queue) is None


# Connections ---------------------------------------------------------------------------------------------------------


def refused(bfo, token, identity=None, **how) -> int:
    with pytest.raises(AMQPError) as fault:
        bfo.connect(token, identity, **how).close()
    value = fault.value
    if isinstance(value, ConnectionClosedByBroker):
        return value.reply_code
    # Of a close during the handshake pika makes an error of its own, whose text tells of it.
    assert isinstance(value, (ProbableAccessDeniedError, ProbableAuthenticationError)), repr(value)
    return int(re.search(r"ConnectionClosedByBroker: \((\d+)\)", str(value))[1])


def test_a_connection_needs_a_good_token(bfo):
    assert refused(bfo, "") == 403
    assert refused(bfo, bfo.afsend.replace(bfo.cvr, "99887766")) == 403
    assert refused(bfo, bfo.sts.issue(bfo.ky).text) == 403


def test_a_connection_with_an_expired_token(bfo):
    if (old := bfo.aged(bfo.afsend, -7200, -3600)) is None:
        pytest.skip("the keys of the server are not laid open")
    assert refused(bfo, old) == 403


def test_a_token_held_by_another(bfo):
    """The client certificate, where there is one, is the token's."""
    assert refused(bfo, bfo.afsend, bfo.sapa) == 403
    assert refused(bfo, bfo.modtag, bfo.ky) == 403


def test_another_virtual_host(bfo):
    assert refused(bfo, bfo.afsend, bfo.ky, vhost="/") == 530


def test_a_receiver_may_not_send(bfo):
    with bfo.receiver() as receiver:
        receiver.channel.basic_publish(bfo.exchange, "", bfo.besked().body)
        assert receiver.closed() == 403


def test_an_unknown_exchange(sender, bfo):
    sender.channel.basic_publish("UKENDT", "", bfo.besked().body)
    assert sender.closed() == 404
    assert sender.connection.channel().is_open


def test_nothing_is_sent_twice_when_a_connection_is_lost(receiver, bfo):
    """No reply was seen; the same message is sent again on a new connection."""
    besked = bfo.besked()
    lost = bfo.sender()
    lost.publish(besked.body)
    lost.lose()
    with bfo.sender() as sender:
        assert answer(sender.send(besked.body)) == OK
    assert receiver.get(bfo.queue, auto_ack=True).id == besked.id
    assert receiver.get(bfo.queue) is None
