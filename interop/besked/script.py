"""The script of AMQP operations: what is asked on which channel, and where the specification wants another answer.

A step is a channel, the name of a method and its arguments, or one of `publish`, `reopen` and `lose`. `QUEUE` and
`EXCHANGE` stand for the broker's own names. Channels 1 and 2 are open already. `ours` lists the answers the
specification demands of us when they are not RabbitMQ's; the section says why.
"""

from dataclasses import dataclass

from amqp import REPLIES

QUEUE, EXCHANGE = "QUEUE", "EXCHANGE"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
SCRATCH = "scratch"


@dataclass(frozen=True)
class Case:
    name: str
    steps: tuple
    #: Messages in the queue at the beginning.
    messages: int = 0
    role: str = "modtag"
    #: Where the specification wants another answer than RabbitMQ's: the section, and the answers.
    section: str = ""
    ours: tuple[str, ...] = ()
    #: Done on RabbitMQ first, so that the question makes sense there.
    prepare: tuple = ()


def get(channel=1, queue=QUEUE, **how):
    return channel, "Basic.Get", {"queue": queue, **how}


def ack(tag, channel=1, **how):
    return channel, "Basic.Ack", {"delivery_tag": tag, **how}


def nack(tag, channel=1, **how):
    return channel, "Basic.Nack", {"delivery_tag": tag, **how}


def reject(tag, channel=1, **how):
    return channel, "Basic.Reject", {"delivery_tag": tag, **how}


def consume(tag="aftager", channel=1, queue=QUEUE, **how):
    return channel, "Basic.Consume", {"queue": queue, "consumer_tag": tag, **how}


def cancel(tag="aftager", channel=1, **how):
    return channel, "Basic.Cancel", {"consumer_tag": tag, **how}


def qos(count, channel=1, **how):
    return channel, "Basic.Qos", {"prefetch_count": count, **how}


def declare(queue=QUEUE, channel=1, **how):
    return channel, "Queue.Declare", {"queue": queue, "passive": True, **how}


def recover(channel=1, **how):
    return channel, "Basic.Recover", {"requeue": True, **how}


def publish(exchange=EXCHANGE, channel=1, key="", **how):
    """The method and its content."""
    return channel, "publish", {"exchange": exchange, "routing_key": key, **how}


def reopen(channel=1):
    """After the broker closed a channel: the answer, and the channel anew."""
    return channel, "reopen", {}


def lose():
    """The connection is cut without a word; a new one, with the same channels."""
    return 0, "lose", {}


def open_(channel=1):
    return channel, "Channel.Open", {}


def close(channel=1):
    return channel, "Channel.Close", {"reply_code": 200, "reply_text": "", "class_id": 0, "method_id": 0}


def refused(code: int, class_: int, method: int, channel: int = 1) -> tuple[str, ...]:
    return (f"{channel}: Channel.Close reply_code={code} class_id={class_} method_id={method}",)


def broken(code: int, class_: int, method: int) -> tuple[str, ...]:
    return (f"0: Connection.Close reply_code={code} class_id={class_} method_id={method}", "0: ended")


SCRATCH_QUEUE = ((1, "Queue.Declare", {"queue": SCRATCH}),)
SCRATCH_EXCHANGE = ((1, "Exchange.Declare", {"exchange": SCRATCH, "type": "fanout"}),)

EXISTS = (2, "Exchange.Declare", {"exchange": EXCHANGE, "passive": True})
EXISTS_AS_TOPIC = (1, "Exchange.Declare", {"exchange": EXCHANGE, "type": "topic", "passive": True})
CONFIRM = (1, "Confirm.Select", {})

GET = (
    Case("get of nothing", (get(),)),
    Case("get one by one", (get(), get(), get()), 2),
    Case("get and ack", (get(), ack(1), get(), ack(2), get()), 2),
    Case("get without ack", (get(no_ack=True), get(no_ack=True), get()), 2),
    Case("ack of what needed none", (get(no_ack=True), ack(1)), 1),
    Case("get of an unknown queue", (get(queue=UNKNOWN),)),
    Case("get with the empty name", (get(queue=""),)),
    Case("get after a declare, with the empty name", (declare(), get(queue="")), 1),
    Case("get on two channels", (get(1), get(2), ack(1, 2), ack(1, 1)), 2),
)

