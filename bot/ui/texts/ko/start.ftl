# 시작 오류: 문제와 해결 방법.

error-data-dir-unwritable = 데이터 폴더 { $path } 에 쓸 수 없습니다. 이 사용자에게 쓰기 권한을 주거나, PAPERDESK_DATA_DIR 을 쓸 수 있는 폴더로 설정해 주세요.
error-data-dir-is-file = { $path } 경로 또는 그 일부가 파일이어서 데이터 폴더로 쓸 수 없습니다. PAPERDESK_DATA_DIR 을 폴더로 설정하거나 파일을 옮겨 주세요.
error-data-dir-unreachable = Paperdesk를 root로 실행하면 내장 서버는 전용 계정으로 실행되는데, 이 계정은 { $path } 폴더에 들어갈 수 없습니다. PAPERDESK_DATA_DIR 을 /var/lib/paperdesk 같은 폴더로 설정하거나, 일반 사용자로 실행해 주세요.
error-data-dir-foreign = 데이터 폴더 { $path } 의 소유자는 { $owner } 사용자입니다. PAPERDESK_DATA_DIR 을 본인 소유의 폴더로 설정하거나, 그 사용자로 실행해 주세요(sudo -u "{ $owner }" ...).
error-data-dir-exposed = 다른 사용자가 { $folder } 폴더에 쓸 수 있어 Paperdesk의 파일을 바꿔치기할 수 있습니다. “chmod go-w { $folder }” 명령을 실행하거나, PAPERDESK_DATA_DIR 을 다른 폴더로 설정해 주세요.
error-data-path-foreign = 데이터 폴더 경로에 있는 { $folder } 의 소유자는 { $owner } 사용자이며, 이 사용자가 Paperdesk의 파일을 바꿔치기할 수 있습니다. PAPERDESK_DATA_DIR 을 본인 소유의 폴더로 설정하거나, 그 사용자로 실행해 주세요(sudo -u "{ $owner }" ...).
error-data-file-foreign = { $path }{ JOSA($path, "은/는") } 링크이거나 다른 사용자의 파일이므로 Paperdesk가 열지 않습니다. 다른 곳으로 옮기거나, PAPERDESK_DATA_DIR 을 다른 폴더로 설정해 주세요.
error-no-idle-account = Paperdesk를 root로 실행하고 있는데, 데이터베이스를 초기화할 수 있는 계정이 모두 다른 프로그램에서 사용 중입니다. 일반 사용자로 실행하거나, PAPERDESK_POSTGRES__DSN 에 사용 중인 서버 주소를 설정해 주세요.
error-bad-data-dir-name = { $path } 디렉터리에는 데이터를 저장할 수 없습니다. { $why ->
    [long] 경로가 900바이트보다 길거나 폴더 이름이 255바이트보다 깁니다.
    [encoding] 경로가 UTF-8 문자가 아닙니다.
    [comma] Kafka는 이름에 쉼표가 있는 폴더에 데이터를 저장할 수 없습니다.
   *[control] 경로에 줄바꿈이나 제어 문자가 있습니다.
} PAPERDESK_DATA_DIR을 다른 디렉터리로 설정해 주세요.
error-data-dir-locked = { $path } 폴더는 이미 실행 중인 다른 Paperdesk가 사용하고 있습니다. 그쪽을 사용하거나 종료해 주세요. 또는 PAPERDESK_DATA_DIR 을 다른 폴더로 설정해 주세요.

