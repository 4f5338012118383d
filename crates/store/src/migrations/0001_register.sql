-- Words in {braces} are what the two databases call different things; see skema.rs.
-- Times are microseconds since 1970-01-01T00:00:00Z; the ends of the 64-bit range are the infinities.
-- livscyklus: 0 Opstaaet, 1 Importeret, 2 Passiveret, 3 Slettet.

-- One row per object: what is current.
CREATE TABLE objekt (
    id {uuid} NOT NULL PRIMARY KEY,
    objekttype {text} NOT NULL,
    ejer {int} NOT NULL,
    tidspunkt {int} NOT NULL,
    livscyklus {int} NOT NULL
) {small_rows};

-- Searches without conditions, in the order of their results.
CREATE INDEX objekt_levende ON objekt (ejer, objekttype, id) WHERE livscyklus <= 1;
CREATE INDEX objekt_ude ON objekt (ejer, objekttype, livscyklus, id) WHERE livscyklus >= 2;
-- What changed since.
CREATE INDEX objekt_aendret ON objekt (ejer, objekttype, tidspunkt);

-- The history. Append-only, but for anonymiser and fysiskslet, which the law asks for.
CREATE TABLE registrering (
    objekt {uuid} NOT NULL,
    tidspunkt {int} NOT NULL,
    livscyklus {int} NOT NULL,
    krop {bytes} NOT NULL,
    PRIMARY KEY (objekt, tidspunkt)
) {large_rows};

-- The search keys of live objects. The owner leads, so that no search walks another authority's keys; the object stands
-- before the time, so that one more condition on a known object is one look-up.
CREATE TABLE noegle (
    ejer {int} NOT NULL,
    felt {int} NOT NULL,
    vaerdi {text} NOT NULL,
    objekt {uuid} NOT NULL,
    virk_fra {int} NOT NULL,
    virk_til {int} NOT NULL,
    PRIMARY KEY (ejer, felt, vaerdi, objekt, virk_fra)
) {small_rows};

-- All keys of an object: for patterns on a known object, for removal, and for the integrity check.
CREATE INDEX noegle_objekt ON noegle (objekt, felt);

-- The outbox: one row per object and write, claimed by those not yet distributed.
CREATE TABLE haendelse (
    id {number},
    objekt {uuid} NOT NULL,
    objekttype {text} NOT NULL,
    ejer {int} NOT NULL,
    tidspunkt {int} NOT NULL,
    handling {text} NOT NULL,
    fordelt {int}
) {large_rows};

CREATE INDEX haendelse_venter ON haendelse (id) WHERE fordelt IS NULL;

-- Who did or saw what, and who was refused. objekter: UUIDs of 16 bytes each, one after the other.
CREATE TABLE adgangslog (
    tid {int} NOT NULL,
    transaktion {uuid} NOT NULL,
    system {uuid},
    myndighed {int},
    aftale {uuid},
    operation {text} NOT NULL,
    objekttype {text} NOT NULL,
    objekter {bytes} NOT NULL,
    antal {int} NOT NULL,
    udfald {text} NOT NULL,
    regel {text} NOT NULL
) {large_rows};

CREATE INDEX adgangslog_tid ON adgangslog (tid);

-- Administration: every version of every entity, the highest being in force.
CREATE TABLE entity (
    art {text} NOT NULL,
    id {uuid} NOT NULL,
    version {int} NOT NULL,
    krop {bytes} NOT NULL,
    PRIMARY KEY (art, id, version)
) {large_rows};