SETTLE = (
    Case("ack of an unknown tag", (ack(1),), 1),
    Case("ack of tag 0", (ack(0),)),
    Case("ack twice", (get(), ack(1), ack(1)), 1),
    Case("nack of an unknown tag", (nack(7),), 1),
    Case("nack of tag 0", (nack(0),)),
    Case("reject of an unknown tag", (reject(7),), 1),
    Case("tags are a channel's own", (get(1), ack(1, 2)), 1),
    Case("the tag counts on after an ack", (get(), ack(1), get(), reject(2, requeue=True), get()), 2),
    Case("ack of several", (get(), get(), get(), ack(2, multiple=True), ack(3), get()), 3),
    Case("ack of several, one of them settled before", (get(), get(), get(), ack(2), ack(3, multiple=True), get()), 3),
    Case("ack of several up to an unknown tag", (get(), ack(9, multiple=True)), 1),
    Case("ack of all", (get(), get(), ack(0, multiple=True), get()), 3),
    Case("ack of all when there is nothing", (ack(0, multiple=True), declare())),
    Case("nack, requeued", (get(), nack(1, requeue=True), get(), get()), 2),
    Case("nack, not requeued", (get(), nack(1, requeue=False), get(), get()), 2),
    Case("nack of several, requeued", (get(), get(), nack(2, multiple=True, requeue=True), get(), get(), get()), 3),
    Case("nack of all", (get(), get(), nack(0, multiple=True, requeue=True), get()), 2),
    Case("reject, requeued", (get(), reject(1, requeue=True), get()), 1),
    Case("reject, not requeued", (get(), reject(1, requeue=False), get()), 1),
    Case("requeued to its place", (get(), get(), nack(1, requeue=True), get(), get()), 3),
    Case("recover", (get(), get(), recover(), get(), get()), 2),
    Case("recover of nothing", (recover(),)),
    Case("recover of one channel", (get(1), get(2), recover(2), get(2), ack(1, 1)), 2),
    Case("requeued again and again", (get(), nack(1), get(), nack(2), get(), nack(3), get()), 1),
    Case("recover without requeue", (get(), recover(requeue=False)), 1),
    Case("recover, the old way", (get(), (1, "Basic.RecoverAsync", {"requeue": True}), get()), 1),
)

CONSUME = (
    Case("consume an empty queue", (consume(),)),
    Case("consume one at a time", (qos(1), consume(), ack(1), ack(2)), 3),
    Case("consume three at a time", (qos(3), consume(), ack(2)), 5),
    Case("consume, acked together", (qos(2), consume(), ack(2, multiple=True)), 4),
    Case("consume without ack", (consume(no_ack=True),), 3),
    Case("consume without an answer", (qos(1), consume(nowait=True)), 1),
    Case("consume, requeued", (qos(1), consume(), nack(1, requeue=True), ack(2)), 2),
    Case("consume, rejected", (qos(1), consume(), reject(1, requeue=False)), 2),
    Case("consume an unknown queue", (consume(queue=UNKNOWN),)),
    Case("consume an unknown queue without an answer", (consume(queue=UNKNOWN, nowait=True),)),
    Case("consume after a declare, with the empty name", (declare(), qos(1), consume(queue="")), 1),
    Case("consume, the broker gives the tag", (qos(1), consume(""), ack(1)), 2),
    Case("consume with a long tag", (qos(1), consume("x" * 255)), 1),
    Case("consume as many as there are", (qos(0), consume()), 5),
    Case("two consumers of a channel", (qos(1), consume("a"), consume("b"), ack(1), ack(2)), 4),
    Case("two consumers of a channel, one limit", (qos(1, global_qos=True), consume("a"), consume("b")), 3),
    Case("consumers of two channels", (qos(1), qos(1, 2), consume(), consume(channel=2), ack(1, 2), ack(1)), 4),
    Case("what a channel gives back goes to the other",
         (qos(1), qos(1, 2), consume(), consume(channel=2), nack(1), ack(1, 2)), 2),
    Case("get beside a consumer", (qos(1), consume(), get(2), ack(1, 2), ack(1)), 3),
    Case("a limit that grows", (qos(1), consume("a"), qos(2), consume("b"), ack(1)), 5),
    Case("a tag used twice", (consume(), consume())),
    Case("a tag on two channels", (qos(1), consume(), consume(channel=2)), 0),
    Case("cancel", (qos(1), consume(), cancel(), ack(1), get()), 2),
    Case("cancel without an answer", (qos(1), consume(), cancel(nowait=True), ack(1), declare()), 2),
    Case("cancel of nothing", (cancel("ingen"),)),
    Case("cancel of another channel's", (qos(1), consume(), cancel(channel=2), ack(1)), 2),
    Case("cancelled, the tag is free", (qos(1), consume(), cancel(), consume())),
    Case("recover with a consumer", (qos(2), consume(), recover()), 2),
    Case("qos of the channel", (qos(2, global_qos=True), consume(), ack(1)), 4),
    Case("qos by size", (qos(1, prefetch_size=1000),)),
    Case("an unknown tag ends the consumer's channel alone", (qos(1), consume(), ack(9), get(2)), 2),
)

