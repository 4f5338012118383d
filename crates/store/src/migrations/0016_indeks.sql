-- Words in {braces} are what the two databases call different things; see skema.rs.
-- Times are microseconds since 1970-01-01T00:00:00Z; the ends of the 64-bit range are the infinities.

-- The indexes (Sags- og Dokumentindeks, Ydelsesindeks): one row per object, with its newest registrering. art: what kind of
-- object. nr: in the order they came, and never given again, so that what still names a removed object finds nothing.
CREATE TABLE indeksobjekt (
    nr {number_once},
    art {int} NOT NULL,
    id {uuid} NOT NULL,
    ejer {int} NOT NULL,
    tidspunkt {int} NOT NULL,
    sts {int} NOT NULL,
    krop {bytes} NOT NULL
) {large_rows};

CREATE UNIQUE INDEX indeksobjekt_id ON indeksobjekt (art, id);
-- What came since, and what the source registered when.
CREATE INDEX indeksobjekt_sts ON indeksobjekt (art, sts, nr);
CREATE INDEX indeksobjekt_tidspunkt ON indeksobjekt (art, tidspunkt, nr);

-- Registreringer that newer ones have taken the place of.
CREATE TABLE indekshistorik (
    objekt {int} NOT NULL,
    tidspunkt {int} NOT NULL,
    art {int} NOT NULL,
    krop {bytes} NOT NULL,
    PRIMARY KEY (objekt, tidspunkt)
) {large_rows};

CREATE INDEX indekshistorik_tidspunkt ON indekshistorik (art, tidspunkt, objekt);

-- What objects are found by. nyeste: 1 when the newest registrering has the key, 0 when only earlier ones had.
CREATE TABLE indeksnoegle (
    felt {int} NOT NULL,
    vaerdi {bytes} NOT NULL,
    objekt {int} NOT NULL,
    fra {int} NOT NULL,
    til {int} NOT NULL,
    nyeste {int} NOT NULL,
    PRIMARY KEY (felt, vaerdi, objekt, fra)
) {small_rows};

-- All keys of an object, with what may change of them: what a new registrering is compared with.
CREATE INDEX indeksnoegle_objekt ON indeksnoegle (objekt, felt, vaerdi, fra, til, nyeste);

-- Proofs of deletion: that something was removed, when and by whom, and nothing of what it was. system is empty when the
-- system itself did it. antal: how many registreringer there were.
CREATE TABLE indekssletning (
    nr {number_once},
    art {int} NOT NULL,
    id {uuid} NOT NULL,
    tid {int} NOT NULL,
    system {uuid},
    myndighed {int} NOT NULL,
    antal {int} NOT NULL
) {large_rows};

CREATE INDEX indekssletning_tid ON indekssletning (tid);

-- A haendelse of an index object names it by its number, as its UUID may come again, and carries what the envelope of a
-- message says of it, as that is needed when the object is gone.
ALTER TABLE haendelse ADD COLUMN indeks {int};
ALTER TABLE haendelse ADD COLUMN omslag {bytes};
