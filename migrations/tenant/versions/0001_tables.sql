CREATE TABLE audit_entry (
    id UUID NOT NULL,
    seq BIGINT,
    prev_hash BYTEA,
    hash BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    principal_kind TEXT COLLATE "C" NOT NULL,
    principal_id UUID NOT NULL,
    client_id TEXT COLLATE "C" DEFAULT '' NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    record_id UUID,
    record_version INTEGER,
    request_id TEXT COLLATE "C" DEFAULT '' NOT NULL,
    address TEXT COLLATE "C" DEFAULT '' NOT NULL,
    agent TEXT COLLATE "C" DEFAULT '' NOT NULL,
    scope TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT audit_entry_pkey PRIMARY KEY (id),
    CONSTRAINT audit_entry_seq_key UNIQUE (seq)
);
CREATE INDEX audit_entry_action_created_at_id_idx ON audit_entry (action, created_at, id);
CREATE INDEX audit_entry_created_at_id_idx ON audit_entry (created_at, id);
CREATE INDEX audit_entry_object_name_created_at_id_idx ON audit_entry (object_name, created_at, id);
CREATE INDEX audit_entry_principal_id_created_at_id_idx ON audit_entry (principal_id, created_at, id);
CREATE INDEX audit_entry_record_id_created_at_id_idx ON audit_entry (record_id, created_at, id);
CREATE INDEX audit_entry_unsequenced_idx ON audit_entry (id) WHERE seq IS NULL;

CREATE TABLE change (
    id UUID NOT NULL,
    seq BIGINT,
    object_number SMALLINT NOT NULL,
    record_id UUID NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT change_pkey PRIMARY KEY (id),
    CONSTRAINT change_seq_key UNIQUE (seq)
);
CREATE INDEX change_unsequenced_idx ON change (id) WHERE seq IS NULL;

CREATE TABLE client_mutation (
    principal_id UUID NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    request_hash BYTEA NOT NULL,
    ids JSONB DEFAULT '{}' NOT NULL,
    errors JSONB DEFAULT '[]' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT client_mutation_pkey PRIMARY KEY (principal_id, client_id, key)
);
CREATE INDEX client_mutation_created_at_idx ON client_mutation (created_at);

CREATE TABLE department (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    parent_id UUID,
    manager_id UUID,
    CONSTRAINT department_pkey PRIMARY KEY (id),
    CONSTRAINT department_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES department (id)
);

CREATE TABLE job (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'queued' NOT NULL,
    progress BIGINT DEFAULT '0' NOT NULL,
    total BIGINT,
    reason TEXT COLLATE "C",
    details JSONB,
    requested_by_id UUID,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT job_pkey PRIMARY KEY (id)
);

CREATE TABLE number_counter (
    field_id UUID NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT number_counter_pkey PRIMARY KEY (field_id, period)
);

CREATE TABLE object_definition (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    number SMALLINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    plural_name TEXT COLLATE "C" NOT NULL,
    table_name TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    plural_label_zh TEXT COLLATE "C" NOT NULL,
    plural_label_en TEXT COLLATE "C" NOT NULL,
    title_field TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'live' NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    audit_reads BOOLEAN DEFAULT false NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT object_definition_pkey PRIMARY KEY (id),
    CONSTRAINT object_definition_number_key UNIQUE (number),
    CONSTRAINT object_definition_name_key UNIQUE (name),
    CONSTRAINT object_definition_plural_name_key UNIQUE (plural_name),
    CONSTRAINT object_definition_table_name_key UNIQUE (table_name)
);

CREATE TABLE pack_installation (
    name TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    installed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    conflicts JSONB DEFAULT '[]' NOT NULL,
    content TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT pack_installation_pkey PRIMARY KEY (name)
);

CREATE TABLE record_history (
    id UUID NOT NULL,
    object_number SMALLINT NOT NULL,
    record_id UUID NOT NULL,
    version INTEGER NOT NULL,
    verb TEXT COLLATE "C" NOT NULL,
    principal_id UUID NOT NULL,
    changes JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT record_history_pkey PRIMARY KEY (id)
);
CREATE INDEX record_history_record_id_version_idx ON record_history (record_id, version);

