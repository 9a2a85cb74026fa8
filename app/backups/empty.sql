-- Empties a database for `paperdesk restore --force`, as its owner: whatever code of an earlier restore left behind would
-- otherwise act on what comes now. Schemas of other owners and of extensions stay.
DO $empty$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT nspname FROM pg_namespace n
        WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') AND pg_has_role(nspowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', each.nspname);
    END LOOP;
    -- Rights that new objects would get. An entry goes when it equals PostgreSQL's own default again.
    FOR each IN
        SELECT CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                  WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS kind,
               CASE to_whom.grantee WHEN 0 THEN 'PUBLIC' ELSE to_whom.grantee::regrole::text END AS grantee
        FROM pg_default_acl, aclexplode(defaclacl) AS to_whom
        WHERE defaclnamespace = 0 AND defaclrole = quote_ident(current_user)::regrole
    LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES REVOKE ALL ON %s FROM %s', each.kind, each.grantee);
    END LOOP;
    FOR each IN
        SELECT CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                  WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS kind
        FROM pg_default_acl WHERE defaclnamespace = 0 AND defaclrole = quote_ident(current_user)::regrole
    LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES GRANT ALL ON %s TO CURRENT_USER', each.kind);
        IF each.kind IN ('FUNCTIONS', 'TYPES') THEN
            EXECUTE format('ALTER DEFAULT PRIVILEGES GRANT ALL ON %s TO PUBLIC', each.kind);
        END IF;
    END LOOP;
    EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
END
$empty$;
