-- Words in {braces} are what the two databases call different things; see skema.rs.

-- What entities of the module sort by in the columns of lists, beside the order of their keys. orden: the value, the sign 1,
-- and what rows with the same value sort by; it begins with the sign 1 where there is no value.
CREATE TABLE modulorden (
    art {text} NOT NULL,
    id {uuid} NOT NULL,
    kolonne {text} NOT NULL,
    orden {text} NOT NULL,
    PRIMARY KEY (art, id, kolonne)
) {small_rows};

CREATE INDEX modulorden_plads ON modulorden (art, kolonne, orden, id);

-- Whether an entity has a key is looked up by the entity, however common the key is: without the last two a planner may
-- rather look through everything that has the key.
DROP INDEX modulnoegle_id;
CREATE INDEX modulnoegle_id ON modulnoegle (art, id, felt, vaerdi);
