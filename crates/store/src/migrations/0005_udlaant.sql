-- Words in {braces} are what the two databases call different things; see skema.rs.

-- Where one process has the whole database, it keeps in memory what it has lent; see sqlite/udlaan.rs. Up to this place in
-- a dueslag something may have been handed out when it ended. Where servers share the database, koepost.laan_af tells.
CREATE TABLE udlaant (
    dueslag {uuid} NOT NULL PRIMARY KEY,
    plads {int} NOT NULL
) {small_rows};