CHANNELS = (
    Case("an error ends one channel", (ack(1), get(2), reopen(1), get(1)), 2),
    Case("a closed channel gives back", (get(), close(), open_(), get()), 1),
    Case("a consumer's channel gives back in order", (qos(2), consume(), close(), open_(), get(), get(), get()), 3),
    Case("open what is open", (open_(1),)),
    Case("open anew", (close(), open_(), get())),
    Case("a method on a channel that is not open", (get(channel=3),)),
    Case("close of a channel that is not open", (close(3),)),
    Case("a channel beyond the agreed", (open_(9),), section="3.2, channel-max", ours=broken(504, 20, 10)),
    Case("flow on", ((1, "Channel.Flow", {"active": True}),)),
    Case("close the connection", ((0, "Connection.Close", {"reply_code": 200, "reply_text": "", "class_id": 0,
                                                          "method_id": 0}),)),
    Case("a method of the connection on a channel", ((1, "Connection.TuneOk", {}),)),
    Case("a method only brokers send", ((1, "Basic.GetEmpty", {}),)),
    Case("a second open of the connection", ((0, "Connection.Open", {"virtual_host": "BF"}),), section="AMQP 1.1, 503",
         ours=broken(503, 10, 40)),
    Case("confirm", ((1, "Confirm.Select", {}), (1, "Confirm.Select", {}))),
    Case("confirm without an answer", ((1, "Confirm.Select", {"nowait": True}), declare())),
)

LOST = (
    Case("what was fetched comes back", (get(), get(), lose(), get(), get(), get()), 3),
    Case("what was consumed comes back in order", (qos(3), consume(), lose(), get(), get(), get(), get()), 4),
    Case("what was settled does not", (qos(3), consume(), ack(2), reject(1, requeue=False), lose(), get(), get()), 3),
    Case("what needed no ack does not", (get(no_ack=True), lose(), get(), get()), 2),
    Case("lost twice", (get(), lose(), get(), lose(), get()), 1),
    Case("a consumer is gone with its connection", (consume(), lose(), declare()), 0),
)

DECLARE = (
    Case("passive declare", (declare(),), 2),
    Case("passive declare counts what is ready", (get(), declare(), ack(1), declare()), 2),
    Case("passive declare counts consumers", (consume(), declare(channel=2))),
    Case("passive declare without an answer", (declare(nowait=True), get()), 0),
    Case("passive declare of an unknown queue", (declare(UNKNOWN),)),
    Case("passive declare, whatever else is said", (declare(durable=True, auto_delete=True, exclusive=True),), 1),
    Case("passive declare of the exchange, whatever its type", (EXISTS_AS_TOPIC,)),
    Case("passive declare of the exchange without an answer", ((1, "Exchange.Declare", {
        "exchange": EXCHANGE, "passive": True, "nowait": True}), declare())),
    Case("passive declare of the exchange", ((1, "Exchange.Declare", {"exchange": EXCHANGE, "passive": True}),)),
    Case("passive declare of an unknown exchange", ((1, "Exchange.Declare", {"exchange": UNKNOWN, "passive": True}),)),
)

SEND = (
    Case("consume replies", (consume(queue=REPLIES, no_ack=True),), role="afsend"),
    Case("consume replies with acks", (consume(queue=REPLIES),), role="afsend"),
    Case("cancel of replies", (consume(queue=REPLIES, no_ack=True), cancel()), role="afsend"),
    Case("replies exist", (declare(REPLIES),), role="afsend"),
    Case("publish before replies are consumed", (publish(reply_to=REPLIES),), role="afsend"),
    Case("publish to an unknown exchange", (publish(UNKNOWN), EXISTS), role="afsend"),
    Case("publish immediate", (publish(immediate=True),), role="afsend"),
    Case("unknown exchange, confirmed", (CONFIRM, publish(UNKNOWN)), role="afsend"),
    Case("publish", (publish(), publish(mandatory=True), EXISTS), role="afsend"),
    Case("publish, confirmed", (CONFIRM, publish(), publish(mandatory=True)), role="afsend"),
    Case("publish, confirmed from the second on", (publish(), CONFIRM, publish()), role="afsend"),
    Case("publish on two channels, one of them confirmed", (CONFIRM, publish(channel=2), publish()), role="afsend"),
    Case("publish of nothing, confirmed", (CONFIRM, publish(body=b"")), role="afsend"),
)

