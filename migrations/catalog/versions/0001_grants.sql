-- The login of the running processes; databases, roles and cells are made by the administrator.
GRANT USAGE ON SCHEMA public TO @catalog@;

GRANT SELECT ON cell, login, audit_key TO @catalog@;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenant, token_key, secret_key TO @catalog@;
GRANT SELECT, INSERT ON audit_head TO @catalog@;
