-- Words in {braces} are what the two databases call different things; see skema.rs.

-- What may be used once, until when: messages and signatures already seen. Shared by every server.
CREATE TABLE engangs (
    noegle {bytes} NOT NULL PRIMARY KEY,
    til {int} NOT NULL
) {small_rows};

-- What may be forgotten.
CREATE INDEX engangs_til ON engangs (til);

-- The seal a line of the access log stands under; none yet when it is new.
ALTER TABLE adgangslog ADD COLUMN segl {int};

-- The lines of a seal, and those without one.
CREATE INDEX adgangslog_segl ON adgangslog (segl);

-- All lines of one call.
CREATE INDEX adgangslog_transaktion ON adgangslog (transaktion);

-- The chain of seals over the access log: each is a SHA-256 over the one before and its own lines.
CREATE TABLE segl (
    nr {int} NOT NULL PRIMARY KEY,
    tid {int} NOT NULL,
    forrige {bytes} NOT NULL,
    antal {int} NOT NULL,
    hash {bytes} NOT NULL
) {large_rows};