CREATE TABLE report_snapshot (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    report TEXT COLLATE "C" NOT NULL,
    taken_on DATE NOT NULL,
    CONSTRAINT report_snapshot_pkey PRIMARY KEY (id),
    CONSTRAINT report_snapshot_report_taken_on_key UNIQUE (report, taken_on)
);

CREATE TABLE role (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    is_admin BOOLEAN DEFAULT false NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT role_pkey PRIMARY KEY (id),
    CONSTRAINT role_name_key UNIQUE (name)
);

CREATE TABLE sign_in_failure (
    key BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT sign_in_failure_pkey PRIMARY KEY (key)
);

CREATE TABLE state (
    "only" BOOLEAN DEFAULT true NOT NULL CONSTRAINT state_only_check CHECK ("only"),
    schema_version TEXT COLLATE "C" NOT NULL,
    metadata_version BIGINT DEFAULT '1' NOT NULL,
    access_version BIGINT DEFAULT '1' NOT NULL,
    fenced BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT state_pkey PRIMARY KEY ("only")
);

CREATE TABLE tenant_setting (
    "only" BOOLEAN DEFAULT true NOT NULL CONSTRAINT tenant_setting_only_check CHECK ("only"),
    name TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" DEFAULT 'Asia/Shanghai' NOT NULL,
    language TEXT COLLATE "C" DEFAULT 'zh' NOT NULL,
    phone_region TEXT COLLATE "C" DEFAULT 'CN' NOT NULL,
    currency CHAR(3) DEFAULT 'CNY' NOT NULL,
    trusted_only BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT tenant_setting_pkey PRIMARY KEY ("only")
);

CREATE TABLE trusted_document (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'live' NOT NULL,
    created_by_id UUID,
    CONSTRAINT trusted_document_pkey PRIMARY KEY (id),
    CONSTRAINT trusted_document_key_key UNIQUE (key)
);

CREATE TABLE value_lock (
    hash BYTEA NOT NULL,
    CONSTRAINT value_lock_pkey PRIMARY KEY (hash)
);

CREATE TABLE department_closure (
    ancestor_id UUID NOT NULL,
    descendant_id UUID NOT NULL,
    depth INTEGER NOT NULL,
    CONSTRAINT department_closure_pkey PRIMARY KEY (ancestor_id, descendant_id),
    CONSTRAINT department_closure_ancestor_id_fkey FOREIGN KEY(ancestor_id) REFERENCES department (id),
    CONSTRAINT department_closure_descendant_id_fkey FOREIGN KEY(descendant_id) REFERENCES department (id)
);
CREATE INDEX department_closure_descendant_id_depth_idx ON department_closure (descendant_id, depth);

CREATE TABLE field_definition (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    object_id UUID NOT NULL,
    number SMALLINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    column_name TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'live' NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    required BOOLEAN DEFAULT false NOT NULL,
    is_unique BOOLEAN DEFAULT false NOT NULL,
    is_indexed BOOLEAN DEFAULT false NOT NULL,
    read_only BOOLEAN DEFAULT false NOT NULL,
    audit_reads BOOLEAN DEFAULT false NOT NULL,
    options JSONB DEFAULT '{}' NOT NULL,
    target_object TEXT COLLATE "C",
    inverse_name TEXT COLLATE "C",
    inverse_label_zh TEXT COLLATE "C",
    inverse_label_en TEXT COLLATE "C",
    delete_rule TEXT COLLATE "C",
    required_if TEXT COLLATE "C",
    required_if_tree JSONB,
    visible_if TEXT COLLATE "C",
    visible_if_tree JSONB,
    read_only_if TEXT COLLATE "C",
    read_only_if_tree JSONB,
    offered_by TEXT COLLATE "C",
    offered JSONB,
    lines_by TEXT COLLATE "C",
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT field_definition_pkey PRIMARY KEY (id),
    CONSTRAINT field_definition_object_id_number_key UNIQUE (object_id, number),
    CONSTRAINT field_definition_object_id_name_key UNIQUE (object_id, name),
    CONSTRAINT field_definition_object_id_column_name_key UNIQUE (object_id, column_name),
    CONSTRAINT field_definition_object_id_fkey FOREIGN KEY(object_id) REFERENCES object_definition (id)
);

