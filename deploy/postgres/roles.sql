-- Makes Shequ's database and its roles, or gives the roles new passwords; run it again at will.
--
--   psql --set=ON_ERROR_STOP=1 --file=deploy/postgres/roles.sql "$ADMINISTRATOR_URL"
--
-- Passwords come from the environment. The administrator needs CREATEROLE and CREATEDB, no more.

\getenv owner_password SHEQU_PASSWORD_OWNER
\getenv gateway_password SHEQU_PASSWORD_GATEWAY
\getenv workstation_password SHEQU_PASSWORD_WORKSTATION
\getenv committee_password SHEQU_PASSWORD_COMMITTEE

CREATE TEMPORARY TABLE wanted (role text NOT NULL, password text NOT NULL CHECK (length(password) >= 16));
INSERT INTO wanted VALUES
    ('shequ_owner', :'owner_password'),
    ('shequ_gateway', :'gateway_password'),
    ('shequ_workstation', :'workstation_password'),
    ('shequ_committee', :'committee_password');

SELECT format('CREATE ROLE %I LOGIN', role)
FROM wanted WHERE role NOT IN (SELECT rolname FROM pg_roles) \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', role, password) FROM wanted \gexec

-- Whoever makes a database for another role must be a member of it; a superuser already is.
SELECT 'GRANT shequ_owner TO CURRENT_USER'
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
SELECT $$CREATE DATABASE shequ OWNER shequ_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'$$
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'shequ') \gexec
REVOKE ALL ON DATABASE shequ FROM PUBLIC;
GRANT CONNECT ON DATABASE shequ
    TO shequ_owner, shequ_gateway, shequ_workstation, shequ_committee;
