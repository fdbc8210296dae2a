-- FreeRADIUS's tables, under the names that its own schema gives them.
CREATE TABLE radcheck (
    id @SERIAL@,
    username varchar(64) NOT NULL DEFAULT '',
    attribute varchar(64) NOT NULL DEFAULT '',
    op varchar(2) NOT NULL DEFAULT '==',
    value varchar(253) NOT NULL DEFAULT ''
);
CREATE INDEX radcheck_username ON radcheck (username, attribute);

CREATE TABLE radreply (
    id @SERIAL@,
    username varchar(64) NOT NULL DEFAULT '',
    attribute varchar(64) NOT NULL DEFAULT '',
    op varchar(2) NOT NULL DEFAULT '=',
    value varchar(253) NOT NULL DEFAULT ''
);
CREATE INDEX radreply_username ON radreply (username, attribute);

CREATE TABLE radusergroup (
    id @SERIAL@,
    username varchar(64) NOT NULL DEFAULT '',
    groupname varchar(64) NOT NULL DEFAULT '',
    priority integer NOT NULL DEFAULT 0
);
CREATE INDEX radusergroup_username ON radusergroup (username);

CREATE TABLE radgroupcheck (
    id @SERIAL@,
    groupname varchar(64) NOT NULL DEFAULT '',
    attribute varchar(64) NOT NULL DEFAULT '',
    op varchar(2) NOT NULL DEFAULT '==',
    value varchar(253) NOT NULL DEFAULT ''
);
CREATE INDEX radgroupcheck_groupname ON radgroupcheck (groupname, attribute);

CREATE TABLE radgroupreply (
    id @SERIAL@,
    groupname varchar(64) NOT NULL DEFAULT '',
    attribute varchar(64) NOT NULL DEFAULT '',
    op varchar(2) NOT NULL DEFAULT '=',
    value varchar(253) NOT NULL DEFAULT ''
);
CREATE INDEX radgroupreply_groupname ON radgroupreply (groupname, attribute);

CREATE TABLE radacct (
    radacctid @SERIAL@,
    acctsessionid varchar(64) NOT NULL,
    acctuniqueid varchar(32) NOT NULL UNIQUE,
    username varchar(64),
    realm varchar(64),
    nasipaddress @INET@ NOT NULL,
    nasportid varchar(64),
    nasporttype varchar(32),
    acctstarttime @INSTANT@,
    acctupdatetime @INSTANT@,
    acctstoptime @INSTANT@,
    acctinterval bigint,
    acctsessiontime bigint,
    acctauthentic varchar(32),
    connectinfo_start varchar(253),
    connectinfo_stop varchar(253),
    acctinputoctets bigint,
    acctoutputoctets bigint,
    calledstationid varchar(253),
    callingstationid varchar(253),
    acctterminatecause varchar(32),
    servicetype varchar(32),
    framedprotocol varchar(32),
    framedipaddress @INET@,
    framedipv6address @INET@,
    framedipv6prefix @INET@,
    framedinterfaceid varchar(44),
    delegatedipv6prefix @INET@,
    class varchar(253)
);
CREATE INDEX radacct_username ON radacct (username, acctstarttime);
CREATE INDEX radacct_open ON radacct (username) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_open_nas ON radacct (nasipaddress, acctstarttime) WHERE acctstoptime IS NULL;
CREATE INDEX radacct_written ON radacct (COALESCE(acctupdatetime, acctstoptime, acctstarttime), radacctid);
CREATE INDEX radacct_address ON radacct (framedipaddress, acctstarttime);

-- Who tried to get in, and when; there is no column for a password.
CREATE TABLE radpostauth (
    id @SERIAL@,
    username varchar(64) NOT NULL,
    reply varchar(32),
    callingstationid varchar(253),
    authdate @INSTANT@ NOT NULL
);
CREATE INDEX radpostauth_username ON radpostauth (username, authdate);

CREATE TABLE nas (
    id @SERIAL@,
    nasname varchar(45) NOT NULL UNIQUE,
    shortname varchar(64) NOT NULL,
    type varchar(30) NOT NULL DEFAULT 'other',
    ports integer,
    secret varchar(128) NOT NULL,
    server varchar(64),
    community varchar(64),
    description varchar(253)
);
