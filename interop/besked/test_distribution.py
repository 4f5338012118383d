"""Who gets what: filters (section 7), agreements (8) and the states of dueslag (11), on servers of the suite's own."""

import copy
from uuid import uuid4

import pytest
from pika import spec
from pika.exceptions import AMQPError, ChannelClosedByBroker

import brokers
import filters
from amqp import REPLIES
from demo import missing
from envelope import FORTROLIG, IKKE_FORTROLIG, cvr_urn, tilladte, valid
from filters import FILTERS, NO_FILTERS
from own import SETTINGS, Own, abonnement, dueslag, toml
from own_server import apply_policy, export_policy
from server import Demo

SAPA = "SAPA"


def own_server(tmp_path_factory, name: str, settings: str = "") -> Own:
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    return Own(tmp_path_factory.mktemp(name), settings)


# Filters -------------------------------------------------------------------------------------------------------------


class Filtered:
    """A server with a dueslag for each filter, and what came into them of the one message."""

    def __init__(self, own: Own, bfo):
        self.own = own
        system, typer = bfo.uuid(SAPA), [bfo.beskedtype(1)]
        self.slag = {text: dueslag(system, f"filter {number}") for number, text in enumerate(FILTERS)}
        own.stop()
        own.apply(
            toml(
                dueslag=list(self.slag.values()),
                abonnementer=[abonnement(slag, typer, text) for text, slag in self.slag.items()],
            )
        )
        self.bfo = own.distributor()
        with self.bfo.sender() as sender:
            (self.id,) = sender.sent(filters.message(self.bfo))
        with self.bfo.receiver() as receiver:
            self.got = {text: receiver.get(slag["uuid"], auto_ack=True) for text, slag in self.slag.items()}


@pytest.fixture(scope="module")
def filtered(tmp_path_factory):
    own = own_server(tmp_path_factory, "filtered")
    try:
        yield Filtered(own, own.distributor())
    finally:
        own.stop()


@pytest.mark.parametrize("text", FILTERS, ids=lambda text: text[:120] or "empty")
def test_a_filter(filtered, text):
    got = filtered.got[text]
    assert (got is not None) == FILTERS[text]
    assert got is None or got.id == filtered.id


@pytest.mark.parametrize("text", NO_FILTERS, ids=lambda text: text[:80])
def test_what_is_no_filter_does_not_come_into_force(filtered, tmp_path, text):
    """Names are checked when it is saved (7.2)."""
    slag = next(iter(filtered.slag.values()))
    file = tmp_path / "policy.toml"
    file.write_text(toml(abonnementer=[abonnement(slag, [filtered.bfo.beskedtype(1)], text)]), encoding="utf-8")
    filtered.own.stop()
    result = filtered.bfo.demo._command("policy", "apply", str(file), "--ja")
    assert result.returncode != 0, result.stdout.splitlines()[-1]
    assert "filter" in (result.stdout + result.stderr).lower()


# Agreements ----------------------------------------------------------------------------------------------------------

LIMIT = "http://stoettesystemerne.dk/constraints/beskedfordeler/{}/1"
AFSEND, MODTAG = "KY: BeskedAfsend for {korsbaek}", "SAPA: BeskedModtag for {korsbaek}"
MODTAG_NABO = "SAPA: BeskedModtag for {nabokoebing}"


