-- Tenants hand over and never look back: INSERT only, each under its own name, no SELECT, so no RETURNING either.
GRANT USAGE ON SCHEMA kezhi TO @tenants@, @relay@, @sequencer@;

GRANT INSERT (id, message, payload, queue, not_before) ON kezhi.outbox TO @tenants@;
GRANT INSERT (id, key, due, message, payload) ON kezhi.timer_request TO @tenants@;
GRANT INSERT (id) ON kezhi.touched TO @tenants@;

GRANT SELECT, INSERT, UPDATE, DELETE ON kezhi.outbox, kezhi.timer_request, kezhi.timers, kezhi.ticks, kezhi.lease TO @relay@;
GRANT SELECT, DELETE ON kezhi.touched TO @sequencer@;
GRANT SELECT, INSERT, UPDATE, DELETE ON kezhi.lease TO @sequencer@;

ALTER TABLE kezhi.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE kezhi.timer_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE kezhi.touched ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_name ON kezhi.outbox FOR INSERT TO @tenants@ WITH CHECK (tenant = current_user);
CREATE POLICY own_name ON kezhi.timer_request FOR INSERT TO @tenants@ WITH CHECK (tenant = current_user);
CREATE POLICY own_name ON kezhi.touched FOR INSERT TO @tenants@ WITH CHECK (tenant = current_user);
CREATE POLICY background ON kezhi.outbox TO @relay@ USING (true) WITH CHECK (true);
CREATE POLICY background ON kezhi.timer_request TO @relay@ USING (true) WITH CHECK (true);
CREATE POLICY background ON kezhi.touched TO @sequencer@ USING (true) WITH CHECK (true);