error-engine-missing = 이 컴퓨터용 { $engine } 프로그램이 설치되어 있지 않습니다. “make run”을 다시 실행해 설치하거나, PAPERDESK_POSTGRES__DSN 과 PAPERDESK_REDIS__URL 에 사용 중인 서버 주소를 설정해 주세요.
error-engine-failed = { $engine } 프로그램이 시작되지 않거나 계속 종료됩니다. 원인은 로그에서 확인해 주세요: { $log }
error-engine-version-mismatch = { $found } 폴더의 데이터는 다른 버전의 { $engine }에서 만들어졌고, 이 Paperdesk는 { $needed }{ JOSA($needed, "을/를") } 사용합니다. 데이터를 만든 버전으로 실행하거나, 그 폴더를 다른 곳으로 옮기고 새로 시작해 주세요.
error-port-taken = 다른 프로그램이 { NUMBER($port, useGrouping: 0) }번 포트를 사용하고 있습니다. 그 프로그램을 종료하거나, PAPERDESK_POSTGRES__PORT 또는 PAPERDESK_REDIS__PORT 를 다른 포트로 설정해 주세요(0이면 포트를 열지 않습니다). “paperdesk kafka”에서는 --port 로 다른 포트를 지정해 주세요.
error-no-free-port = 이 컴퓨터에는 { NUMBER($first, useGrouping: 0) }번부터 { NUMBER($last, useGrouping: 0) }번까지 비어 있는 포트가 없습니다. 포트를 사용 중인 프로그램을 종료한 뒤(“ss -ltnp” 명령으로 확인할 수 있습니다) 다시 시작해 주세요.
error-socket-path-too-long = 임시 파일 폴더의 경로({ $folder })가 너무 길어 Unix 소켓을 만들 수 없습니다. TMPDIR 를 더 짧은 경로의 폴더로 설정하거나, PAPERDESK_DATA_DIR 를 90바이트 미만의 경로로 설정해 주세요.
error-kafka-cache-exposed = Kafka 프로그램이 저장된 { $path }{ JOSA($path, "을/를") } 다른 사용자가 바꿔치기할 수 있어 Paperdesk가 실행하지 않습니다. “chmod go-w { $path }” 명령을 실행해 주세요. 링크이거나 다른 사용자의 소유라면 삭제하거나, XDG_CACHE_HOME 을 본인 소유의 폴더로 설정해 주세요.
error-kafka-unavailable = 이 컴퓨터에서는 Kafka를 시작할 수 없습니다: { $why }. Java 17 이상과 Maven을 설치하거나, PAPERDESK_KAFKA__BOOTSTRAP 에 사용 중인 브로커 주소를 설정해 주세요.

