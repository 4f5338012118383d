-- Words in {braces} are what the two databases call different things; see skema.rs.

-- frigjort: 0 while the same message is known when it comes again; afterwards its own number, and the key is free.
-- beholdt: 1 while krop is kept.
ALTER TABLE besked ADD COLUMN frigjort {int} NOT NULL DEFAULT 0;
ALTER TABLE besked ADD COLUMN beholdt {int} NOT NULL DEFAULT 1;

-- One index finds a message by its BeskedId and tells when it comes again.
DROP INDEX besked_noegle;
CREATE UNIQUE INDEX besked_noegle ON besked (besked_id, system, frigjort);

-- What may be forgotten one day, in the order it came.
CREATE INDEX besked_laast ON besked (nr) WHERE frigjort = 0;
CREATE INDEX besked_beholdt ON besked (nr) WHERE beholdt = 1;
CREATE INDEX koepost_fejl_tid ON koepost (tid) WHERE tilstand = 1;

-- What happened to a message in a dueslag that was not just being received. Only added to.
CREATE TABLE levering (
    id {number},
    dueslag {uuid} NOT NULL,
    nr {int} NOT NULL,
    tid {int} NOT NULL,
    haendelse {text} NOT NULL,
    varighed_ms {int},
    http {int},
    statuskode {int},
    hvem {text},
    tekst {text}
) {large_rows};

CREATE INDEX levering_nr ON levering (nr, id);

-- How pushing goes, and which server does it. alarm, pauset: 0 or 1.
CREATE TABLE dueslag_drift (
    dueslag {uuid} NOT NULL PRIMARY KEY,
    forsoeg {int} NOT NULL,
    naeste {int},
    siden {int},
    fejl {text},
    http {int},
    statuskode {int},
    alarm {int} NOT NULL,
    pauset {int} NOT NULL,
    laan_af {uuid},
    laan_til {int}
) {small_rows};

-- The lists of receivers as they are: navn_noegle and bvn_noegle in lower case, hoved as the caller wrote it.
CREATE TABLE vaerdiliste (
    liste {uuid} NOT NULL PRIMARY KEY,
    ejer {uuid} NOT NULL,
    tidspunkt {int} NOT NULL,
    livscyklus {text} NOT NULL,
    navn {text} NOT NULL,
    navn_noegle {text} NOT NULL,
    bvn {text},
    bvn_noegle {text},
    hoved {text} NOT NULL,
    antal {int} NOT NULL
) {large_rows};

CREATE INDEX vaerdiliste_ejer ON vaerdiliste (ejer, liste);
CREATE INDEX vaerdiliste_tid ON vaerdiliste (tidspunkt);

-- As they were. Only added to.
CREATE TABLE vaerdiliste_registrering (
    liste {uuid} NOT NULL,
    tidspunkt {int} NOT NULL,
    livscyklus {text} NOT NULL,
    navn {text} NOT NULL,
    bvn {text},
    hoved {text} NOT NULL,
    antal {int} NOT NULL,
    PRIMARY KEY (liste, tidspunkt)
) {small_rows};

-- Values, with the registreringer that added and removed them; what is in the list now has no til.
CREATE TABLE vaerdi (
    liste {uuid} NOT NULL,
    vaerdi {text} NOT NULL,
    fra {int} NOT NULL,
    til {int},
    PRIMARY KEY (liste, vaerdi, fra)
) {small_rows};

CREATE INDEX vaerdi_fra ON vaerdi (liste, fra);
CREATE INDEX vaerdi_til ON vaerdi (liste, til) WHERE til IS NOT NULL;
