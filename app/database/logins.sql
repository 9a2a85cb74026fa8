-- The logins of an embedded server, made or mended by its superuser at each start:
--   paperdesk_owner    owns the database and everything in it, migrates and restores; no superuser
--   paperdesk_desk     what the desk works as: a member of paperdesk_app and of nothing else
--   paperdesk_reader   reads what the owner has and writes nothing: backups, the monitor. `migrate` gives it each table;
--                      pg_read_all_data, as of older versions, shows the verifiers of all passwords and other databases
-- None of them but the owner makes large objects or temporary tables, which PostgreSQL allows everybody.
-- What an older version left to the superuser goes to the owner, functions included: they run with their owner's rights.
DO $logins$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT * FROM unnest(ARRAY['paperdesk_app', 'paperdesk_owner', 'paperdesk_desk', 'paperdesk_reader']) AS name
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
    LOOP
        EXECUTE format('CREATE ROLE %I %s', each.name, CASE each.name WHEN 'paperdesk_app' THEN 'NOLOGIN' ELSE 'LOGIN' END);
    END LOOP;
    FOR each IN SELECT * FROM unnest(ARRAY['paperdesk_owner', 'paperdesk_desk', 'paperdesk_reader']) AS name LOOP
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', each.name);
    END LOOP;
    FOR each IN
        SELECT roleid::regrole AS role, member::regrole AS member FROM pg_auth_members
        WHERE member::regrole::text IN ('paperdesk_app', 'paperdesk_owner', 'paperdesk_desk', 'paperdesk_reader')
          AND roleid::regrole::text NOT IN ('paperdesk_app', 'pg_read_all_stats')
    LOOP
        EXECUTE format('REVOKE %s FROM %s', each.role, each.member);
    END LOOP;
    GRANT paperdesk_app TO paperdesk_owner, paperdesk_desk;
    GRANT pg_read_all_stats TO paperdesk_owner, paperdesk_reader;
    IF NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setrole = 'paperdesk_reader'::regrole AND setdatabase = 0
                   AND 'default_transaction_read_only=on' = ANY(setconfig)) THEN
        ALTER ROLE paperdesk_reader SET default_transaction_read_only = on;
    END IF;
    FOR each IN
        SELECT oid::regprocedure::text AS name FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS right_to
        WHERE pronamespace = 'pg_catalog'::regnamespace AND right_to.grantee = 0
          AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_export', 'lo_open', 'lo_put', 'lowrite',
                          'lo_truncate', 'lo_truncate64', 'lo_unlink')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each.name);
    END LOOP;
    IF has_database_privilege('paperdesk_desk', current_database(), 'TEMP')
       OR has_database_privilege('paperdesk_reader', current_database(), 'TEMP') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;

    IF (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()) <> 'paperdesk_owner' THEN
        EXECUTE format('ALTER DATABASE %I OWNER TO paperdesk_owner', current_database());
    END IF;
    ALTER SCHEMA public OWNER TO pg_database_owner;
    -- Before PostgreSQL 15 everybody might create there, and a backup brings the rights of its server along. Functions that
    -- run as their owner would call what lies there.
    IF has_schema_privilege('paperdesk_desk', 'public', 'CREATE') OR has_schema_privilege('paperdesk_reader', 'public', 'CREATE')
    THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC, paperdesk_app, paperdesk_desk, paperdesk_reader;
    END IF;
    FOR each IN
        SELECT 'OPERATOR' AS kind, oid::regoperator::text AS name FROM pg_operator
        WHERE oprnamespace = 'public'::regnamespace
          AND pg_get_userbyid(oprowner) IN ('paperdesk_app', 'paperdesk_desk', 'paperdesk_reader')
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
          AND pg_get_userbyid(proowner) IN ('paperdesk_app', 'paperdesk_desk', 'paperdesk_reader')
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', each.kind, each.name);
    END LOOP;
    FOR each IN
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END
                   AS kind, oid::regclass::text AS name
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
          AND pg_get_userbyid(relowner) <> 'paperdesk_owner'
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i') AND relkind = 'S')
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) <> 'paperdesk_owner'
        UNION ALL
        SELECT CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, oid::regtype::text FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND pg_get_userbyid(typowner) <> 'paperdesk_owner'
          AND (typtype IN ('d', 'e') OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = typrelid) = 'c')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO paperdesk_owner', each.kind, each.name);
    END LOOP;
END
$logins$;