class Changed:
    """A server whose policy is another for each test; what is said of agreements is said by their names."""

    def __init__(self, own: Own):
        self.own, self.bfo = own, own.distributor()
        # Tokens from before a change go on being good.
        self.tokens = self.bfo.afsend, self.bfo.modtag
        self.cached = dict(self.bfo._tokens)
        own.stop()
        self.base = export_policy(self.bfo.demo, own.data.parent)

    def policy(self, change=None) -> None:
        """The demo's policy, changed; the server is started on it."""
        self.own.stop()
        policy = copy.deepcopy(self.base)
        if change:
            change(policy)
        apply_policy(Demo(self.own.data / "demo.json"), self.own.data.parent, policy)
        self.bfo = self.own.distributor()
        self.bfo._tokens.update(self.cached)
        self.bfo.drain(self.bfo.queue)

    def agreement(self, policy: dict, name: str) -> dict:
        name = name.format(**self.bfo.demo.cvr)
        return next(a for a in policy["aftaler"] if a["navn"] == name)

    def limited(self, name: str, **limits: list[str]) -> None:
        """The demo's policy with other limits in one agreement."""

        def change(policy):
            for version in self.agreement(policy, name)["versioner"]:
                for service in version["services"]:
                    service["parametre"] |= {LIMIT.format(limit): values for limit, values in limits.items()}

        self.policy(change)

    def sent(self, **how) -> tuple[int, list]:
        """The code of the answer, and what came of it."""
        with self.bfo.sender() as sender:
            kode = sender.send(self.bfo.besked(**how)).kode
        return kode, self.bfo.drain(self.bfo.queue)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    own = own_server(tmp_path_factory, "changed")
    try:
        yield Changed(own)
    finally:
        own.stop()


TYPE_1, TYPE_2 = "7654895c-a3f3-4c77-8afd-4c77330f963c", "832d0676-d0a0-4522-8f57-ac126dc8270e"
KLE = "urn:oio:kle:{}"
TWO = "32.01.01 and 33.01.01"
#: Limits of an agreement, and the messages that it covers and does not: what both ends have in common.
COVERED = {
    "one beskedtype": (
        {"beskedtype": [TYPE_1]},
        [{"beskedtype": TYPE_1}, {"beskedtype": TYPE_1.upper()}],
        [{"beskedtype": TYPE_2}],
    ),
    "no beskedtype": ({"beskedtype": []}, [], [{}]),
    "one følsomhed": (
        {"foelsomhed": [IKKE_FORTROLIG]},
        [{"foelsomhed": IKKE_FORTROLIG}],
        [{"foelsomhed": FORTROLIG}, {"foelsomhed": None}],
    ),
    "two følsomheder": (
        {"foelsomhed": [IKKE_FORTROLIG, FORTROLIG]},
        [{"foelsomhed": IKKE_FORTROLIG}, {"foelsomhed": FORTROLIG}],
        [{"foelsomhed": None}],
    ),
    "a main group": (
        {"kommunaltforvaltningsomraade": ["32.*"]},
        [{"emne": KLE.format("32.01.01")}, {"emne": KLE.format("32.24.04")}],
        [
            {"emne": KLE.format("33.01.01")},
            {"emne": None},
            {"emne": "urn:oio:andet:32.01.01"},
            {"emne": KLE.format("32.01.01"), "også": KLE.format("33.01.01")},
        ],
    ),
    "a group": (
        {"kommunaltforvaltningsomraade": ["32.24.*"]},
        [{"emne": KLE.format("32.24.04")}],
        [{"emne": KLE.format("32.01.01")}],
    ),
    "a subject": (
        {"kommunaltforvaltningsomraade": ["32.24.04"]},
        [{"emne": KLE.format("32.24.04")}],
        [{"emne": KLE.format("32.24.05")}],
    ),
    "several": (
        {"kommunaltforvaltningsomraade": ["32.24.04", "33.*"]},
        [{"emne": KLE.format("33.01.01")}, {"emne": KLE.format("32.24.04"), "også": KLE.format("33.01.01")}],
        [{"emne": KLE.format("34.01.01")}],
    ),
    "everything": ({"kommunaltforvaltningsomraade": ["*"]}, [{"emne": None}, {"emne": "urn:oio:andet:x"}], []),
}


def besked_of(bfo, **how) -> dict:
    """`også` is the subject of a second registration."""
    how = dict(how)
    if "også" in how:
        how["mere"] = bfo.besked().registrering(emne=how.pop("også"))
    return how


@pytest.mark.parametrize("case", COVERED)
def test_what_an_agreement_on_sending_covers(server, case):
    limits, covered, not_covered = COVERED[case]
    server.limited(AFSEND, **limits)
    for how in covered:
        kode, got = server.sent(**besked_of(server.bfo, **how))
        assert (kode, len(got)) == (20, 1), how
    for how in not_covered:
        kode, got = server.sent(**besked_of(server.bfo, **how))
        assert (kode, got) == (43, []), how