CREATE TABLE index_definition (
    id UUID NOT NULL,
    object_id UUID NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fields TEXT[] COLLATE "C" NOT NULL,
    is_unique BOOLEAN DEFAULT false NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'live' NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT index_definition_pkey PRIMARY KEY (id),
    CONSTRAINT index_definition_object_id_fkey FOREIGN KEY(object_id) REFERENCES object_definition (id),
    CONSTRAINT index_definition_name_key UNIQUE (name)
);

CREATE TABLE object_permission (
    role_id UUID NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    can_create BOOLEAN DEFAULT false NOT NULL,
    read_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    update_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    delete_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    can_import BOOLEAN DEFAULT false NOT NULL,
    export_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    share_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    merge_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    bulk_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    assign_scope TEXT COLLATE "C" DEFAULT 'none' NOT NULL,
    CONSTRAINT object_permission_pkey PRIMARY KEY (role_id, object_name),
    CONSTRAINT object_permission_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id)
);

CREATE TABLE report_snapshot_row (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    snapshot_id UUID NOT NULL,
    position INTEGER NOT NULL,
    dimensions JSONB NOT NULL,
    record_count BIGINT NOT NULL,
    amount NUMERIC(20, 4),
    currency CHAR(3),
    CONSTRAINT report_snapshot_row_pkey PRIMARY KEY (id),
    CONSTRAINT report_snapshot_row_snapshot_id_position_key UNIQUE (snapshot_id, position),
    CONSTRAINT report_snapshot_row_snapshot_id_fkey FOREIGN KEY(snapshot_id) REFERENCES report_snapshot (id)
);

CREATE TABLE "user" (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_sort TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C",
    title TEXT COLLATE "C",
    password_hash TEXT COLLATE "C",
    department_id UUID,
    language TEXT COLLATE "C",
    zone TEXT COLLATE "C",
    state TEXT COLLATE "C" DEFAULT 'active' NOT NULL,
    CONSTRAINT user_pkey PRIMARY KEY (id),
    CONSTRAINT user_email_key UNIQUE (email),
    CONSTRAINT user_department_id_fkey FOREIGN KEY(department_id) REFERENCES department (id)
);
CREATE INDEX user_department_id_idx ON "user" (department_id);

CREATE TABLE validation_rule (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    object_id UUID NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    expression TEXT COLLATE "C" NOT NULL,
    tree JSONB NOT NULL,
    message_zh TEXT COLLATE "C" NOT NULL,
    message_en TEXT COLLATE "C" NOT NULL,
    fields TEXT[] COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'live' NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT validation_rule_pkey PRIMARY KEY (id),
    CONSTRAINT validation_rule_object_id_name_key UNIQUE (object_id, name),
    CONSTRAINT validation_rule_object_id_fkey FOREIGN KEY(object_id) REFERENCES object_definition (id)
);

CREATE TABLE choice_option (
    id UUID NOT NULL,
    field_id UUID NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    retired BOOLEAN DEFAULT false NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT choice_option_pkey PRIMARY KEY (id),
    CONSTRAINT choice_option_field_id_key_key UNIQUE (field_id, key),
    CONSTRAINT choice_option_field_id_fkey FOREIGN KEY(field_id) REFERENCES field_definition (id)
);

CREATE TABLE notification (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    title_zh TEXT COLLATE "C" NOT NULL,
    title_en TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    record_id UUID,
    is_copy BOOLEAN DEFAULT false NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    dedup_key TEXT COLLATE "C" NOT NULL,
    CONSTRAINT notification_pkey PRIMARY KEY (id),
    CONSTRAINT notification_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id),
    CONSTRAINT notification_dedup_key_key UNIQUE (dedup_key)
);
CREATE INDEX notification_user_id_created_at_idx ON notification (user_id, created_at);

CREATE TABLE team (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    CONSTRAINT team_pkey PRIMARY KEY (id),
    CONSTRAINT team_name_key UNIQUE (name)
);

CREATE TABLE department_member (
    department_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT department_member_pkey PRIMARY KEY (department_id, user_id),
    CONSTRAINT department_member_department_id_fkey FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT department_member_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id)
);
CREATE INDEX department_member_user_id_idx ON department_member (user_id);

