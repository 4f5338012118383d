-- Words in {braces} are what the two databases call different things; see skema.rs.

-- What each system did for each authority on each day (its first moment), counted as lines of the access log come under a
-- seal: each line once. aftale is nil where no agreement opened it. transaktion is that of the last call.
CREATE TABLE forbrug (
    system {uuid} NOT NULL,
    myndighed {int} NOT NULL,
    dag {int} NOT NULL,
    aftale {uuid} NOT NULL,
    operation {text} NOT NULL,
    objekttype {text} NOT NULL,
    udfald {text} NOT NULL,
    kald {int} NOT NULL,
    objekter {int} NOT NULL,
    sidst {int} NOT NULL,
    transaktion {uuid} NOT NULL,
    PRIMARY KEY (system, myndighed, dag, aftale, operation, objekttype, udfald)
) {small_rows};

-- What was done under an agreement by whoever acted for its system.
CREATE INDEX forbrug_aftale ON forbrug (aftale, myndighed, dag);

-- What may be forgotten.
CREATE INDEX forbrug_dag ON forbrug (dag);