@pytest.mark.parametrize("case", COVERED)
def test_what_an_agreement_on_receiving_covers(server, case):
    """Accepted all the same: the sender may."""
    limits, covered, not_covered = COVERED[case]
    server.limited(MODTAG, **limits)
    for hows, count in ((covered, 1), (not_covered, 0)):
        for how in hows:
            kode, got = server.sent(**besked_of(server.bfo, **how))
            assert (kode, len(got)) == (20, count), how


def test_only_of_the_senders_agreed_on(server):
    server.limited(MODTAG, afsendendemyndighed=[server.bfo.demo.cvr["nabokoebing"]])
    assert server.sent() == (20, [])


def test_a_first_version_refuses_what_a_second_trims(server):
    """A10 and 8.1."""
    korsbaek, other = cvr_urn(server.bfo.cvr), cvr_urn("99887766")
    server.limited(AFSEND, version=["1"])
    assert server.sent(tilladte=(korsbaek, other)) == (43, [])
    kode, (delivery,) = server.sent(tilladte=(korsbaek,))
    assert (kode, tilladte(valid(delivery.body))) == (20, [korsbaek])


def test_a_first_version_leaves_the_allowed_as_they_are(server):
    """8.2: a receiver who may only receive for one of them sees both."""
    both = cvr_urn(server.bfo.cvr), cvr_urn(server.bfo.demo.cvr["nabokoebing"])

    def change(policy):
        policy["aftaler"].remove(server.agreement(policy, MODTAG_NABO))
        for version in server.agreement(policy, MODTAG)["versioner"]:
            for service in version["services"]:
                service["parametre"][LIMIT.format("version")] = ["1"]

    def second(policy):
        change(policy)
        for version in server.agreement(policy, MODTAG)["versioner"]:
            for service in version["services"]:
                service["parametre"][LIMIT.format("version")] = ["2"]

    for how, seen in ((change, list(both)), (second, [both[0]])):
        server.policy(without(server, how))
        kode, (delivery,) = server.sent(tilladte=both)
        assert (kode, tilladte(valid(delivery.body))) == (20, seen)


def without(server, how):
    """A policy is added to, so an agreement is taken away by ending it."""

    def change(policy):
        aftale = copy.deepcopy(server.agreement(policy, MODTAG_NABO))
        how(policy)
        for version in aftale["versioner"]:
            for myndighed in version["myndigheder"]:
                myndighed["tilstand"] = "OPHØRT"
        policy["aftaler"].append(aftale)

    return change


def test_only_for_those_one_acts_for(server):
    """Only Nabokøbing may have it, and only Korsbæk's receiver is there."""
    nabo = cvr_urn(server.bfo.demo.cvr["nabokoebing"])
    server.policy()
    kode, got = server.sent(tilladte=(nabo,))
    assert (kode, len(got)) == (20, 1)
    server.policy(ended(server, MODTAG_NABO))
    assert server.sent(tilladte=(nabo,)) == (20, [])


def ended(server, name: str):
    def change(policy):
        for version in server.agreement(policy, name)["versioner"]:
            for myndighed in version["myndigheder"]:
                myndighed["tilstand"] = "OPHØRT"

    return change


def test_an_agreement_on_sending_that_has_ended(server):
    """A9: the token was good when it was issued. Whether the connection still is, is not said."""
    server.policy(ended(server, AFSEND))
    try:
        with server.bfo.sender(server.tokens[0]) as sender:
            assert sender.send(server.bfo.besked()).kode in {41, 43}
    except AMQPError as refused:
        assert "403" in str(refused), repr(refused)


def test_an_agreement_on_receiving_that_has_ended(server):
    """Withdrawn after distribution: what waits is not delivered, and comes when there is an agreement again (8.2)."""
    server.policy()
    with server.bfo.sender() as sender:
        (id,) = sender.sent(server.bfo.besked())
    bfo = server.bfo
    server.policy(lambda policy: (ended(server, MODTAG)(policy), ended(server, MODTAG_NABO)(policy)))
    try:
        assert server.bfo.drain(server.bfo.queue) == []
    except AMQPError as refused:
        assert "403" in str(refused) or "404" in str(refused), repr(refused)
    server.own.stop()
    apply_policy(Demo(server.own.data / "demo.json"), server.own.data.parent, server.base)
    server.bfo = server.own.distributor()
    assert [delivery.id for delivery in server.bfo.drain(bfo.queue)] == [id]


