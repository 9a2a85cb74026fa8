-- depends: 0018.inbox_sending
--
-- A question is closed by any other word of the person, not only by its answer. The update that closed it is kept: after
-- a crash it is handled again, and must find the question that it answered.

ALTER TABLE question ADD COLUMN closed_by bigint;

COMMENT ON COLUMN question.closed_by IS 'The update that answered or closed it; null while it is open.';

CREATE INDEX question_open_idx ON question (platform, external_id);
