-- depends: 0021.rearm
--
-- What the account had been granted when the last digest was told: a change leaves out what was granted since.
ALTER TABLE push_digest ADD COLUMN granted numeric;
