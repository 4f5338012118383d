"""Two servers on one database: what one has taken no other takes, and what is agreed with one is so for both (A14).

Only a PostgreSQL can be shared: on SQLite all of this is skipped. Needs `FUNDAMENT_PROGRAM`.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests

from calls import call
from demo import missing
from own_server import Node, apply_policy, export_policy
from server import Demo
from sts_client import Sts
from test_attacks import check_refused
from test_prepared import PROVISIONING, id_of, path_id
from test_rest import ask
from wsp_client import Wsp

#: When a change on one server must be in force on the others, at the latest.
CHANGE_SECONDS = 60
KEY = "BrugervendtNoegleTekst"


@dataclass
class Side:
    """One of the servers, and its clients."""

    demo: Demo
    sts: Sts
    wsp: Wsp

    def send(self, where: str, content: str, headers: dict, path: str):
        return self.demo.post(self.sts.url if where == "STS" else self.demo.mtls + path, content, headers)


@pytest.fixture(scope="module")
def sides(demo, tmp_path_factory) -> dict[str, Side]:
    if not demo.database:
        pytest.skip("an SQLite file belongs to one server; two servers are tested on PostgreSQL")
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    node = Node(demo, tmp_path_factory.mktemp("node") / "data")
    try:
        other = node.start()
        assert other.pid is None or other.pid != demo.pid, "it is the same server"
        yield {name: Side(d, Sts(d), Wsp(d)) for name, d in (("first", demo), ("second", other))}
    finally:
        node.stop()


def turned(sides, order: str) -> tuple[Side, Side]:
    pair = sides["first"], sides["second"]
    return pair if order == "first to second" else pair[::-1]


both_ways = pytest.mark.parametrize("order", ["first to second", "second to first"])


def key_read(side: Side, token, uuid: str) -> str | None:
    answer = side.wsp.call(token, call("Bruger", "laes", uuid))
    assert answer.kode in (20, 44)
    return answer.body.findtext(f".//{{*}}{KEY}")


# Replay --------------------------------------------------------------------------------------------------------------


@both_ways
def test_a_token_of_one_is_taken_by_the_other(sides, ky, order):
    one, other = turned(sides, order)
    assert other.wsp.call(one.sts.issue(ky), call("Bruger", "soeg")).kode == 20


@both_ways
def test_a_request_for_a_token_is_answered_by_one_alone(sides, ky, order):
    one, other = turned(sides, order)
    draft = one.sts.draft(ky)
    content = draft.signed()
    assert one.send("STS", content, draft.http_headers, "").status == 200
    check_refused(other.send("STS", content, draft.http_headers, ""), "STS", "wsse:FailedCheck")
    told = other.demo.explain(draft.message_id, expected="genafspilning")
    assert "STS-02" in told and "genafspilning" in told, told
    # The message was addressed to the one; that alone is no reason to the other.
    fresh = one.sts.draft(ky)
    assert other.send("STS", fresh.signed(), fresh.http_headers, "").status == 200


@both_ways
def test_a_call_is_carried_out_by_one_alone(sides, token, order):
    """What was written since is not written over by what is sent again."""
    one, other = turned(sides, order)
    uuid = str(uuid4())
    first, second = f"adgang-{uuid}", f"ny-{uuid}"
    assert one.wsp.call(token, call("Bruger", "importer", uuid, noegle="foer")).kode == 20
    what = call("Bruger", "ret", uuid, noegle=first)
    draft = one.wsp.draft(token, what)
    content = draft.signed()
    assert one.send("WSP", content, draft.http_headers, what.path).kode == 20
    assert other.wsp.call(token, call("Bruger", "ret", uuid, noegle=second)).kode == 20
    check_refused(other.send("WSP", content, draft.http_headers, what.path), "WSP", "wsse:FailedCheck")
    told = other.demo.explain(draft.message_id, expected="genafspilning")
    assert "WSP-20" in told and "genafspilning" in told, told
    assert [key_read(side, token, uuid) for side in (one, other)] == [second, second], "it was carried out again"
    # The message was addressed to the one; that alone is no reason to the other.
    fresh = one.wsp.draft(token, what)
    assert other.send("WSP", fresh.signed(), fresh.http_headers, what.path).kode == 20
    assert [key_read(side, token, uuid) for side in (one, other)] == [first, first]


@both_ways
@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_the_same_message_id_under_a_new_signature(sides, ky, token, where, order):
    one, other = turned(sides, order)
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)

    def draft():
        return one.sts.draft(ky) if where == "STS" else one.wsp.draft(token, what)

    first, again = draft(), draft()
    if where == "WSP":
        first.body = call("Bruger", "soeg").body
        first.headers["Action"] = first.headers["Action"].replace(what.action, call("Bruger", "soeg").action)
    again.headers["MessageID"] = first.headers["MessageID"]
    answer = one.send(where, first.signed(), first.http_headers, what.path)
    assert answer.status == 200 and (where == "STS" or answer.kode == 20)
    check_refused(other.send(where, again.signed(), again.http_headers, what.path), where, "wsse:FailedCheck")
    assert where == "STS" or key_read(other, token, uuid) is None


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_at_once_to_both_and_one_gets_through(sides, ky, token, where):
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    one = sides["first"]
    draft = one.sts.draft(ky) if where == "STS" else one.wsp.draft(token, what)
    content = draft.signed().encode()

    def send(side: Side) -> int:
        url = side.sts.url if where == "STS" else side.demo.mtls + what.path
        return requests.post(
            url, content, headers=draft.http_headers, verify=side.demo.ca, timeout=60
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(send, list(sides.values()) * 4))
    assert statuses == {200: 1, 500: 7}
    assert where == "STS" or key_read(one, token, uuid) == f"adgang-{uuid}"


# Changes of the policy -----------------------------------------------------------------------------------------------


def becomes(told, expected) -> float:
    """Waits until it is so; how many seconds it took."""
    begun = time.monotonic()
    while (seen := told()) != expected:
        assert time.monotonic() - begun < CHANGE_SECONDS, f"still {seen} after {CHANGE_SECONDS} s, not {expected}"
        time.sleep(0.1)
    return time.monotonic() - begun


def issued(side: Side, identity, **how) -> int | None:
    """The event a request is refused with; none when a token is issued."""
    answer = side.sts.send(side.sts.draft(identity, **how))
    return None if answer.status == 200 else answer.fault.event


def blocked(policy: dict, system: str) -> None:
    (uuid,) = [s["uuid"] for s in policy["systemer"] if s["navn"] == system]
    found = [m for a in policy["aftaler"] if a["system"] == uuid for v in a["versioner"] for m in v["myndigheder"]]
    assert found and all(m["tilstand"] == "AKTIV" for m in found)
    for myndighed in found:
        myndighed["tilstand"] = "SPÆRRET"


def test_an_agreement_that_is_blocked_is_so_on_both(sides, ksd, tmp_path):
    """By the file, as the operator does it beside a running server."""
    demo = sides["first"].demo
    before, after = (export_policy(demo, tmp_path) for _ in range(2))
    blocked(after, "KSD")
    old = {name: side.sts.issue(ksd) for name, side in sides.items()}
    what = call("Bruger", "soeg")
    for side in sides.values():
        assert issued(side, ksd) is None and side.wsp.call(old["first"], what).kode == 20
    try:
        apply_policy(demo, tmp_path, after)
        for side in sides.values():
            becomes(lambda: issued(side, ksd), 5015)
            # A token of before opens nothing any more either, whoever issued it.
            for token in old.values():
                assert side.wsp.call(token, what).kode == 41
            answer = ask(side.demo, ksd)
            assert (answer.status, answer.json["error"]) == (400, "unauthorized_client")
    finally:
        apply_policy(demo, tmp_path, before)
    for side in sides.values():
        becomes(lambda: issued(side, ksd), None)
        assert side.wsp.call(old["first"], what).kode == 20


@both_ways
def test_a_permission_by_provisioning_is_given_and_taken_on_both(sides, ksd, ky, order):
    """By the interface of one server; asked at the other."""
    one, other = turned(sides, order)
    system = path_id(id_of(one, "ksd"))
    shown = other.sts.issue(ky).text

    def permit(allowed: str) -> None:
        url = f"{one.demo.mtls}{PROVISIONING}/Anvendersystemer/{system}/CanImpersonate/{allowed}"
        answer = one.demo.session(one.demo.systems["drift"]).put(url, timeout=30)
        assert answer.status_code in (200, 204), answer.text

    assert issued(other, ksd, obo=shown) == 5050
    try:
        permit("true")
        becomes(lambda: issued(other, ksd, obo=shown), None)
    finally:
        permit("false")
    becomes(lambda: issued(other, ksd, obo=shown), 5050)
