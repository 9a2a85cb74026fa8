-- The statements that show the reader what this login owns in the database and what it is not shown yet. Of the key of
-- what waits in Redis a policy hides the rows; pg_dump locks that table too, for which it needs the right.
SELECT statement FROM (
    SELECT format('GRANT USAGE ON SCHEMA %I TO paperdesk_reader', n.nspname) AS statement,
           n.nspname, n.nspowner AS owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) AS rights, 'USAGE' AS needed
    FROM pg_namespace n
    UNION ALL
    SELECT format('GRANT SELECT ON %s %I.%I TO paperdesk_reader',
                  CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname),
           n.nspname, c.relowner, c.relacl, 'SELECT'
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
) AS held
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_has_role(owner, 'USAGE')
  AND to_regrole('paperdesk_reader') IS NOT NULL AND owner <> to_regrole('paperdesk_reader')
  AND NOT EXISTS (
      SELECT FROM aclexplode(rights) AS given
      WHERE given.grantee IN (0, to_regrole('paperdesk_reader')) AND given.privilege_type = needed
  )
