CREATE TABLE kezhi.lease (
    name TEXT COLLATE "C" NOT NULL,
    holder UUID NOT NULL,
    token BIGINT NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE kezhi.outbox (
    id UUID NOT NULL,
    tenant name DEFAULT CURRENT_USER NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    payload JSONB NOT NULL,
    queue TEXT COLLATE "C" DEFAULT 'default' NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    state TEXT COLLATE "C" DEFAULT 'waiting' NOT NULL,
    sends INTEGER DEFAULT '0' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    retries INTEGER DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    reason TEXT COLLATE "C",
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_finished_idx ON kezhi.outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_lease_idx ON kezhi.outbox (lease_until) WHERE state IN ('sent', 'running');
CREATE INDEX outbox_waiting_idx ON kezhi.outbox (queue, tenant, not_before, id) WHERE state = 'waiting';

CREATE TABLE kezhi.ticks (
    job TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (job, at)
);

CREATE TABLE kezhi.timer_request (
    id UUID NOT NULL,
    tenant name DEFAULT CURRENT_USER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    due TIMESTAMP WITH TIME ZONE,
    message TEXT COLLATE "C" NOT NULL,
    payload JSONB NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE kezhi.timers (
    tenant name DEFAULT CURRENT_USER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    payload JSONB NOT NULL,
    PRIMARY KEY (tenant, key)
);
CREATE INDEX ix_kezhi_timers_due ON kezhi.timers (due);

CREATE TABLE kezhi.touched (
    id UUID NOT NULL,
    tenant name DEFAULT CURRENT_USER NOT NULL,
    PRIMARY KEY (id)
);
