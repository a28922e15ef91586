CREATE TABLE audit_key (
    kid TEXT COLLATE "C" NOT NULL,
    public BYTEA NOT NULL,
    sealed_private BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT audit_key_pkey PRIMARY KEY (kid)
);

CREATE TABLE cell (
    name TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" DEFAULT '' NOT NULL,
    port INTEGER DEFAULT '0' NOT NULL,
    capacity INTEGER DEFAULT '500' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT cell_pkey PRIMARY KEY (name)
);

CREATE TABLE login (
    cell TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    sealed_password BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT login_pkey PRIMARY KEY (cell, name),
    CONSTRAINT login_cell_fkey FOREIGN KEY(cell) REFERENCES cell (name),
    CONSTRAINT login_role_key UNIQUE (role)
);

CREATE TABLE tenant (
    id UUID NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    cell TEXT COLLATE "C" NOT NULL,
    schema TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    schema_version TEXT COLLATE "C" DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    active_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT tenant_pkey PRIMARY KEY (id),
    CONSTRAINT tenant_cell_fkey FOREIGN KEY(cell, login) REFERENCES login (cell, name),
    CONSTRAINT tenant_slug_key UNIQUE (slug),
    CONSTRAINT tenant_schema_key UNIQUE (schema),
    CONSTRAINT tenant_idempotency_key_key UNIQUE (idempotency_key)
);
CREATE INDEX tenant_cell_login_idx ON tenant (cell, login);

CREATE TABLE audit_head (
    tenant_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    signature BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT audit_head_pkey PRIMARY KEY (tenant_id, seq),
    CONSTRAINT audit_head_tenant_id_fkey FOREIGN KEY(tenant_id) REFERENCES tenant (id) ON DELETE CASCADE,
    CONSTRAINT audit_head_kid_fkey FOREIGN KEY(kid) REFERENCES audit_key (kid)
);

CREATE TABLE secret_key (
    kid TEXT COLLATE "C" NOT NULL,
    tenant_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT secret_key_pkey PRIMARY KEY (kid),
    CONSTRAINT secret_key_tenant_id_fkey FOREIGN KEY(tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX secret_key_tenant_id_created_at_idx ON secret_key (tenant_id, created_at);

CREATE TABLE token_key (
    kid TEXT COLLATE "C" NOT NULL,
    tenant_id UUID NOT NULL,
    public BYTEA NOT NULL,
    sealed_private BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT token_key_pkey PRIMARY KEY (kid),
    CONSTRAINT token_key_tenant_id_fkey FOREIGN KEY(tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX token_key_tenant_id_created_at_idx ON token_key (tenant_id, created_at);
