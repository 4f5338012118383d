"""Two servers on one database: a message comes once, whoever took it and whoever has it; and changes while they run.

Only a PostgreSQL can be shared: on SQLite all of this is skipped. Needs `FUNDAMENT_PROGRAM`.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from pika.exceptions import AMQPError, ChannelClosedByBroker

from demo import missing
from envelope import besked_id
from own import Node, abonnement, apply, dueslag, toml
from own_server import Ca
from receiver import Receiver

#: What one server places the other sees within this; a change of the policy too.
SEEN_SECONDS, CHANGE_SECONDS = 5, 10
#: What a server that is gone had is free after this.
LEASE_SECONDS = 60 + 15


@pytest.fixture(scope="module")
def node(demo, tmp_path_factory) -> Node:
    if not demo.database:
        pytest.skip("an SQLite file belongs to one server; two servers are tested on PostgreSQL")
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    node = Node(demo, tmp_path_factory.mktemp("node") / "data")
    try:
        yield node
    finally:
        node.stop()


@pytest.fixture(scope="module")
def sides(bfo, node) -> list:
    """Both servers, as their clients know them."""
    return [bfo, node.distributor()]


@pytest.fixture
def empty(bfo):
    bfo.drain(*bfo.pull)


@pytest.mark.parametrize("order", [1, -1], ids=["first to second", "second to first"])
def test_sent_to_one_and_fetched_from_the_other(sides, empty, order):
    one, other = sides[::order]
    with other.receiver() as receiver, one.sender() as sender:
        consumer = receiver.consume(other.queue, prefetch=10)
        for _ in range(5):
            sent = sender.sent(*one.beskeder(3))
            got = [consumer.next(SEEN_SECONDS) for _ in sent]
            assert [delivery.id for delivery in got] == sent
            consumer.ack(got[-1], multiple=True)


def test_consumers_of_both_share(sides, empty):
    """Each message once, and nobody starves."""
    with (
        sides[0].receiver() as one,
        sides[1].receiver() as two,
        sides[0].sender() as first,
        sides[1].sender() as second,
    ):
        consumers = [one.consume(sides[0].queue, prefetch=1), two.consume(sides[1].queue, prefetch=1)]
        sent = [id for _ in range(15) for sender in (first, second) for id in sender.sent(sides[0].besked())]
        got, quiet = [[], []], 0
        while quiet < 10 and sum(map(len, got)) < len(sent):
            before = sum(map(len, got))
            for mine, consumer in zip(got, consumers, strict=True):
                if delivery := consumer.perhaps(0.3):
                    mine.append(delivery)
                    consumer.ack(delivery)
            quiet = quiet + 1 if sum(map(len, got)) == before else 0
    assert sorted(delivery.id for mine in got for delivery in mine) == sorted(sent)
    assert not any(delivery.redelivered for mine in got for delivery in mine)


def test_what_one_holds_the_other_does_not_get(sides, empty):
    with sides[0].sender() as sender:
        first, second = sender.sent(*sides[0].beskeder(2))
    with sides[1].receiver() as other:
        with sides[0].receiver() as one:
            assert one.get(sides[0].queue).id == first
            assert other.get(sides[1].queue, auto_ack=True).id == second
            assert other.get(sides[1].queue) is None
        consumer = other.consume(sides[1].queue)
        delivery = consumer.next(SEEN_SECONDS)
        assert (delivery.id, delivery.redelivered) == (first, True)
        consumer.ack(delivery)


def test_the_same_message_to_both_at_once(sides, empty):
    body = sides[0].besked().body
    changed = body.replace("vilkårligt".encode(), b"andet")

    def send(side):
        with side.sender() as sender:
            return [sender.send(body).kode for _ in range(10)]

    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(send, sides * 2), []) == [20] * 40
    for side in sides:
        with side.sender() as sender:
            assert sender.send(changed).kode == 49
    assert len(sides[0].drain(sides[0].queue)) == 1


def test_how_many_wait(sides, empty):
    """What one has handed out is not ready there; the other cannot know that it is not."""
    with sides[0].sender() as sender:
        sender.sent(*sides[0].beskeder(3))
    with sides[0].receiver() as one, sides[1].receiver() as other:
        assert one.get(sides[0].queue)
        counts = [
            client.channel.queue_declare(side.queue, passive=True).method.message_count
            for client, side in zip((one, other), sides, strict=True)
        ]
    assert counts in ([2, 2], [2, 3])


# Changes while they run ----------------------------------------------------------------------------------------------


def until(condition, seconds: float = CHANGE_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := bool(condition())) and time.monotonic() < deadline:
        time.sleep(0.2)
    return met


@pytest.fixture
def own_slag(bfo, node, tmp_path):
    """A dueslag of the test's own that gets test messages of the second type; afterwards it is closed."""
    slag = dueslag(bfo.uuid("SAPA"), f"nodes {time.time_ns()}")
    change(bfo, tmp_path, slag)
    abonnementet = abonnement(slag, [bfo.beskedtype(2)])
    apply(bfo.demo, tmp_path, toml(abonnementer=[abonnementet]))
    yield slag | {"abonnement": abonnementet}
    change(bfo, tmp_path, slag, tilstand="Nedlagt")


def change(bfo, folder, slag: dict, **more) -> None:
    apply(bfo.demo, folder, toml(dueslag=[{k: v for k, v in (slag | more).items() if k != "abonnement"}]))


