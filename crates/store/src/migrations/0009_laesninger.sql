-- What was read for an authority, for the control of the log.
CREATE INDEX adgangslog_myndighed ON adgangslog (myndighed, tid);