CREATE TABLE delegation (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    from_user_id UUID NOT NULL,
    to_user_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT delegation_pkey PRIMARY KEY (id),
    CONSTRAINT delegation_from_user_id_fkey FOREIGN KEY(from_user_id) REFERENCES "user" (id),
    CONSTRAINT delegation_to_user_id_fkey FOREIGN KEY(to_user_id) REFERENCES "user" (id)
);
CREATE INDEX delegation_to_user_id_ends_at_idx ON delegation (to_user_id, ends_at);

CREATE TABLE team_member (
    team_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT team_member_pkey PRIMARY KEY (team_id, user_id),
    CONSTRAINT team_member_team_id_fkey FOREIGN KEY(team_id) REFERENCES team (id),
    CONSTRAINT team_member_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id)
);
CREATE INDEX team_member_user_id_idx ON team_member (user_id);

CREATE TABLE role_member (
    role_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT role_member_pkey PRIMARY KEY (role_id, user_id),
    CONSTRAINT role_member_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id),
    CONSTRAINT role_member_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id)
);
CREATE INDEX role_member_user_id_idx ON role_member (user_id);

CREATE TABLE client (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role_id UUID NOT NULL,
    scopes TEXT[] NOT NULL,
    secret_hash BYTEA NOT NULL,
    secret_expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'active' NOT NULL,
    CONSTRAINT client_pkey PRIMARY KEY (id),
    CONSTRAINT client_name_key UNIQUE (name),
    CONSTRAINT client_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id)
);
CREATE INDEX client_role_id_idx ON client (role_id);

CREATE TABLE session (
    id UUID NOT NULL,
    user_id UUID,
    client_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    address TEXT COLLATE "C" DEFAULT '' NOT NULL,
    agent TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_bearer_check CHECK ((user_id IS NULL) <> (client_id IS NULL)),
    CONSTRAINT session_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id),
    CONSTRAINT session_client_id_fkey FOREIGN KEY(client_id) REFERENCES client (id)
);
CREATE INDEX session_client_id_idx ON session (client_id);
CREATE INDEX session_user_id_idx ON session (user_id);

CREATE TABLE api_token (
    id UUID NOT NULL,
    hash BYTEA NOT NULL,
    user_id UUID,
    client_id UUID,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    scopes TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_token_pkey PRIMARY KEY (id),
    CONSTRAINT api_token_scopes_check CHECK (cardinality(scopes) > 0),
    CONSTRAINT api_token_id_fkey FOREIGN KEY(id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT api_token_hash_key UNIQUE (hash),
    CONSTRAINT api_token_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id),
    CONSTRAINT api_token_client_id_fkey FOREIGN KEY(client_id) REFERENCES client (id)
);
CREATE INDEX api_token_client_id_idx ON api_token (client_id);
CREATE INDEX api_token_user_id_idx ON api_token (user_id);

CREATE TABLE refresh_token (
    hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    replaced_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_session_id_idx ON refresh_token (session_id);

CREATE TABLE field_permission (
    role_id UUID NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    field_name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    mask TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT field_permission_pkey PRIMARY KEY (role_id, object_name, field_name),
    CONSTRAINT field_permission_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id)
);

CREATE TABLE criteria_rule (
    id UUID NOT NULL,
    role_id UUID,
    user_id UUID,
    department_id UUID,
    team_id UUID,
    object_name TEXT COLLATE "C" NOT NULL,
    reach TEXT COLLATE "C" NOT NULL,
    condition JSONB NOT NULL,
    CONSTRAINT criteria_rule_pkey PRIMARY KEY (id),
    CONSTRAINT criteria_rule_grantee_check CHECK ((role_id IS NOT NULL)::integer + (user_id IS NOT NULL)::integer + (department_id IS NOT NULL)::integer + (team_id IS NOT NULL)::integer = 1),
    CONSTRAINT criteria_rule_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id),
    CONSTRAINT criteria_rule_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id),
    CONSTRAINT criteria_rule_department_id_fkey FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT criteria_rule_team_id_fkey FOREIGN KEY(team_id) REFERENCES team (id)
);
CREATE INDEX criteria_rule_role_id_idx ON criteria_rule (role_id);

