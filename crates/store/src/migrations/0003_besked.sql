-- Words in {braces} are what the two databases call different things; see skema.rs.

-- Messages accepted, each once. krop: as it was accepted; empty when nobody can need it any more.
CREATE TABLE besked (
    nr {number},
    system {uuid} NOT NULL,
    besked_id {text} NOT NULL,
    cvr {int} NOT NULL,
    beskedtype {text} NOT NULL,
    foelsomhed {text},
    kle {text} NOT NULL,
    transaktion {text} NOT NULL,
    korrelation {text} NOT NULL,
    modtaget {int} NOT NULL,
    stoerrelse {int} NOT NULL,
    sha256 {bytes} NOT NULL,
    krop {bytes} NOT NULL
) {large_rows};

-- What makes a message the same when it comes again.
CREATE UNIQUE INDEX besked_noegle ON besked (system, besked_id);

-- One row per message and dueslag. tilstand: 0 waits, 1 in the fejlkø, 2 received.
-- tilladte: CVR numbers with commas between, or nothing when the receivers stand as the sender wrote them.
CREATE TABLE koepost (
    plads {number},
    dueslag {uuid} NOT NULL,
    nr {int} NOT NULL,
    tilstand {int} NOT NULL,
    aftale {uuid} NOT NULL,
    tilladte {text} NOT NULL,
    forsoeg {int} NOT NULL,
    genleveret {int} NOT NULL,
    laan_af {uuid},
    laan_til {int},
    tid {int} NOT NULL,
    aarsag {text},
    http {int},
    statuskode {int}
) {large_rows};

-- A dueslag in order: what waits, and what went wrong.
CREATE INDEX koepost_venter ON koepost (dueslag, plads) WHERE tilstand = 0;
CREATE INDEX koepost_fejl ON koepost (dueslag, plads) WHERE tilstand = 1;

-- One message in one dueslag.
CREATE UNIQUE INDEX koepost_nr ON koepost (nr, dueslag);

-- What a server holds: renewed together, and free again when the server is gone.
CREATE INDEX koepost_laan ON koepost (laan_af) WHERE laan_af IS NOT NULL;
