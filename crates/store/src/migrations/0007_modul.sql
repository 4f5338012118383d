-- Words in {braces} are what the two databases call different things; see skema.rs.

-- The entities of the Administrationsmodul that are looked up rather than held in memory, each as it is now. Their
-- history is in entity. soeg: what free text is found in, folded. unik: what no two of a kind may share.
CREATE TABLE modulpost (
    art {text} NOT NULL,
    id {uuid} NOT NULL,
    version {int} NOT NULL,
    soeg {text} NOT NULL,
    unik {text},
    krop {bytes} NOT NULL,
    PRIMARY KEY (art, id)
) {large_rows};

CREATE UNIQUE INDEX modulpost_unik ON modulpost (art, unik) WHERE unik IS NOT NULL;

-- What they are found by, in the order they are listed.
CREATE TABLE modulnoegle (
    art {text} NOT NULL,
    felt {text} NOT NULL,
    vaerdi {text} NOT NULL,
    orden {text} NOT NULL,
    id {uuid} NOT NULL,
    PRIMARY KEY (art, felt, vaerdi, orden, id)
) {small_rows};

CREATE INDEX modulnoegle_id ON modulnoegle (art, id);

-- Who did what in the Administrationsmodul, and who read what is sensitive. Append-only; every line is a link of a
-- chain: hash is SHA-256 over the one before and the line. slags: A changed, B decided, L read.
CREATE TABLE aendringslog (
    nr {int} NOT NULL PRIMARY KEY,
    tid {int} NOT NULL,
    slags {text} NOT NULL,
    part {int} NOT NULL,
    bruger {uuid},
    navn {text} NOT NULL,
    rolle {text} NOT NULL,
    adresse {text} NOT NULL,
    art {text} NOT NULL,
    objekt {uuid},
    objektnavn {text} NOT NULL,
    handling {text} NOT NULL,
    detaljer {text} NOT NULL,
    begrundelse {text} NOT NULL,
    kilde {text} NOT NULL,
    korrelation {uuid} NOT NULL,
    hash {bytes} NOT NULL
) {large_rows};

CREATE INDEX aendringslog_part ON aendringslog (part, nr);
CREATE INDEX aendringslog_objekt ON aendringslog (objekt, nr);
CREATE INDEX aendringslog_bruger ON aendringslog (bruger, nr);
CREATE INDEX aendringslog_korrelation ON aendringslog (korrelation);
