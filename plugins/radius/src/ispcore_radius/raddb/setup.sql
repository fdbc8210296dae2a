-- Makes the database @DATABASE@ with its two users. This file has their passwords in it.
\set ON_ERROR_STOP on
CREATE ROLE @DATABASE@_server LOGIN PASSWORD '@SERVER_PASSWORD@';
CREATE ROLE @DATABASE@_logins LOGIN PASSWORD '@LOGINS_PASSWORD@';
CREATE DATABASE @DATABASE@;
\connect @DATABASE@

@SCHEMA@
-- FreeRADIUS reads the logins and access points, and writes who connects.
GRANT SELECT ON radcheck, radreply, radusergroup, radgroupcheck, radgroupreply, nas TO @DATABASE@_server;
GRANT SELECT, INSERT, UPDATE ON radacct, radpostauth TO @DATABASE@_server;
-- ispcore writes the logins and access points, and reads who connects.
GRANT SELECT, INSERT, UPDATE, DELETE ON radcheck, radreply, radusergroup, radgroupcheck, radgroupreply, nas
    TO @DATABASE@_logins;
GRANT SELECT, UPDATE ON radacct TO @DATABASE@_logins;
GRANT SELECT ON radpostauth TO @DATABASE@_logins;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO @DATABASE@_server, @DATABASE@_logins;