#: What the specification forbids, and RabbitMQ does.
FORBIDDEN = (
    Case("declare a queue", ((1, "Queue.Declare", {"queue": SCRATCH}),), section="3.3", ours=refused(403, 50, 10)),
    Case("delete a queue", ((1, "Queue.Delete", {"queue": SCRATCH}),), section="3.3", ours=refused(403, 50, 40),
         prepare=SCRATCH_QUEUE),
    Case("purge a queue", ((1, "Queue.Purge", {"queue": QUEUE}),), section="3.3", ours=refused(403, 50, 30)),
    Case("bind a queue", ((1, "Queue.Bind", {"queue": SCRATCH, "exchange": EXCHANGE}),), section="3.3",
         ours=refused(403, 50, 20), prepare=SCRATCH_QUEUE),
    Case("unbind a queue", ((1, "Queue.Unbind", {"queue": SCRATCH, "exchange": EXCHANGE}),), section="3.3",
         ours=refused(403, 50, 50), prepare=SCRATCH_QUEUE),
    Case("declare an exchange", SCRATCH_EXCHANGE, section="3.3", ours=refused(403, 40, 10)),
    Case("delete an exchange", ((1, "Exchange.Delete", {"exchange": SCRATCH}),), section="3.3",
         ours=refused(403, 40, 20), prepare=SCRATCH_EXCHANGE),
    Case("bind an exchange", ((1, "Exchange.Bind", {"destination": SCRATCH, "source": EXCHANGE}),), section="3.3",
         ours=refused(403, 40, 30), prepare=SCRATCH_EXCHANGE),
    Case("unbind an exchange", ((1, "Exchange.Unbind", {"destination": SCRATCH, "source": EXCHANGE}),), section="3.3",
         ours=refused(403, 40, 40), prepare=SCRATCH_EXCHANGE),
    Case("transactions", ((1, "Tx.Select", {}),), section="3.3", ours=broken(540, 90, 10)),
    Case("commit", ((1, "Tx.Select", {}), (1, "Tx.Commit", {})), section="3.3", ours=broken(540, 90, 10)),
    Case("access", ((1, "Access.Request", {}),), section="3.3", ours=broken(540, 30, 10)),
    Case("another secret", ((0, "Connection.UpdateSecret", {"new_secret": "x", "reason": "y"}),), section="3.3",
         ours=broken(540, 10, 70)),
    Case("a sender fetches", (get(),), 0, "afsend", "3.3", refused(403, 60, 70)),
    Case("a sender consumes", (consume(),), 0, "afsend", "3.3", refused(403, 60, 20)),
    Case("a receiver publishes", (publish(),), section="3.3", ours=refused(403, 60, 40)),
    Case("a receiver consumes replies", (consume(queue=REPLIES, no_ack=True),), section="3.3",
         ours=refused(403, 60, 20)),
    Case("a sender publishes to a queue by name", (publish("", key=QUEUE),), 0, "afsend", "4.3",
         refused(404, 60, 40)),
    Case("replies consumed twice", (consume(queue=REPLIES, no_ack=True), consume("anden", queue=REPLIES, no_ack=True)),
         0, "afsend", "4.1",
         ("1: Basic.ConsumeOk consumer_tag=aftager", "1: Basic.ConsumeOk consumer_tag=anden")),
    Case("consume without qos is one at a time", (consume(), ack(1)), 3, "modtag", "5 R3",
         ("1: Basic.ConsumeOk consumer_tag=aftager",
          "1: Basic.Deliver consumer_tag=aftager delivery_tag=1 redelivered=False besked=1",
          "1: Basic.Deliver consumer_tag=aftager delivery_tag=2 redelivered=False besked=2")),
    Case("flow off", ((1, "Channel.Flow", {"active": False}),), section="3.3",
         ours=("1: Channel.FlowOk active=False",)),
)

CASES = GET + SETTLE + CONSUME + CHANNELS + LOST + DECLARE + SEND + FORBIDDEN
