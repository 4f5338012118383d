-- Words in {braces} are what the two databases call different things; see skema.rs.

-- Accounts, each of one user. tilstand: 0 invited, 1 active, 2 blocked. adgangskode: argon2id, as a PHC string.
-- fejl, laast_til: attempts that have not succeeded, and until when no more are heard.
-- generation: rises when what an account is entered with changes, so that what was begun before does not count.
CREATE TABLE konto (
    bruger {uuid} NOT NULL PRIMARY KEY,
    loginnavn {text} NOT NULL,
    tilstand {int} NOT NULL,
    adgangskode {text},
    fejl {int} NOT NULL,
    laast_til {int},
    generation {int} NOT NULL,
    oprettet {int} NOT NULL,
    sidste_login {int}
) {small_rows};

CREATE UNIQUE INDEX konto_loginnavn ON konto (loginnavn);

-- What an account is entered with beside the password. art: 0 TOTP, 1 passkey. noegle: the id of a passkey, else that of
-- the row. data: a TOTP secret, encrypted, or a public key. taeller: the last step, or the signature counter.
CREATE TABLE loginfaktor (
    id {uuid} NOT NULL PRIMARY KEY,
    bruger {uuid} NOT NULL,
    art {int} NOT NULL,
    navn {text} NOT NULL,
    noegle {bytes} NOT NULL,
    data {bytes} NOT NULL,
    taeller {int} NOT NULL,
    oprettet {int} NOT NULL,
    brugt {int}
) {small_rows};

CREATE UNIQUE INDEX loginfaktor_noegle ON loginfaktor (noegle);
CREATE INDEX loginfaktor_bruger ON loginfaktor (bruger);

-- Who an account is at an identity provider of somebody else's.
CREATE TABLE loginidentitet (
    udsteder {text} NOT NULL,
    emne {text} NOT NULL,
    bruger {uuid} NOT NULL,
    oprettet {int} NOT NULL,
    PRIMARY KEY (udsteder, emne)
) {small_rows};

CREATE INDEX loginidentitet_bruger ON loginidentitet (bruger);

-- Invitations and recoveries, by the SHA-256 of what was handed out. Gone when used.
CREATE TABLE logintoken (
    noegle {bytes} NOT NULL PRIMARY KEY,
    bruger {uuid} NOT NULL,
    formaal {int} NOT NULL,
    udloeber {int} NOT NULL
) {small_rows};

CREATE INDEX logintoken_bruger ON logintoken (bruger);
CREATE INDEX logintoken_udloeber ON logintoken (udloeber);

-- Sessions, by the SHA-256 of their token.
CREATE TABLE loginsession (
    noegle {bytes} NOT NULL PRIMARY KEY,
    id {uuid} NOT NULL,
    bruger {uuid} NOT NULL,
    oprettet {int} NOT NULL,
    sidst {int} NOT NULL,
    udloeber {int} NOT NULL,
    bekraeftet {int} NOT NULL,
    adresse {text} NOT NULL,
    agent {text} NOT NULL,
    amr {text} NOT NULL,
    handler_som {int}
) {small_rows};

CREATE UNIQUE INDEX loginsession_id ON loginsession (id);
CREATE INDEX loginsession_bruger ON loginsession (bruger);
CREATE INDEX loginsession_udloeber ON loginsession (udloeber);

-- What happened to accounts. Only added to. af: who did it, when it was another.
CREATE TABLE loginhaendelse (
    id {number},
    tid {int} NOT NULL,
    bruger {uuid},
    af {uuid},
    slags {text} NOT NULL,
    resultat {text} NOT NULL,
    adresse {text} NOT NULL,
    session {uuid},
    korrelation {uuid} NOT NULL
) {large_rows};

CREATE INDEX loginhaendelse_tid ON loginhaendelse (tid);
CREATE INDEX loginhaendelse_bruger ON loginhaendelse (bruger, tid);
