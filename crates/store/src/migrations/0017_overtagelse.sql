-- Words in {braces} are what the two databases call different things; see skema.rs.

-- How far files have been taken on into the indexes: written with the objects, so that a load that was stopped goes on where it
-- was. id: made of whose file it is and what the file is. version: one load of a file at a time.
CREATE TABLE overtagelse (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    tid {int} NOT NULL,
    krop {bytes} NOT NULL
) {large_rows};
