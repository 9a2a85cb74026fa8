-- depends: 0047.range_alerts
--
-- Since members of a group take turns, a lane is no longer answered in the order of arrival.
COMMENT ON COLUMN inbox.lane IS
    'Chat of the update. One update of a lane is answered at a time, in the order of each sender, those of different lanes at once; - once it was answered or given up.';