# Dueslag and abonnementer --------------------------------------------------------------------------------------------


def state(server, tilstand: str):
    def change(policy):
        next(d for d in policy["dueslag"] if d["uuid"] == server.bfo.queue)["tilstand"] = tilstand

    return change


@pytest.mark.parametrize("way", ["consume", "get"])
def test_a_paused_dueslag_keeps_what_comes(server, way):
    server.policy()
    server.own.stop()
    policy = copy.deepcopy(server.base)
    state(server, "Pauset")(policy)
    apply_policy(server.bfo.demo, server.own.data.parent, policy)
    bfo = server.own.distributor()
    with bfo.sender() as sender:
        (id,) = sender.sent(bfo.besked())
    with bfo.receiver() as receiver, pytest.raises(ChannelClosedByBroker) as refused:
        receiver.consume(bfo.queue) if way == "consume" else receiver.channel.basic_get(bfo.queue)
    assert refused.value.reply_code == 403
    server.own.stop()
    apply_policy(bfo.demo, server.own.data.parent, server.base)
    bfo = server.own.distributor()
    assert [delivery.id for delivery in bfo.drain(bfo.queue)] == [id]


def test_a_closed_dueslag_gets_nothing_new(server):
    server.policy()
    server.own.stop()
    policy = copy.deepcopy(server.base)
    state(server, "Nedlagt")(policy)
    apply_policy(server.bfo.demo, server.own.data.parent, policy)
    bfo = server.own.distributor()
    with bfo.sender() as sender:
        sender.sent(bfo.besked())
    server.own.stop()
    apply_policy(bfo.demo, server.own.data.parent, server.base)
    bfo = server.own.distributor()
    assert bfo.drain(bfo.queue) == []


@pytest.fixture(scope="module")
def subscribed(tmp_path_factory):
    """A server with dueslag that several abonnementer fill, or one that begins later."""
    own = own_server(tmp_path_factory, "subscribed")
    try:
        bfo = own.distributor()
        system, first, second = bfo.uuid(SAPA), bfo.beskedtype(1), bfo.beskedtype(2)
        slag = {name: dueslag(system, name) for name in ("twice", "both", "later", "one authority")}
        slag["one authority"]["myndighed"] = bfo.demo.cvr["nabokoebing"]
        abonnementer = [
            abonnement(slag["twice"], [first]),
            abonnement(slag["twice"], [first, second], f"{filters.HANDLING} EXISTS"),
            abonnement(slag["both"], [first, second]),
            abonnement(slag["later"], [first], aktiveret="2100-01-01T00:00:00Z"),
            abonnement(slag["one authority"], [first]),
        ]
        own.stop()
        own.apply(toml(dueslag=list(slag.values()), abonnementer=abonnementer))
        bfo = own.distributor()
        both = cvr_urn(bfo.cvr), cvr_urn(bfo.demo.cvr["nabokoebing"])
        with bfo.sender() as sender:
            ids = sender.sent(
                bfo.besked(tilladte=both), bfo.besked(beskedtype=second), bfo.besked(beskedtype=bfo.beskedtype(3))
            )
        yield ids, {name: bfo.drain(d["uuid"]) for name, d in slag.items()}
    finally:
        own.stop()


@pytest.mark.parametrize("name, count", [("twice", 2), ("both", 2), ("later", 0), ("one authority", 1)])
def test_into_a_dueslag_once(subscribed, name, count):
    """6.1: however many abonnementer match, and only from their activation on."""
    ids, got = subscribed
    assert [delivery.id for delivery in got[name]] == ids[:count]


def test_a_dueslag_for_one_authority(subscribed):
    _, got = subscribed
    (delivery,) = got["one authority"]
    assert tilladte(valid(delivery.body)) == [cvr_urn("22334455")]


