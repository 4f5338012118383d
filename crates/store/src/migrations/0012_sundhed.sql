-- Words in {braces} are what the two databases call different things; see skema.rs.

-- What a system did lately, for whomever.
CREATE INDEX forbrug_system ON forbrug (system, dag);
