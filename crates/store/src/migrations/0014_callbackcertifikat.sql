-- Words in {braces} are what the two databases call different things; see skema.rs.

-- When the certificate expires that the receiver of push showed the last time.
ALTER TABLE dueslag_drift ADD COLUMN certifikat {int};
