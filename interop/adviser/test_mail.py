"""Every notice arrives, whatever the mail server does; what comes twice says so."""

import os
import re
import shutil
import time

import pytest
from smtp import Mailbox, Pki, free_port, serving, silent

AGNES, LAURA, GRETHE, OLE = (
    "agnes@korsbaek.example",
    "laura@matador.example",
    "grethe@korsbaek.example",
    "ole@jernbanen.example",
)
LOGIN = ("fundament@korsbaek.example", "hemmelig: å")


def test_a_letter_over_starttls_with_a_login(program, pki):
    mailbox, port = Mailbox(), free_port()
    with serving(mailbox, port, pki, LOGIN):
        server = program(f"smtp://fundament%40korsbaek.example@localhost:{port}?starttls", pki.ca)
        server.password = LOGIN[1]
        server.start()
        server.person(AGNES).invite("maude@korsbaek.example", "Maude Ærtholm")
        [letter] = mailbox.wait("maude@korsbaek.example")
        assert letter.encrypted and letter.user == LOGIN[0]
        assert letter.message["From"] == "Fundament <fundament@korsbaek.example>"
        assert letter.message["To"] == "maude@korsbaek.example"
        assert letter.message["Auto-Submitted"] == "auto-generated"
        assert re.fullmatch(r"<[0-9a-f-]{36}@korsbaek\.example>", letter.id)
        assert letter.subject == "[TEST] Du er inviteret til Administrationsmodulet for Korsbæk Kommune"
        assert "Agnes Jensen har oprettet dig" in letter.text and "/admin/adgang/" not in letter.text
        assert f"{server.url}/admin/adviser/valg" in letter.text
        assert letter.raw.isascii()
        time.sleep(2)
        assert len(mailbox.letters) == 1, "nobody else, and once"
        assert server.metric("mails_venter") == 0
        for secret in (LOGIN[1], "maude@korsbaek.example", "hemmelig"):
            assert secret not in server.log


def test_without_a_mail_server_nothing_waits_for_one(program, pki):
    server = program(None).start()
    server.person(AGNES).invite("maude@korsbaek.example")
    time.sleep(2)
    assert server.metric("mails_venter") == 0
    assert "der sendes ingen mail" in server.log
    assert "Der sendes ingen mail" in server.person(AGNES).get("/admin/adviser/valg")


def test_nothing_is_sent_in_the_clear_or_to_a_stranger(program, pki, tmp_path):
    stranger = Pki(tmp_path, trusted=False)
    for certificate in (None, stranger):
        mailbox, port = Mailbox(), free_port()
        with serving(mailbox, port, certificate):
            server = program(f"smtp://localhost:{port}?starttls", pki.ca).start()
            server.person(AGNES).invite("maude@korsbaek.example")
            time.sleep(4)
            assert mailbox.letters == [] and mailbox.tried == []
            assert server.metric("mails_fejlet") == 1, "it waits"
            server.stop()


def test_a_password_that_is_refused_loses_nothing(program, pki):
    mailbox, port = Mailbox(), free_port()
    server = program(f"smtp://a:forkert@localhost:{port}?starttls", pki.ca)
    with serving(mailbox, port, pki, LOGIN):
        server.start()
        server.person(AGNES).invite("maude@korsbaek.example")
        time.sleep(4)
        assert mailbox.letters == [] and server.metric("mails_fejlet") == 1
    with serving(mailbox, port, pki, ("a", "forkert")):
        mailbox.wait("maude@korsbaek.example")
        assert "forkert" not in server.log


def test_not_now_is_tried_again_and_never_is_given_up(program):
    mailbox, port = Mailbox(), free_port()
    mailbox.answers = {
        "senere@korsbaek.example": ["450 4.2.1 Optaget", "451 4.3.0 Igen"],
        "ukendt@korsbaek.example": ["550 5.1.1 Ukendt modtager"] * 9,
    }
    with serving(mailbox, port):
        server = program(f"smtp://127.0.0.1:{port}").start()
        agnes = server.person(AGNES)
        for name in ("ukendt", "senere", "maude"):
            agnes.invite(f"{name}@korsbaek.example")
        mailbox.wait("maude@korsbaek.example")
        [letter] = mailbox.wait("senere@korsbaek.example")
        assert mailbox.tried.count("senere@korsbaek.example") == 3
        time.sleep(3)
        assert mailbox.tried.count("ukendt@korsbaek.example") == 1, "an answer that will not change"
        for person in (agnes, server.person(OLE)):
            page = person.get("/admin/adviser/postkasse")
            assert "Ukendt modtager" in page and "Du er inviteret" in page
        assert "Ukendt modtager" not in server.person(LAURA).get("/admin/adviser/postkasse")
        assert "er opgivet" in server.log and "ukendt@" not in server.log