# Durable, and strict -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_accepted_is_kept(tmp_path_factory, how):
    """What 20 was said of is there after the server has ended, however it did; what was out comes again, in order."""
    own = own_server(tmp_path_factory, how)
    try:
        bfo = own.distributor()
        with bfo.sender() as sender:
            sent = sender.sent(*bfo.beskeder(3))
        receiver = bfo.receiver()
        assert receiver.get(bfo.queue).id == sent[0]
        getattr(own, how)()
        bfo = own.distributor()
        with bfo.receiver() as receiver:
            consumer = receiver.consume(bfo.queue, prefetch=3)
            # What a killed server held may be held until its lease is over.
            got = [consumer.next(90 if how == "kill" else 10) for _ in sent]
        assert [delivery.id for delivery in got] == sent
        assert [delivery.redelivered for delivery in got] == [True, False, False]
        with bfo.sender() as sender:
            assert sender.send(bfo.besked(id=sent[0])).kode == 49, "its id is forgotten"
    finally:
        own.stop()


def test_a_server_that_ends_says_so(tmp_path_factory):
    own = own_server(tmp_path_factory, "ends")
    try:
        bfo = own.distributor()
        with bfo.receiver() as receiver:
            receiver.consume(bfo.queue)
            own.stop()
            with pytest.raises(AMQPError) as ended:
                receiver.connection.process_data_events(time_limit=10)
            assert "320" in str(ended.value), repr(ended.value)
            receiver.connection = None
    finally:
        own.stop()


def test_a_client_certificate_may_be_demanded(tmp_path_factory):
    """3.2: a switch, off by default."""
    own = own_server(tmp_path_factory, "strict", "[besked]\nkraev_klientcertifikat = true\n")
    try:
        bfo = own.distributor()
        with bfo.sender() as sender:
            sender.sent(bfo.besked())
        for client in (bfo.sender, bfo.receiver):
            with pytest.raises(AMQPError) as refused:
                client(certificate=False)
            assert "403" in str(refused.value), repr(refused.value)
    finally:
        own.stop()


def test_a_disk_that_is_full(tmp_path_factory):
    """6.3: senders are asked to wait, and nothing is dropped; whoever fetches is in nobody's way."""
    own = own_server(tmp_path_factory, "full")
    try:
        bfo = own.distributor()
        with bfo.sender() as sender:
            sent = sender.sent(*bfo.beskeder(2))
        own.stop()
        (own.data / "fundament.toml").write_text(SETTINGS + "[besked]\ndisk_fri_min_mib = 1000000000\n")
        bfo = own.distributor()
        late = bfo.besked()
        with brokers.ours(bfo).open("afsend") as wire:
            # At once, as it is so when the connection opens.
            assert isinstance(wire.method(), spec.Connection.Blocked)
            wire.ask(1, spec.Channel.Open(), spec.Channel.OpenOk)
            wire.ask(1, spec.Basic.Consume(queue=REPLIES, no_ack=True), spec.Basic.ConsumeOk)
            wire.send(1, spec.Basic.Publish(exchange=bfo.exchange, mandatory=True))
            properties = {"message_id": str(uuid4()), "correlation_id": "x", "reply_to": REPLIES}
            wire.content(1, late.body, headers={"token": bfo.afsend}, **properties)
            with pytest.raises(TimeoutError):
                wire.method(seconds=2)
        assert [delivery.id for delivery in bfo.drain(bfo.queue)] == sent
        own.stop()
        (own.data / "fundament.toml").write_text(SETTINGS)
        bfo = own.distributor()
        with bfo.sender() as sender:
            assert sender.send(late).kode == 20
    finally:
        own.stop()


def test_the_largest_message_is_a_setting(tmp_path_factory):
    own = own_server(tmp_path_factory, "small", "[besked]\nbesked_max_bytes = 8192\n")
    try:
        bfo = own.distributor()
        with bfo.sender() as sender:
            assert sender.send(bfo.besked().of_size(8192)).kode == 20
            assert sender.send(bfo.besked().of_size(8193)).kode == 40
            assert sender.send(bfo.besked(id=str(uuid4()))).kode == 20
    finally:
        own.stop()
