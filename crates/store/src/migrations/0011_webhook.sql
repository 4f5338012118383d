-- Words in {braces} are what the two databases call different things; see skema.rs.

-- Notices on their way to webhooks. tilstand: 0 waits, 1 delivered, 2 given up, 3 nothing left to deliver. tid: when the
-- notice was. forfald: when it is tried next. laaner, laan_til: who delivers it, and until when nobody else does. sidst, http,
-- svar: the last attempt, and what came of it.
CREATE TABLE webhooklevering (
    id {uuid} NOT NULL PRIMARY KEY,
    webhook {uuid} NOT NULL,
    advis {uuid} NOT NULL,
    tid {int} NOT NULL,
    tilstand {int} NOT NULL,
    forfald {int} NOT NULL,
    forsoeg {int} NOT NULL,
    laaner {uuid},
    laan_til {int} NOT NULL,
    sidst {int},
    http {int},
    svar {text} NOT NULL
) {large_rows};

CREATE INDEX webhooklevering_venter ON webhooklevering (forfald, id) WHERE tilstand = 0;
CREATE INDEX webhooklevering_laant ON webhooklevering (webhook, laan_til) WHERE tilstand = 0;
CREATE INDEX webhooklevering_liste ON webhooklevering (webhook, tid, id);
CREATE INDEX webhooklevering_tilstand ON webhooklevering (webhook, tilstand);
CREATE INDEX webhooklevering_tid ON webhooklevering (tid);