error-binance-unreachable = PAPERDESK_MARKET 설정대로 바이낸스({ $address })에 연결하려 했지만 연결할 수 없습니다({ $reason }). 네트워크를 확인하거나 PAPERDESK_MARKET을 auto(연결이 안 되면 시뮬레이션), sim 또는 replay:경로로 설정해 주세요.
error-database-unreachable = { $why ->
    [certificate] PostgreSQL 서버({ $where })의 인증서가 신뢰할 수 있는 인증 기관에서 발급한 것이 아닙니다. PAPERDESK_POSTGRES__DSN 의 sslrootcert 값을 확인해 주세요.
    [expired] PostgreSQL 서버({ $where })의 인증서가 만료되었거나 아직 유효하지 않습니다. 인증서를 갱신하거나 이 컴퓨터의 시계를 확인해 주세요.
    [host] PostgreSQL 서버({ $where })의 인증서가 다른 호스트의 인증서입니다. PAPERDESK_POSTGRES__DSN 에 인증서의 호스트 이름을 사용하거나, 이 호스트용 인증서를 발급해 주세요.
    [own-certificate] PostgreSQL 서버({ $where })가 Paperdesk의 인증서를 거부합니다. PAPERDESK_POSTGRES__DSN 의 sslcert, sslkey 값을 확인해 주세요.
    [no-tls] PostgreSQL 서버({ $where })의 이 포트는 TLS를 사용하지 않습니다. 서버에서 TLS를 켜거나(ssl = on), PAPERDESK_POSTGRES__DSN 의 포트를 확인해 주세요.
    [file] PAPERDESK_POSTGRES__DSN 에 설정된 TLS 파일(sslrootcert, sslcert, sslkey)을 읽을 수 없습니다. 경로를 확인하거나 이 사용자에게 읽기 권한을 주세요.
    [cleartext] { $where }의 서버가 신원을 증명하지 않은 채 PostgreSQL 비밀번호를 평문으로 요구하여 비밀번호를 보내지 않았습니다. 서버에서 password_encryption = scram-sha-256 을 설정하거나, PAPERDESK_POSTGRES__DSN 에서 sslmode=verify-full 로 TLS를 사용해 주세요. 예상하지 못한 일이라면 어떤 프로그램이 이 포트를 사용하는지 확인해 주세요.
    [scram] { $where } 서버가 PostgreSQL 비밀번호를 알고 있음을 SCRAM으로 증명하지 않아 신뢰할 수 없습니다. 서버에서 password_encryption = scram-sha-256 으로 설정하고 이 사용자의 비밀번호를 다시 설정한 뒤(ALTER ROLE ... PASSWORD) pg_hba.conf 에 scram-sha-256 을 사용하거나, PAPERDESK_POSTGRES__DSN 에 sslmode=verify-full 을 사용해 주세요. 서버에 비밀번호가 필요 없다면 주소에서 비밀번호를 삭제해 주세요. 예상하지 못한 일이라면 어떤 프로그램이 해당 포트를 사용 중인지 확인해 주세요.
    [iterations] { $where }의 서버가 PostgreSQL 비밀번호에 허용 범위(4,096~1,000,000)를 벗어난 SCRAM 반복 횟수를 요구합니다. 비밀번호를 쉽게 추측할 수 있거나 프로세스가 멈출 수 있어 아무것도 보내지 않았습니다. 서버에서 scram_iterations 를 이 범위의 값으로 설정한 뒤 이 사용자의 비밀번호를 다시 설정해 주세요(ALTER ROLE ... PASSWORD). 예상하지 못한 일이라면 어떤 프로그램이 이 포트를 사용하는지 확인해 주세요.
    [password] PostgreSQL 서버({ $where })가 사용자 이름 또는 비밀번호를 거부합니다. PAPERDESK_POSTGRES__DSN 값을 확인해 주세요.
   *[none] PostgreSQL 서버({ $where })가 응답하지 않거나 로그인을 거부합니다. 서버가 실행 중인지, PAPERDESK_POSTGRES__DSN 이 올바른지 확인해 주세요.
}
error-redis-unreachable = { $why ->
    [certificate] Redis 서버({ $where })의 인증서가 신뢰할 수 있는 인증 기관에서 발급한 것이 아닙니다. PAPERDESK_REDIS__URL 의 ssl_ca_certs 값을 확인해 주세요.
    [expired] Redis 서버({ $where })의 인증서가 만료되었거나 아직 유효하지 않습니다. 인증서를 갱신하거나 이 컴퓨터의 시계를 확인해 주세요.
    [host] Redis 서버({ $where })의 인증서가 다른 호스트의 인증서입니다. PAPERDESK_REDIS__URL 에 인증서의 호스트 이름을 사용하거나, 이 호스트용 인증서를 발급해 주세요.
    [own-certificate] Redis 서버({ $where })가 Paperdesk의 인증서를 거부합니다. PAPERDESK_REDIS__URL 의 ssl_certfile, ssl_keyfile 값을 확인해 주세요.
    [no-tls] Redis 서버({ $where })의 이 포트는 TLS를 사용하지 않습니다. 서버에서 TLS를 켜거나(tls-port), PAPERDESK_REDIS__URL 의 포트를 확인해 주세요.
    [file] PAPERDESK_REDIS__URL 에 설정된 TLS 파일(ssl_ca_certs, ssl_certfile, ssl_keyfile)을 읽을 수 없습니다. 경로를 확인하거나 이 사용자에게 읽기 권한을 주세요.
    [password] Redis 서버({ $where })가 사용자 이름 또는 비밀번호를 거부합니다. PAPERDESK_REDIS__URL 값을 확인해 주세요.
   *[none] Redis 서버({ $where })가 응답하지 않거나 로그인을 거부합니다. 서버가 실행 중인지, PAPERDESK_REDIS__URL 이 올바른지 확인해 주세요.
}
error-kafka-unreachable = Kafka 브로커({ $where })가 응답하지 않거나 토픽을 만들 수 없습니다. 브로커가 실행 중인지, PAPERDESK_KAFKA__BOOTSTRAP 과 PAPERDESK_KAFKA__SECURITY_PROTOCOL 값이 맞는지 확인해 주세요. PAPERDESK_KAFKA__BOOTSTRAP 을 비워 두면 Kafka 없이 실행됩니다.
error-unencrypted = { $setting ->
   *[postgres] PostgreSQL 서버({ $where })가 다른 컴퓨터에 있지만 { $setting } 에 암호화가 설정되어 있지 않습니다. ?sslmode=verify-full&sslrootcert=파일 을 추가해 주세요.
    [PAPERDESK_REDIS__URL] Redis 서버({ $where })가 다른 컴퓨터에 있지만 PAPERDESK_REDIS__URL 에 암호화가 설정되어 있지 않습니다. rediss:// 로 시작하게 하고 ?ssl_ca_certs=파일 을 추가해 주세요.
    [PAPERDESK_KAFKA__SECURITY_PROTOCOL] Kafka 브로커({ $where })가 다른 컴퓨터에 있지만 PAPERDESK_KAFKA__SECURITY_PROTOCOL 에 암호화가 설정되어 있지 않습니다. SSL 또는 SASL_SSL 로 설정해 주세요.
} 신뢰할 수 있는 네트워크라면 PAPERDESK_TRUST_NETWORK=true 로 설정해도 됩니다.
error-socket-exposed = { $setting } 에 지정한 소켓 폴더({ $folder })에는 이 컴퓨터의 다른 사용자도 서버 소켓을 만들 수 있습니다. 서버 소켓을 서버 계정만 쓸 수 있는 폴더(예: /run/postgresql)로 옮긴 뒤(PostgreSQL은 unix_socket_directories, Redis는 unixsocket) 그 폴더를 지정해 주세요. 다른 사용자가 없는 컴퓨터라면 대신 PAPERDESK_TRUST_NETWORK=true 로 설정해 주세요.
error-unverified = { $setting ->
   *[postgres] PostgreSQL 서버({ $where }) 연결은 암호화되지만 인증서를 확인하지 않습니다. { $setting } 에 sslmode=verify-full 과 sslrootcert=파일 을 사용해 주세요.
    [PAPERDESK_REDIS__URL] Redis 서버({ $where }) 연결은 암호화되지만 인증서 또는 인증서의 호스트 이름을 확인하지 않습니다. PAPERDESK_REDIS__URL 에서 ssl_cert_reqs 와 ssl_check_hostname 을 제거해 주세요.
}
error-redis-without-password = Redis 서버({ $where })에 비밀번호가 없어 이 포트에 접속할 수 있는 모든 프로그램이 시세와 대기 중인 데이터를 변경할 수 있습니다. 비밀번호를 설정하고(requirepass 또는 ACL SETUSER) PAPERDESK_REDIS__URL 에 redis://:비밀번호@호스트 형식으로 입력하거나, 이 사용자만 열 수 있는 Unix 소켓(unix:///경로)을 사용해 주세요.
error-kafka-denied = { $reason ->
    [certificate] Kafka 브로커({ $where })의 인증서가 신뢰할 수 있는 인증 기관에서 발급한 것이 아닙니다. 인증서를 발급한 기관의 인증서를 PAPERDESK_KAFKA__CA_FILE 에 설정해 주세요.
    [expired] Kafka 브로커({ $where })의 인증서가 만료되었거나 아직 유효하지 않습니다. 인증서를 갱신하거나 이 컴퓨터의 시계를 확인해 주세요.
    [host] Kafka 브로커({ $where })의 인증서가 다른 호스트의 인증서입니다. PAPERDESK_KAFKA__BOOTSTRAP 에 인증서의 호스트 이름을 설정하거나, 이 호스트용 인증서를 발급해 주세요.
    [own-certificate] Kafka 브로커({ $where })가 Paperdesk의 인증서를 거부합니다. 브로커가 신뢰하는 인증서를 PAPERDESK_KAFKA__CERT_FILE 과 PAPERDESK_KAFKA__KEY_FILE 에 설정해 주세요.
    [no-tls] Kafka 브로커({ $where })의 이 포트는 TLS를 사용하지 않습니다. PAPERDESK_KAFKA__BOOTSTRAP 의 포트와 PAPERDESK_KAFKA__SECURITY_PROTOCOL 값을 확인해 주세요.
    [mechanism] Kafka 브로커({ $where })가 이 로그인 방식을 지원하지 않습니다. PAPERDESK_KAFKA__SASL_MECHANISM 과 PAPERDESK_KAFKA__SECURITY_PROTOCOL 값을 확인해 주세요.
    [iterations] Kafka 브로커({ $where })가 허용 범위(4,096~1,000,000)를 벗어난 SCRAM 반복 횟수를 요구합니다. 비밀번호를 쉽게 추측할 수 있거나 프로세스가 멈출 수 있어 아무것도 보내지 않았습니다. 이 범위의 값으로 사용자의 비밀번호를 다시 설정해 주세요(kafka-configs.sh --add-config 'SCRAM-SHA-512=[iterations=8192,password=...]'). 예상하지 못한 일이라면 어떤 프로그램이 해당 포트를 사용하는지 확인해 주세요.
    [rights] { $where }에서 Kafka 사용자의 권한이 부족합니다. docs/running-roles.md 에 나온 이 역할의 권한을 부여해 주세요.
    [elsewhere] PAPERDESK_KAFKA__BOOTSTRAP 의 Kafka 브로커는 이 컴퓨터에 있지만 다른 컴퓨터의 브로커({ $where })로 연결하도록 안내하며, PAPERDESK_KAFKA__SECURITY_PROTOCOL 에 암호화가 설정되어 있지 않습니다. 이 값을 SSL 또는 SASL_SSL로 설정하거나 브로커의 advertised.listeners 값을 수정해 주세요. 예상하지 못한 안내라면 어떤 프로그램이 해당 포트를 사용하는지 확인해 주세요. 신뢰하는 네트워크에 있는 비밀번호 없는 브로커라면 PAPERDESK_TRUST_NETWORK=true 로 설정하셔도 됩니다.
   *[password] Kafka 브로커({ $where })가 사용자 이름 또는 비밀번호를 거부합니다. PAPERDESK_KAFKA__USERNAME 과 PAPERDESK_KAFKA__PASSWORD 를 확인해 주세요.
}
error-database-newer = 이 데이터베이스는 더 새로운 버전의 Paperdesk에서 만들어졌습니다(“{ $found }” 포함). Paperdesk를 업데이트하거나 다른 데이터베이스를 사용해 주세요.
error-migration-busy = 다른 Paperdesk가 { $seconds }초째 데이터베이스를 업데이트하고 있습니다. 끝날 때까지 기다린 뒤 다시 시작해 주세요.
error-no-role-rights = 데이터베이스 사용자 “{ $user }”에게 paperdesk_app 역할을 만들 권한이 없습니다. 관리자에게 다음을 실행해 달라고 요청해 주세요: CREATE ROLE paperdesk_app NOLOGIN; GRANT paperdesk_app TO "{ $user }";
error-no-schema-rights = 데이터베이스를 업데이트해야 하지만 사용자 “{ $user }”에게 권한이 없습니다(“{ $migration }” 단계). PAPERDESK_POSTGRES__OWNER_DSN에 데이터베이스 소유자의 로그인을 설정하고 “paperdesk migrate”를 실행하거나, 이 사용자를 데이터베이스 소유자로 지정해 주세요.
error-schema-open = 데이터베이스 사용자 “{ $user }” 계정으로 public 스키마에 함수를 만들 수 있어 원장을 변조할 수 있습니다. 관리자 계정으로 이 데이터베이스에서 다음을 실행해 주세요: ALTER SCHEMA public OWNER TO pg_database_owner; REVOKE CREATE ON SCHEMA public FROM PUBLIC, paperdesk_app, "{ $user }";
error-routine-foreign = public 스키마에 있는 { $made }의 소유자가 데이터베이스 사용자 “{ $user }”이므로 원장이 변조될 수 있습니다. 직접 만든 것이 아니라면 관리자 계정으로 이 데이터베이스에서 다음을 실행해 주세요: DROP { $made } CASCADE; 직접 만든 것이라면 소유자를 데이터베이스 소유자로 바꿔 주세요.
error-grant-differs = 이 데이터베이스의 계좌 초기 자금은 { $allowed }이지만 PAPERDESK_TRADING__OPENING_GRANT는 { $amount }이며, 현재 데이터베이스 사용자에게는 변경 권한이 없습니다. PAPERDESK_TRADING__OPENING_GRANT={ $amount } 값과 함께 PAPERDESK_POSTGRES__OWNER_DSN에 데이터베이스 소유자의 로그인을 설정하고 “paperdesk migrate”를 실행하거나, 이 프로세스에 PAPERDESK_TRADING__OPENING_GRANT={ $allowed } 값을 설정해 주세요.