def got_by(bfo, slag) -> list[str]:
    with bfo.sender() as sender:
        sender.sent(bfo.besked(beskedtype=bfo.beskedtype(2)))
    try:
        return [delivery.id for delivery in bfo.drain(slag["uuid"])]
    except ChannelClosedByBroker:
        return []


def test_a_new_dueslag(sides, own_slag):
    """In force on both, without a restart."""
    for side in sides:
        assert until(partial(got_by, side, own_slag))


def test_a_dueslag_that_is_closed_while_it_is_consumed(sides, own_slag, tmp_path):
    """R11: `basic.cancel`, and the channel is as before."""
    assert until(lambda: got_by(sides[0], own_slag)) and until(lambda: got_by(sides[1], own_slag))
    cancelled = []
    clients = [side.receiver() for side in sides]
    try:
        for client in clients:
            client.channel.add_on_cancel_callback(cancelled.append)
            client.consume(own_slag["uuid"])
        change(sides[0], tmp_path, own_slag, tilstand="Nedlagt")
        assert until(
            lambda: [c.connection.process_data_events(time_limit=0.1) for c in clients] and len(cancelled) == 2
        )
        assert all(client.channel.is_open for client in clients)
        assert not got_by(sides[0], own_slag)
    finally:
        for client in clients:
            client.connection.close()


def test_a_dueslag_that_is_paused_while_it_is_consumed(sides, own_slag, tmp_path):
    """Nothing comes any more, and all of it later."""
    side = sides[0]
    assert until(lambda: got_by(side, own_slag))
    change(side, tmp_path, own_slag, tilstand="Pauset")

    def refused() -> bool:
        try:
            side.drain(own_slag["uuid"])
        except ChannelClosedByBroker as refusal:
            return refusal.reply_code == 403
        return False

    assert until(refused)
    with side.sender() as sender:
        (id,) = sender.sent(side.besked(beskedtype=side.beskedtype(2)))
    change(side, tmp_path, own_slag, tilstand="Aktiv")
    got = []

    def arrived() -> bool:
        try:
            got.extend(delivery.id for delivery in side.drain(own_slag["uuid"]))
        except AMQPError:
            return False
        return bool(got)

    assert until(arrived)
    assert got == [id]


def test_a_filter_that_is_changed(sides, own_slag, tmp_path):
    """It applies to what is accepted after it (section 11)."""
    side = sides[0]
    assert until(lambda: got_by(side, own_slag))
    nothing = own_slag["abonnement"] | {"filter": "Beskedkuvert.Modtagerhandling EXISTS"}
    apply(side.demo, tmp_path, toml(abonnementer=[nothing]))
    assert until(lambda: not got_by(side, own_slag))
    apply(side.demo, tmp_path, toml(abonnementer=[nothing | {"filter": ""}]))
    assert until(lambda: got_by(side, own_slag))


# Push ----------------------------------------------------------------------------------------------------------------


def test_each_message_is_pushed_once(sides, node, tmp_path):
    """Both may push; one does, in order."""
    pki = sides[0].demo.path.parent / "pki"
    receiver = Receiver(tmp_path, Ca(pki), str(pki / "ca.pem"))
    try:
        slag = dueslag(sides[0].uuid("SAPA"), f"nodes {time.time_ns()}", receiver.url("/besked"))
        apply(sides[0].demo, tmp_path, toml(dueslag=[slag], abonnementer=[abonnement(slag, [sides[0].beskedtype(2)])]))

        def arrives() -> bool:
            with sides[0].sender() as one, sides[1].sender() as two:
                for sender in (one, two):
                    sender.sent(sides[0].besked(beskedtype=sides[0].beskedtype(2)))
            return len(receiver.wait("/besked", 2, 2)) >= 2

        assert until(arrives)
        time.sleep(1)
        before = len(receiver.to("/besked"))
        with sides[0].sender() as one, sides[1].sender() as two:
            sent = [
                id
                for _ in range(20)
                for sender in (one, two)
                for id in sender.sent(sides[0].besked(beskedtype=sides[0].beskedtype(2)))
            ]
        receiver.wait("/besked", before + len(sent), 20)
        time.sleep(1)
        assert [besked_id(call.body) for call in receiver.to("/besked")[before:]] == sent
        change(sides[0], tmp_path, slag, tilstand="Nedlagt")
    finally:
        receiver.close()


# The last test: afterwards there is one server ----------------------------------------------------------------------


def test_a_server_that_is_gone_holds_nothing_for_long(sides, node, empty):
    """What it had handed out comes again, marked, in its place; no message is lost."""
    with sides[0].sender() as sender:
        sent = sender.sent(*sides[0].beskeder(4))
    gone = sides[1].receiver()
    consumer = gone.consume(sides[1].queue, prefetch=2)
    assert [consumer.next(SEEN_SECONDS).id for _ in range(2)] == sent[:2]
    node.kill()
    gone.connection = None
    with sides[0].receiver() as receiver:
        consumer, got = receiver.consume(sides[0].queue, prefetch=1), []
        deadline = time.monotonic() + LEASE_SECONDS
        while len(got) < len(sent) and time.monotonic() < deadline:
            if delivery := consumer.perhaps(1):
                got.append(delivery)
                consumer.ack(delivery)
    assert sorted(delivery.id for delivery in got) == sorted(sent)
    assert {delivery.id for delivery in got if delivery.redelivered} >= set(sent[:2])
