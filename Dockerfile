# Every role of Paperdesk. Servers (PostgreSQL, Redis, Kafka) are others' images: see docker-compose.yml.

FROM python:3.11.14-slim-trixie AS build
WORKDIR /source
COPY requirements.lock ./
COPY deploy/install.sh deploy/uv.py deploy/uv.lock deploy/build.lock deploy/
RUN deploy/install.sh /opt/paperdesk dependencies
COPY pyproject.toml README.md ./
COPY app app
COPY bot bot
COPY core core
COPY jobs jobs
COPY ml ml
COPY people people
COPY pipeline pipeline
COPY trading trading
RUN deploy/install.sh /opt/paperdesk desk

FROM python:3.11.14-slim-trixie
RUN pip uninstall --yes --quiet --root-user-action ignore pip setuptools wheel \
    && groupadd --gid 10001 paperdesk \
    && useradd --uid 10001 --gid paperdesk --home-dir /var/lib/paperdesk --create-home --shell /usr/sbin/nologin paperdesk
COPY --from=build /opt/paperdesk /opt/paperdesk
# Paperdesk is compiled; what runs it may be unable to write. A desk in a container serves people: real prices or none.
ENV PATH=/opt/paperdesk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PAPERDESK_DATA_DIR=/var/lib/paperdesk \
    PAPERDESK_LOG_TO=stderr \
    PAPERDESK_MARKET=binance
USER 10001:10001
WORKDIR /var/lib/paperdesk
ENTRYPOINT ["paperdesk"]
