-- FreeRADIUS 3.2's tables in PostgreSQL, as far as logins and their sessions need them.
CREATE TABLE radcheck (
    id serial PRIMARY KEY,
    UserName text NOT NULL DEFAULT '',
    Attribute text NOT NULL DEFAULT '',
    op VARCHAR(2) NOT NULL DEFAULT '==',
    Value text NOT NULL DEFAULT ''
);
CREATE INDEX radcheck_UserName ON radcheck (UserName, Attribute);

CREATE TABLE radreply (
    id serial PRIMARY KEY,
    UserName text NOT NULL DEFAULT '',
    Attribute text NOT NULL DEFAULT '',
    op VARCHAR(2) NOT NULL DEFAULT '=',
    Value text NOT NULL DEFAULT ''
);
CREATE INDEX radreply_UserName ON radreply (UserName, Attribute);

CREATE TABLE radusergroup (
    id serial PRIMARY KEY,
    UserName text NOT NULL DEFAULT '',
    GroupName text NOT NULL DEFAULT '',
    priority integer NOT NULL DEFAULT 0
);
CREATE INDEX radusergroup_UserName ON radusergroup (UserName);

CREATE TABLE radgroupcheck (
    id serial PRIMARY KEY,
    GroupName text NOT NULL DEFAULT '',
    Attribute text NOT NULL DEFAULT '',
    op VARCHAR(2) NOT NULL DEFAULT '==',
    Value text NOT NULL DEFAULT ''
);

CREATE TABLE radgroupreply (
    id serial PRIMARY KEY,
    GroupName text NOT NULL DEFAULT '',
    Attribute text NOT NULL DEFAULT '',
    op VARCHAR(2) NOT NULL DEFAULT '=',
    Value text NOT NULL DEFAULT ''
);

CREATE TABLE radacct (
    RadAcctId bigserial PRIMARY KEY,
    AcctSessionId text NOT NULL,
    AcctUniqueId text UNIQUE,
    UserName text,
    NASIPAddress inet NOT NULL,
    NASPortId text,
    FramedIPAddress inet,
    CallingStationId text,
    AcctTerminateCause text,
    AcctInputOctets bigint,
    AcctOutputOctets bigint,
    AcctStartTime timestamp with time zone,
    AcctUpdateTime timestamp with time zone,
    AcctStopTime timestamp with time zone,
    Class text
);
CREATE INDEX radacct_UserName ON radacct (UserName);

CREATE TABLE nas (
    id serial PRIMARY KEY,
    nasname text NOT NULL,
    shortname text,
    type text NOT NULL DEFAULT 'other',
    secret text NOT NULL
);
