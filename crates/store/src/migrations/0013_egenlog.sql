-- Words in {braces} are what the two databases call different things; see skema.rs.

-- What one person did for one party, the newest first: a party's lines are many, a person's may be none.
CREATE INDEX aendringslog_part_bruger ON aendringslog (part, bruger, nr);
