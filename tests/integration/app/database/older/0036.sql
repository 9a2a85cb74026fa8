-- Rows as a desk of migration 0036 wrote them, beside those of 0016. Never edited: it stands for the databases of users.

UPDATE alert SET rearm = 1600, pause_ms = 60000 WHERE command_id = 'alert-2';
UPDATE push_digest SET granted = 1000000 WHERE person_id = 1;

-- A banned person who deleted their data, and one who comes back under another platform's name.
INSERT INTO person (id, language, timezone) OVERRIDING SYSTEM VALUE VALUES (5, 'en', 'UTC');
INSERT INTO identity (platform, external_id, person_id) VALUES ('telegram', '1005', 5);
INSERT INTO ban (person_id, reason, since) VALUES (5, 'spam', '2021-03-21 00:00Z');
SELECT forget_person(5, '2021-03-22 00:00Z', 1616371200000);

-- A join that can still be undone: Discord's 2006 joined person 1, whose alert stays apart.
INSERT INTO person (id, language, timezone) OVERRIDING SYSTEM VALUE VALUES (6, 'en', 'UTC');
SELECT setval('person_id_seq', 6);
INSERT INTO identity (platform, external_id, person_id) VALUES ('discord', '2006', 6);
INSERT INTO alert (id, command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,
                   market_time, created_at) OVERRIDING SYSTEM VALUE VALUES
    (40, 'alert-40', 6, 'discord', 'dm:2006', 'simulator', 'SOLUSDC', 'above', 25, false, true, 1, '2021-03-23 00:00Z');
SELECT setval('alert_id_seq', 40);
UPDATE link_code SET selector = 'EFGH', hash = sha256('other'), expires_at = now() + interval '10 minutes',
    claimed_platform = 'discord', claimed_id = '2006', state = 'open', how = NULL WHERE person_id = 1;
SELECT outcome FROM link_persons((SELECT id FROM link_code WHERE person_id = 1), 'discord', '2006', 'move', now(),
                                 1616457600000);

INSERT INTO delisting (market, symbol, delisted_at) VALUES ('simulator', 'OLDUSDC', 1616457600000);
INSERT INTO simulator_seed (secret) VALUES (sha256('seed'));