error-no-servers = 역할을 따로 실행하려면 Kafka, PostgreSQL, Redis가 필요합니다. { $missing } 값을 설정하거나, 모든 것을 한 프로세스로 실행하는 “paperdesk” 또는 “paperdesk serve”를 사용하세요.
error-market-changed = 시장이 “{ $before }”에서 “{ $now }”{ JOSA($now, "으로/로") } 바뀌었습니다. 이 역할을 다시 시작하세요.

error-unknown-setting = { $nearest ->
    [none] { $name } 설정은 없습니다. 삭제해 주세요. 전체 설정은 “paperdesk settings”로 볼 수 있습니다.
   *[other] { $name } 설정은 없습니다. { $nearest }{ JOSA($nearest, "을/를") } 찾으셨나요?
}
error-bad-setting = { $name } 값을 사용할 수 없습니다. 허용되는 값: { $rule }
error-address-unclear = { $name } 값을 사용할 수 없습니다. { $why ->
   *[mark] 주소에서 특별한 의미를 갖는 문자가 있습니다. 사용자 이름, 비밀번호, 옵션에서 영문자와 숫자가 아닌 문자는 퍼센트 인코딩으로 바꿔 주세요(예: # → %23, ? → %3F, / → %2F, @ → %40, % → %25, + → %2B).
    [host] 호스트가 두 가지로 해석될 수 있습니다. 데이터베이스 이름 앞에 호스트 또는 호스트:포트 형식으로 입력하고, IPv6 주소는 대괄호로 묶어 주세요.
    [hostaddr] hostaddr 옵션은 사용할 수 없습니다. 해당 IP 주소를 호스트 자리에 입력해 주세요.
    [option] 값이 없거나 대문자로 된 옵션, 또는 Paperdesk에서 사용할 수 없는 비밀 옵션(oauth_client_secret, scram_client_key, scram_server_key)이 있습니다. 옵션을 삭제하거나 이름을 소문자로 바꿔 주세요.
    [service] PostgreSQL 프로그램에 전달할 수 없는 비밀 값이 있습니다. 주소에 지정한 서비스 파일에 입력하거나 다른 값으로 바꿔 주세요.
    [twice] 사용자, 비밀번호, 호스트, 포트, 데이터베이스 또는 옵션이 두 번 지정되어 있거나, 포트가 호스트와 따로 지정되어 있습니다. 각각 한 번만 지정하고, 포트는 호스트:포트 형식으로 입력해 주세요.
    [nowhere] 호스트가 없습니다. 127.0.0.1 같은 호스트를 입력하거나, 서버 소켓 폴더를 ?host=/run/postgresql 처럼 지정해 주세요.
    [system] sslrootcert 또는 PGSSLROOTCERT 값 “system”은 사용할 수 없습니다. 인증 기관 인증서 파일의 경로(예: /etc/ssl/certs/ca-certificates.crt)를 입력해 주세요.
}
error-env-file-ignored = { $path } 파일, 또는 그 경로에 있는 폴더나 링크를 다른 사용자가 소유하고 있거나 수정할 수 있어 적용하지 않았습니다. 내용을 확인하고 본인 소유의 폴더로 옮긴 뒤 파일 소유자를 본인으로 바꾸고 다음 명령을 실행해 주세요: chmod 600 { $path }
error-env-file-readable = 다른 사용자가 { $path } 파일에 있는 토큰이나 비밀번호를 읽을 수 있습니다. 다음 명령을 실행해 주세요: chmod 600 { $path }

error-no-report-data = { $what ->
    [none] 저장된 캔들이 없어 보고할 내용이 없습니다. 먼저 Paperdesk를 몇 분 동안 실행해 주세요.
   *[other] { $what }에 해당하는 캔들이 없습니다. 종목을 확인하거나 --days로 기간을 늘려 주세요.
}
error-page-unwritable = { $path }에 그래프를 저장할 수 없습니다. --out으로 다른 디렉터리를 지정해 주세요.

error-internal-error = Paperdesk 내부 오류가 발생했습니다. 다시 시작해 주세요. 같은 문제가 반복되면 { $log } 파일의 마지막 부분과 함께 알려 주세요.
error-no-platform = 토큰이 설정된 플랫폼이 없습니다. PAPERDESK_TELEGRAM__TOKEN 또는 PAPERDESK_DISCORD__TOKEN 을 설정하거나, 이 터미널에서 사용하려면 “paperdesk”를 실행해 주세요.
error-desk-not-running = { $path }에서 실행 중인 Paperdesk가 없고 서버도 설정되어 있지 않습니다. “paperdesk”로 시작하거나 PAPERDESK_POSTGRES__DSN과 PAPERDESK_REDIS__URL을 설정해 주세요.

## 백업
error-not-a-backup = { $path } 파일은 복원할 수 없습니다: { $why }. paperdesk backup 으로 만든 파일을 지정해 주세요.
error-backup-newer = { $path } 파일은 더 새로운 버전에서 만들어졌습니다({ $found }). Paperdesk를 업데이트한 뒤 복원해 주세요.
error-backup-unsigned = { $path } 옆에 { $missing } 파일이 없어 여기에서 만든 백업인지 확인할 수 없습니다. 백업에는 데이터베이스가 실행하는 코드가 들어 있을 수 있습니다. 두 파일을 함께 두거나, 만든 사람을 알고 있다면 --trust를 추가해 주세요.
error-backup-foreign = { $path } 파일은 여기에서 만든 백업이 아니거나 이후에 변경되었습니다. HMAC이 Paperdesk의 키와 일치하지 않습니다. 백업에는 데이터베이스가 실행하는 코드가 들어 있을 수 있습니다. 만든 사람을 알고 있다면 --trust를 추가해 주세요.
error-backup-renamed = { $path } 파일은 이름이 변경된 { $name } 백업이며, 보이는 것보다 오래된 백업일 수 있습니다. 백업과 .hmac 파일의 이름을 원래대로 되돌리거나, 직접 변경했다면 --trust를 추가해 주세요.
error-backup-folder-shared = { $folder } 폴더의 그룹에 속한 다른 사용자가 백업을 삭제할 수 있습니다. 이를 막으려면 다음 명령을 실행해 주세요: chmod g-w { $folder }
error-database-in-use = { $sessions ->
    [one] 다른 세션이 이 데이터베이스에 접속해 있습니다.
   *[other] 다른 세션 { $sessions }개가 이 데이터베이스에 접속해 있습니다.
} Paperdesk를 모두 종료한 뒤 복원해 주세요.
error-database-not-empty = 데이터베이스가 비어 있지 않습니다(테이블 { $tables }개). --force 를 사용하면 모두 삭제하고 백업을 복원합니다.
error-restore-failed = 복원하지 못했으며 변경된 내용은 없습니다. PostgreSQL 메시지: { $why }

error-no-scheduler = 스케줄러가 없어 현재 { $name } 작업을 실행할 수 없습니다. Paperdesk를 시작하거나, 역할을 나누어 실행 중이라면 “paperdesk jobs”를 함께 실행해 주세요.

# 콘솔 없이 실행한 Paperdesk의 연결.
start-telegram-connected = 텔레그램(Telegram): @{ $name } 계정으로 연결되었습니다.
start-discord-connected = 디스코드(Discord): { $name } 계정으로 연결되었습니다. 서버 { $count }개.