CREATE TABLE action_permission (
    role_id UUID NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    CONSTRAINT action_permission_pkey PRIMARY KEY (role_id, action),
    CONSTRAINT action_permission_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id)
);

CREATE TABLE restriction (
    role_id UUID NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    verb TEXT COLLATE "C" NOT NULL,
    field_name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT restriction_pkey PRIMARY KEY (role_id, object_name, verb, field_name),
    CONSTRAINT restriction_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id)
);

CREATE TABLE record_share (
    id UUID NOT NULL,
    object_number INTEGER NOT NULL,
    record_id UUID NOT NULL,
    user_id UUID,
    department_id UUID,
    team_id UUID,
    reach TEXT COLLATE "C" NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT record_share_pkey PRIMARY KEY (id),
    CONSTRAINT record_share_grantee_check CHECK ((user_id IS NOT NULL)::integer + (department_id IS NOT NULL)::integer + (team_id IS NOT NULL)::integer = 1),
    CONSTRAINT record_share_user_id_fkey FOREIGN KEY(user_id) REFERENCES "user" (id),
    CONSTRAINT record_share_department_id_fkey FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT record_share_team_id_fkey FOREIGN KEY(team_id) REFERENCES team (id)
);
CREATE INDEX record_share_department_id_object_number_idx ON record_share (department_id, object_number);
CREATE UNIQUE INDEX record_share_record_id_user_id_department_id_team_id_idx ON record_share (record_id, user_id, department_id, team_id) NULLS NOT DISTINCT;
CREATE INDEX record_share_team_id_object_number_idx ON record_share (team_id, object_number);
CREATE INDEX record_share_user_id_object_number_idx ON record_share (user_id, object_number);

ALTER TABLE department ADD CONSTRAINT department_manager_id_fkey FOREIGN KEY(manager_id) REFERENCES "user" (id);

CREATE TABLE hand_over (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    from_user_id UUID NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'queued' NOT NULL,
    rules JSONB NOT NULL,
    deactivates BOOLEAN DEFAULT false NOT NULL,
    requested_by_id UUID,
    job_id UUID NOT NULL,
    moved BIGINT DEFAULT '0' NOT NULL,
    returned BIGINT DEFAULT '0' NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    locked_out_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT hand_over_pkey PRIMARY KEY (id),
    CONSTRAINT hand_over_from_user_id_fkey FOREIGN KEY(from_user_id) REFERENCES "user" (id),
    CONSTRAINT hand_over_job_id_fkey FOREIGN KEY(job_id) REFERENCES job (id)
);
CREATE INDEX hand_over_from_user_id_idx ON hand_over (from_user_id);

CREATE TABLE type_change (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    object_id UUID NOT NULL,
    field_id UUID NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    source JSONB NOT NULL,
    target JSONB NOT NULL,
    clears BOOLEAN NOT NULL,
    cleared BIGINT DEFAULT '0' NOT NULL,
    undoes_id UUID,
    job_id UUID,
    kept_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT type_change_pkey PRIMARY KEY (id),
    CONSTRAINT type_change_object_id_fkey FOREIGN KEY(object_id) REFERENCES object_definition (id),
    CONSTRAINT type_change_field_id_fkey FOREIGN KEY(field_id) REFERENCES field_definition (id),
    CONSTRAINT type_change_undoes_id_fkey FOREIGN KEY(undoes_id) REFERENCES type_change (id)
);
CREATE INDEX type_change_field_id_idx ON type_change (field_id);

CREATE TABLE hand_over_record (
    hand_over_id UUID NOT NULL,
    record_id UUID NOT NULL,
    to_user_id UUID NOT NULL,
    reversed BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT hand_over_record_pkey PRIMARY KEY (hand_over_id, record_id),
    CONSTRAINT hand_over_record_hand_over_id_fkey FOREIGN KEY(hand_over_id) REFERENCES hand_over (id)
);

CREATE TABLE saved_view (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" DEFAULT 'table' NOT NULL,
    owner_id UUID,
    shared_with JSONB,
    filter JSONB,
    order_by JSONB,
    group_by JSONB,
    columns JSONB,
    settings JSONB,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT saved_view_pkey PRIMARY KEY (id),
    CONSTRAINT saved_view_owner_id_fkey FOREIGN KEY(owner_id) REFERENCES "user" (id)
);
CREATE INDEX saved_view_object_name_idx ON saved_view (object_name);
CREATE INDEX saved_view_owner_id_idx ON saved_view (owner_id);

