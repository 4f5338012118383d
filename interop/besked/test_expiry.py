"""Connections whose token runs out (section 3.2): they go on for a while, and each message needs a good token."""

import time

import pytest
from pika import spec

from expiry import AFTER_SECONDS, SKEW_SECONDS

CLOCK_SECONDS = 20


def test_an_old_connection_sends_with_a_new_token(bfo, receiver):
    """Each message has a token of its own; the connection's is asked about no more."""
    if (old := bfo.aged(bfo.afsend, -3600, 3 - SKEW_SECONDS)) is None:
        pytest.skip("the keys of the server are not laid open")
    with bfo.sender(old) as sender:
        assert sender.send(bfo.besked()).kode == 20, "within what clocks may differ"
        time.sleep(5)
        reply = sender.send(bfo.besked())
        assert (reply.kode, reply.tekst) == (41, "Token er udløbet")
        reply = sender.send(bfo.besked(), token=bfo.afsend)
        assert (reply.kode, reply.tekst) == (20, "OK")


def test_an_old_connection_goes_on_receiving(bfo, receiver, sender):
    if (old := bfo.aged(bfo.modtag, -3600, 3 - SKEW_SECONDS)) is None:
        pytest.skip("the keys of the server are not laid open")
    with bfo.receiver(token=old) as another:
        consumer = another.consume(bfo.queue)
        time.sleep(5)
        sent = sender.sent(*bfo.beskeder(2))
        for id in sent:
            delivery = consumer.next()
            assert delivery.id == id
            consumer.ack(delivery)


def test_in_the_end_it_is_closed(waiter):
    """Five minutes after, and said why."""
    if waiter is None or waiter.wire is None:
        pytest.skip("the keys of the server are not laid open")
    waiter.join(max(0.0, waiter.expired_at + AFTER_SECONDS - time.time()) + CLOCK_SECONDS)
    assert isinstance(waiter.closed, spec.Connection.Close), waiter.closed
    assert waiter.closed.reply_code == 320
    assert waiter.closed.reply_text == "CONNECTION_FORCED - Token udløbet"
    assert abs(waiter.closed_at - waiter.expired_at - AFTER_SECONDS) < CLOCK_SECONDS
