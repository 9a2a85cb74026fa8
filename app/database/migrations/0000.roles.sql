-- The application's role. Roles belong to the whole cluster: it may be there already, or be made by somebody else just now.
DO $roles$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'paperdesk_app') THEN
        BEGIN
            CREATE ROLE paperdesk_app NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    -- The pool logs in as the owner and then becomes paperdesk_app; since 16 making a role does not include that.
    IF NOT pg_has_role(
        current_user, 'paperdesk_app', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END
    ) THEN
        EXECUTE format('GRANT paperdesk_app TO %I', current_user);
    END IF;
END
$roles$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO paperdesk_app;