CREATE TABLE default_view (
    object_name TEXT COLLATE "C" NOT NULL,
    role_id UUID,
    view_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT default_view_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE CASCADE,
    CONSTRAINT default_view_view_id_fkey FOREIGN KEY(view_id) REFERENCES saved_view (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX default_view_object_name_role_id_idx ON default_view (object_name, role_id) NULLS NOT DISTINCT;
CREATE INDEX default_view_view_id_idx ON default_view (view_id);

CREATE TABLE dictionary (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT dictionary_pkey PRIMARY KEY (id),
    CONSTRAINT dictionary_name_key UNIQUE (name)
);

CREATE TABLE dictionary_entry (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    dictionary_id UUID NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    retired BOOLEAN DEFAULT false NOT NULL,
    parent_id UUID,
    merged_into_id UUID,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT dictionary_entry_pkey PRIMARY KEY (id),
    CONSTRAINT dictionary_entry_dictionary_id_key_key UNIQUE (dictionary_id, key),
    CONSTRAINT dictionary_entry_dictionary_id_fkey FOREIGN KEY(dictionary_id) REFERENCES dictionary (id) ON DELETE CASCADE,
    CONSTRAINT dictionary_entry_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES dictionary_entry (id),
    CONSTRAINT dictionary_entry_merged_into_id_fkey FOREIGN KEY(merged_into_id) REFERENCES dictionary_entry (id)
);

CREATE TABLE layout (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    role_id UUID,
    stage_field TEXT COLLATE "C" DEFAULT '' NOT NULL,
    stage TEXT COLLATE "C" DEFAULT '' NOT NULL,
    sections JSONB NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pack_values JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT layout_pkey PRIMARY KEY (id),
    CONSTRAINT layout_role_id_fkey FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX layout_object_name_role_id_stage_field_stage_idx ON layout (object_name, role_id, stage_field, stage) NULLS NOT DISTINCT;

CREATE TABLE file (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by_id UUID NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    sha256 BYTEA,
    state TEXT COLLATE "C" DEFAULT 'expected' NOT NULL,
    reason TEXT COLLATE "C",
    key TEXT COLLATE "C" NOT NULL,
    thumbnail_key TEXT COLLATE "C",
    object_number SMALLINT NOT NULL,
    field_number SMALLINT NOT NULL,
    record_id UUID,
    attached_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT file_pkey PRIMARY KEY (id),
    CONSTRAINT file_size_check CHECK (size >= 0),
    CONSTRAINT file_key_key UNIQUE (key)
);
CREATE INDEX file_record_id_idx ON file (record_id);
CREATE INDEX file_unattached_idx ON file (created_by_id, created_at) WHERE record_id IS NULL;

CREATE TABLE pilot (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'running' NOT NULL,
    "group" JSONB NOT NULL,
    coordinates JSONB NOT NULL,
    started_by_id UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pilot_pkey PRIMARY KEY (id),
    CONSTRAINT pilot_started_by_id_fkey FOREIGN KEY(started_by_id) REFERENCES "user" (id)
);
CREATE INDEX pilot_running_idx ON pilot (id) WHERE state = 'running';

CREATE TABLE change_set (
    id UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'draft' NOT NULL,
    steps JSONB NOT NULL,
    metadata_version BIGINT NOT NULL,
    created_by_id UUID,
    CONSTRAINT change_set_pkey PRIMARY KEY (id)
);

CREATE TABLE publication (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    number BIGINT NOT NULL,
    metadata_version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    published_by_id UUID,
    change_set_id UUID,
    rolls_back_to BIGINT,
    actions JSONB NOT NULL,
    differences JSONB NOT NULL,
    undo JSONB NOT NULL,
    CONSTRAINT publication_pkey PRIMARY KEY (id),
    CONSTRAINT publication_number_key UNIQUE (number),
    CONSTRAINT publication_change_set_id_fkey FOREIGN KEY(change_set_id) REFERENCES change_set (id)
);