def test_a_server_that_says_nothing_is_left_and_met_again(program):
    mailbox, port = Mailbox(), free_port()
    server = program(f"smtp://127.0.0.1:{port}", svartid=1)
    with silent(port) as taken:
        server.start()
        server.person(AGNES).invite("maude@korsbaek.example")
        deadline = time.monotonic() + 30
        while len(taken) < 2:
            assert time.monotonic() < deadline, "it waits for ever"
            time.sleep(0.1)
        assert server.person(AGNES).get("/admin"), "the pages do not wait"
    with serving(mailbox, port):
        mailbox.wait("maude@korsbaek.example")
        time.sleep(2)
        assert len(mailbox.letters) == 1


def test_a_connection_lost_after_data_repeats_the_same_letter(program):
    mailbox, port = Mailbox(), free_port()
    mailbox.cut = {"maude@korsbaek.example": 2}
    with serving(mailbox, port):
        server = program(f"smtp://127.0.0.1:{port}").start()
        server.person(AGNES).invite("maude@korsbaek.example")
        letters = mailbox.wait("maude@korsbaek.example", 3)
        assert len({letter.id for letter in letters}) == 1
        assert len({letter.raw for letter in letters}) == 1
        time.sleep(3)
        assert len(mailbox.letters) == 3 and server.metric("mails_venter") == 0


def test_killed_in_the_middle_of_the_queue(program):
    mailbox, port = Mailbox(delay=0.15), free_port()
    people = [f"bruger{n}@korsbaek.example" for n in range(25)]
    with serving(mailbox, port):
        server = program(f"smtp://127.0.0.1:{port}").start()
        agnes = server.person(AGNES)
        for address in people:
            agnes.invite(address)
        for enough in (6, 12, 18):
            while len(mailbox.letters) < enough:
                time.sleep(0.02)
            server.kill()
            server.start()
        for address in people:
            letters = mailbox.wait(address)
            assert len({letter.id for letter in letters}) == 1, f"{address} got different letters"
        time.sleep(2)
        assert len({letter.id for letter in mailbox.letters}) == len(people)
        assert len(mailbox.letters) <= len(people) + 3, "no more than what was in hand each time"
        assert server.metric("mails_venter") == 0


def test_two_servers_send_each_letter_once_and_one_takes_over(program):
    database = os.environ.get("FUNDAMENT_MAIL_DATABASE")
    if not database:
        pytest.skip("FUNDAMENT_MAIL_DATABASE is not set; it names an empty PostgreSQL database")
    mailbox, port = Mailbox(delay=0.1), free_port()
    people = [f"bruger{n}@korsbaek.example" for n in range(30)]
    first, second = (program(f"smtp://127.0.0.1:{port}", svartid=1) for _ in range(2))
    first.database = second.database = database
    with serving(mailbox, port):
        first.start()
        shutil.copytree(first.data, second.data, dirs_exist_ok=True)
        second.start("serve")
        agnes = first.person(AGNES)
        for address in people[:15]:
            agnes.invite(address)
        for address in people[:15]:
            mailbox.wait(address)
        assert len(mailbox.letters) == 15, "both send, and nothing twice"
        for address in people[15:]:
            agnes.invite(address)
        first.kill()
        for address in people[15:]:
            letters = mailbox.wait(address)
            assert len({letter.id for letter in letters}) == 1
        time.sleep(2)
        assert len({letter.id for letter in mailbox.letters}) == len(people)
        assert len(mailbox.letters) <= len(people) + 1, "no more than what was in hand"
        assert second.metric("mails_venter") == 0


def test_a_limit_holds_mail_back(program):
    mailbox, port = Mailbox(), free_port()
    with serving(mailbox, port):
        server = program(f"smtp://127.0.0.1:{port}", mere="mails_pr_part_i_timen = 3").start()
        agnes = server.person(AGNES)
        for n in range(5):
            agnes.invite(f"bruger{n}@korsbaek.example")
        time.sleep(5)
        assert len(mailbox.letters) == 3 and server.metric("mails_venter") == 2


def test_who_is_told_and_as_they_chose(program):
    mailbox, port = Mailbox(), free_port()
    with serving(mailbox, port):
        server = program(f"smtp://127.0.0.1:{port}").start()
        grethe, laura = server.person(GRETHE), server.person(LAURA)
        laura.choose("aftaler", "kun-her")
        aftaler = re.findall(r'href="(/admin/serviceaftaler/[0-9a-f-]{36})"', laura.get("/admin/serviceaftaler?fane=alle"))
        aftale = next(a for a in aftaler if "Korsbæk" in laura.get(a) and "/spaer" in grethe.get(a))
        why = "Fejl i data om 010203-1234\r\nBcc: ond@example.dk"
        grethe.post(f"{aftale}/spaer", aarsag=why, myndighed="11223344", bekraeft="ja")
        [letter] = mailbox.wait("tage@matador.example")
        assert "er spærret" in letter.subject and f"{server.url}{aftale}" in letter.text
        assert "1234" not in letter.text and "***" in letter.text
        mailbox.wait("gunnar@korsbaek.example")
        time.sleep(2)
        told = {letter.to for letter in mailbox.letters}
        assert "laura@matador.example" not in told, "she reads it in the module"
        assert GRETHE not in told, "she did it"
        assert "er spærret" in laura.get("/admin/adviser")
