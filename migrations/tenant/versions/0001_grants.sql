-- What the role that runs may do in its own schema. Definitions, roles and versions are only read: changing them is
-- definition work, which the owner role does. Facts (audit, history, change rows, snapshots) are inserted, never changed.
GRANT USAGE ON SCHEMA @schema@ TO @runtime@, @sequencer@;

GRANT SELECT ON state, tenant_setting, object_definition, field_definition, choice_option, index_definition, validation_rule,
    pack_installation, role, role_member, object_permission, field_permission, criteria_rule, restriction, department,
    department_closure, team, team_member, delegation, department_member, action_permission TO @runtime@;

GRANT SELECT, INSERT ON audit_entry, record_history, change, report_snapshot, report_snapshot_row TO @runtime@;

GRANT SELECT, INSERT, UPDATE ON "user", job, notification, number_counter TO @runtime@;

GRANT SELECT, INSERT, UPDATE, DELETE ON session, refresh_token, sign_in_failure, client_mutation, value_lock, record_share TO @runtime@;

-- The sequencer hands out `seq` after commit and links the audit chain; it orders entries of one record by its version.
GRANT SELECT ON audit_entry, change TO @sequencer@;
GRANT UPDATE (seq, prev_hash, hash) ON audit_entry TO @sequencer@;
GRANT UPDATE (seq) ON change TO @sequencer@;

-- What clients may name by a key is put down by definition work.
GRANT SELECT ON trusted_document TO @runtime@;

-- A hand-over is an order and what came of it; the rows of its records are marked when they went back.
GRANT SELECT, INSERT, UPDATE ON hand_over, hand_over_record TO @runtime@;

-- A change of a field's type is definition work; the job that goes over the records reads what it is about.
GRANT SELECT ON type_change TO @runtime@;

-- Partner clients are put down by definition work. A token is a row of its own, revoked together with its session.
GRANT SELECT ON client TO @runtime@;
GRANT SELECT, INSERT, UPDATE ON api_token TO @runtime@;

-- Whoever may see an object keeps views of it; which of them come first is put down by definition work.
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO @runtime@;
GRANT SELECT ON default_view TO @runtime@;

GRANT SELECT ON dictionary, dictionary_entry TO @runtime@;

GRANT SELECT ON layout TO @runtime@;

GRANT SELECT ON pilot TO @runtime@;
-- Change sets and what came of them are definition work.
GRANT SELECT ON change_set, publication TO @runtime@;

-- What is known of files; rows go once their bytes are gone.
GRANT SELECT, INSERT, UPDATE, DELETE ON file TO @runtime@;
