# Reachboard in production; docs/production.md says how it is used, and deploy/prove.py runs these steps.

FROM python:3.11.14-slim-bookworm AS needs
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/venv
# Wheels with the hashes that are locked, and nothing else: no compiler is needed, here or later.
RUN /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    --only-binary=:all: -r requirements.txt
RUN /opt/venv/bin/python -m pip uninstall --yes --quiet setuptools pip

FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 reachboard \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin reachboard \
    && install -d -o reachboard -g reachboard -m 0700 /var/lib/reachboard
COPY --from=needs /opt/venv /opt/venv
WORKDIR /opt/reachboard
# .dockerignore names what comes along: the rooms and the assets.
COPY . ./
RUN /opt/venv/bin/python -m compileall -q -j 2 /opt/reachboard
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REACHBOARD_PRODUCTION=1 \
    REACHBOARD_DEMO=0 \
    REACHBOARD_SAMPLE=0 \
    REACHBOARD_HOST=0.0.0.0 \
    REACHBOARD_PORT=8050 \
    REACHBOARD_VAR=/var/lib/reachboard
USER 10001:10001
EXPOSE 8050
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['REACHBOARD_PORT'] + '/api/health', timeout=4)"]
CMD ["python", "-m", "app", "serve"]
