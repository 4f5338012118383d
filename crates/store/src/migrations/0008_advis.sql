-- Words in {braces} are what the two databases call different things; see skema.rs.

-- Notices: that something happened to an object, for one party. Written with what happened. fordelt: 1 when it lies with
-- those it is for.
CREATE TABLE advis (
    id {uuid} NOT NULL PRIMARY KEY,
    tid {int} NOT NULL,
    part {int} NOT NULL,
    fordelt {int} NOT NULL,
    krop {bytes} NOT NULL
) {large_rows};

CREATE INDEX advis_nye ON advis (tid, id) WHERE fordelt = 0;
CREATE INDEX advis_tid ON advis (tid);

-- A notice with one of those it is for: a person, or the mailbox of a party (the UUID of either). roller: the codes of the
-- roles it is for, with commas around each; empty when it is for the person alone. rytme: 0 only here, 1 mail at once,
-- 2 daily, 3 weekly. mail: the mail it is in.
CREATE TABLE advispost (
    advis {uuid} NOT NULL,
    modtager {uuid} NOT NULL,
    part {int} NOT NULL,
    tid {int} NOT NULL,
    roller {text} NOT NULL,
    gruppe {text} NOT NULL,
    ulaest {int} NOT NULL,
    rytme {int} NOT NULL,
    mail {uuid},
    PRIMARY KEY (advis, modtager)
) {small_rows};

CREATE INDEX advispost_liste ON advispost (modtager, part, ulaest, tid, advis);
CREATE INDEX advispost_samles ON advispost (rytme, modtager) WHERE mail IS NULL AND rytme > 1;
CREATE INDEX advispost_mail ON advispost (mail) WHERE mail IS NOT NULL;

-- Mails. postkasse: 1 when it is for the mailbox of a party. tilstand: 0 waits, 1 sent, 2 given up, 3 nothing left to tell.
-- forfald: when it is tried next. laaner, laan_til: who sends it, and until when nobody else does.
CREATE TABLE advismail (
    id {uuid} NOT NULL PRIMARY KEY,
    modtager {uuid} NOT NULL,
    postkasse {int} NOT NULL,
    part {int} NOT NULL,
    rytme {int} NOT NULL,
    tid {int} NOT NULL,
    tilstand {int} NOT NULL,
    forfald {int} NOT NULL,
    forsoeg {int} NOT NULL,
    laaner {uuid},
    laan_til {int} NOT NULL,
    afsluttet {int},
    svar {text} NOT NULL
) {large_rows};

CREATE INDEX advismail_venter ON advismail (forfald, id) WHERE tilstand = 0;
CREATE INDEX advismail_afsluttet ON advismail (tilstand, afsluttet);
CREATE INDEX advismail_part ON advismail (part, tilstand, afsluttet);

-- How far in time what follows from the time has been looked for.
CREATE TABLE advisrunde (
    navn {text} NOT NULL PRIMARY KEY,
    til {int} NOT NULL
) {small_rows};
