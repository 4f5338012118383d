"""One script of operations against RabbitMQ and against us: the same observable answers, or those the table demands."""

import os
import time

import pytest
from pika import frame, spec

from amqp import Broker, Closed, Seen
from envelope import besked_id
from script import CASES, EXCHANGE, QUEUE, Case

#: An answer to a question comes within this; what nobody asked for, within the pause; in the end it is quiet.
ANSWER_SECONDS, PAUSE_SECONDS, QUIET_SECONDS = 10, 0.12, 0.4
#: How long what a lost connection held takes to come back.
LOST_SECONDS = 0.5
#: The fields of an answer that two brokers must agree on. Texts, and where a message came by, are their own.
COMPARED = {
    "Basic.GetOk": ("delivery_tag", "redelivered", "message_count"),
    "Basic.Deliver": ("consumer_tag", "delivery_tag", "redelivered"),
    "Basic.ConsumeOk": ("consumer_tag",),
    "Basic.CancelOk": ("consumer_tag",),
    "Basic.Cancel": ("consumer_tag",),
    "Basic.Return": ("reply_code",),
    "Basic.Ack": ("delivery_tag", "multiple"),
    "Basic.Nack": ("delivery_tag", "multiple"),
    "Channel.FlowOk": ("active",),
    "Channel.Close": ("reply_code", "class_id", "method_id"),
    "Connection.Close": ("reply_code", "class_id", "method_id"),
    "Queue.DeclareOk": ("message_count", "consumer_count"),
}


def method_of(broker: Broker, name: str, arguments: dict):
    names = {QUEUE: broker.queue, EXCHANGE: broker.exchange}
    class_, method = name.split(".")
    arguments = {key: names.get(value, value) if isinstance(value, str) else value for key, value in arguments.items()}
    return getattr(getattr(spec, class_), method)(**arguments)


class Run:
    """One case on one broker."""

    def __init__(self, broker: Broker, role: str, names: set[str]):
        self.broker, self.role, self.names = broker, role, names
        self.seen: list[Seen] = []
        #: How many answers there were after each step.
        self.counts: list[int] = []
        self.contents: dict[int, list] = {}
        self.connect()

    def connect(self) -> None:
        self.ended = False
        self.wire = self.broker.open(self.role, channel_max=8)
        for channel in (1, 2):
            self.wire.ask(channel, spec.Channel.Open(), spec.Channel.OpenOk)

    def step(self, channel: int, name: str, arguments: dict, expected: int | None = None) -> None:
        """Does it, and reads what comes: as much as was expected, if it was, or until it is quiet."""
        before = len(self.seen)
        answered = False
        if name == "publish":
            self._publish(channel, dict(arguments))
        elif name == "reopen":
            self.wire.send(channel, spec.Channel.CloseOk())
            self.wire.send(channel, spec.Channel.Open())
            answered = True
        elif name == "lose":
            self.wire.close()
            time.sleep(LOST_SECONDS)
            self.connect()
        else:
            method = method_of(self.broker, name, arguments)
            self.wire.send(channel, method)
            answered = method.synchronous and not arguments.get("nowait")
        wanted = before + 1 if answered else before
        wanted = wanted if expected is None else expected
        deadline = time.monotonic() + ANSWER_SECONDS
        while len(self.seen) < wanted and not self.ended and time.monotonic() < deadline:
            self.read(PAUSE_SECONDS, wanted)
        if expected is None:
            self.read(PAUSE_SECONDS)
        self.counts.append(len(self.seen))

    def _publish(self, channel: int, arguments: dict) -> None:
        properties = {"reply_to": arguments.pop("reply_to")} if "reply_to" in arguments else {}
        body = arguments.pop("body", b"<x/>")
        self.wire.send(channel, method_of(self.broker, "Basic.Publish", arguments))
        self.wire.content(channel, body, **properties)

    def read(self, quiet: float, wanted: int | None = None) -> None:
        """Everything that comes, until nothing has come for so long or what is wanted is there, its contents too."""
        while not self.ended and (wanted is None or len(self.seen) < wanted or self.contents):
            try:
                got = self.wire.receive(quiet)
            except TimeoutError:
                return
            except Closed:
                self.ended = True
                if not any(seen.what == "Connection.CloseOk" for seen in self.seen):
                    self.seen.append(Seen(0, "ended"))
                return
            self._note(got)

    def _note(self, got) -> None:
        channel = got.channel_number
        if isinstance(got, frame.Method):
            values = tuple((f, self._known(f, getattr(got.method, f))) for f in COMPARED.get(got.method.NAME, ()))
            self.seen.append(Seen(channel, got.method.NAME, values))
            if spec.has_content(got.method.INDEX):
                self.contents[channel] = [None, b""]
            if isinstance(got.method, spec.Connection.Close):
                self.wire.send(0, spec.Connection.CloseOk())
        elif isinstance(got, frame.Header):
            self.contents[channel][0] = got.body_size
            if got.body_size == 0:
                del self.contents[channel]
        elif isinstance(got, frame.Body):
            content = self.contents[channel]
            content[1] += got.fragment
            if len(content[1]) == content[0]:
                del self.contents[channel]
                number = self.broker.labels.get(besked_id(content[1]))
                index = max(i for i, seen in enumerate(self.seen) if seen.channel == channel)
                last = self.seen[index]
                self.seen[index] = Seen(channel, last.what, (*last.values, ("besked", number)))

    def _known(self, field: str, value):
        """A tag that the broker made up is its own."""
        return "made up" if field == "consumer_tag" and value not in self.names else value

    @property
    def answers(self) -> list[str]:
        """Channel by channel: their order among each other is nobody's promise."""
        return [str(seen) for seen in sorted(self.seen, key=lambda seen: seen.channel)]


def run(broker: Broker, case: Case, counts: list[int] | None = None) -> Run:
    """A case; `counts` tells how many answers are to be waited for after each step."""
    broker.fill(case.messages)
    steps = case.steps if broker.ours else case.prepare + case.steps
    tags = {arguments["consumer_tag"] for _, _, arguments in steps if arguments.get("consumer_tag")}
    run = Run(broker, case.role, tags)
    try:
        for number, step in enumerate(steps):
            if run.ended:
                break
            run.step(*step, counts[number] if counts and number < len(counts) else None)
        run.read(QUIET_SECONDS)
    finally:
        run.wire.close()
    return run


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_as_rabbitmq(case, rabbitmq, ours):
    """Where the table says nothing else, the answers are RabbitMQ's."""
    theirs = run(rabbitmq, case)
    if not case.section:
        assert run(ours, case, theirs.counts).answers == theirs.answers, "RabbitMQ answers otherwise"
        return
    assert run(ours, case).answers == list(case.ours), f"section {case.section}"
    assert theirs.answers != list(case.ours), "the table names a difference where there is none"


@pytest.mark.parametrize("case", () if os.environ.get("FUNDAMENT_DEMO") else CASES, ids=lambda case: case.name)
def test_the_script_itself(case, rabbitmq):
    """With RabbitMQ alone: it answers the same each time, so that what differs is not chance."""
    theirs = run(rabbitmq, case)
    assert run(rabbitmq, case, theirs.counts).answers == theirs.answers
    assert not case.section or theirs.answers != list(case.ours), "the table names a difference where there is none"
