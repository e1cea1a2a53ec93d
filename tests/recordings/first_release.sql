-- What the first release (migration lots.0001) had written at an ordinary place: SQL that SQLite and PostgreSQL both read.
INSERT INTO auth_user (password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) VALUES
 ('pbkdf2_sha256$1$x$admin', '2026-01-02 08:00:00', TRUE, 'admin', 'Ada', 'Min', 'ada@example.org', TRUE, TRUE, '2026-01-01 08:00:00'),
 ('pbkdf2_sha256$1$x$rita', NULL, FALSE, 'rita', 'Rita', 'Désk', '', FALSE, TRUE, '2026-01-01 08:00:00'),
 ('!unusable', NULL, FALSE, 'gone', '', '', '', FALSE, FALSE, '2026-01-01 08:00:00');
INSERT INTO auth_group (name) VALUES ('Night shift');
INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id FROM auth_user u, auth_group g WHERE u.username = 'rita';
INSERT INTO lots_pbx (name, link_state, link_since, link_reason, ami_version, lease_holder, lease_until) VALUES
 ('main', 'hearing', '2026-01-02 07:00:00', '', '11.0.0', 'b/4:1234:ab', '2026-01-02 09:00:12');
INSERT INTO lots_parkinglot (pbx_id, name, label, first_slot, last_slot, timeout, observed, present, on_board, revision) VALUES
 ((SELECT id FROM lots_pbx), 'default', 'Default', 701, 720, 45, TRUE, TRUE, TRUE, 4711),
 ((SELECT id FROM lots_pbx), 'Old_Sales', 'Verkauf „alt“', 741, 745, 0, TRUE, FALSE, FALSE, 3);
INSERT INTO lots_phone (pbx_id, number, name, device, owner_id) VALUES
 ((SELECT id FROM lots_pbx), '201', 'Desk', 'PJSIP/201', (SELECT id FROM auth_user WHERE username = 'rita')),
 ((SELECT id FROM lots_pbx), '*9', 'Hall', 'SIP/hall.1-x', NULL);
INSERT INTO lots_parkedcall (lot_id, slot, uniqueid, linkedid, channel, caller_number, caller_name, parker_number, parker_name, parker_device, parked_at, timeout_at, ended_at, outcome, retriever_number, retriever_name, retriever_channel, claim_until, claimed_by_id, retrieved_by_id)
 VALUES
 ((SELECT id FROM lots_parkinglot WHERE name = 'default'), 701, '1767340800.1', '1767340800.1', 'PJSIP/t-1', '+4930123', 'Zoë', '201', 'Rita', 'PJSIP/201', '2026-01-02 08:30:00.123456', '2026-01-02 08:30:45', NULL, '', '', '', '', '2026-01-02 08:31:00', (SELECT id FROM auth_user WHERE username = 'rita'), NULL),
 ((SELECT id FROM lots_parkinglot WHERE name = 'default'), 702, '1767340800.2', '', 'PJSIP/t-2', '', '', '', '', '', '2026-01-02 08:10:00', NULL, '2026-01-02 08:10:30.5', 'retrieved', '201', 'Rita', 'PJSIP/201-9', NULL, NULL, (SELECT id FROM auth_user WHERE username = 'rita')),
 ((SELECT id FROM lots_parkinglot WHERE name = 'Old_Sales'), 741, '1767340800.3', '', '', '5551', 'Bob', '', '', '', '2026-01-01 12:00:00', NULL, '2026-01-01 12:05:00', 'abandoned', '', '', '', NULL, NULL, NULL),
 ((SELECT id FROM lots_parkinglot WHERE name = 'default'), 703, '1767340800.4', '', '', '5552', 'Eve', '', '', '', '2026-01-01 12:00:00', NULL, '2026-01-01 12:05:00', 'left', '', '', '', NULL, NULL, NULL);
