# One image, two stages: what is needed to install stays behind, what runs needs nothing but /data and /tmp to write to.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python3 -m venv /opt/qa
COPY requirements.txt ./
RUN /opt/qa/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY prompts ./prompts
COPY seeds ./seeds
COPY qa ./qa
RUN /opt/qa/bin/pip install --no-deps .

FROM ${BASE}
RUN groupadd --gid 10001 qa \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin qa \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/qa /opt/qa
ENV PATH=/opt/qa/bin:$PATH \
    HOME=/tmp \
    ORT_DISABLE_TELEMETRY=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    QA_DATA=/data \
    QA_HOST=0.0.0.0 \
    QA_PORT=7860
USER 10001:10001
WORKDIR /tmp
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=2)"]
CMD ["qa", "serve"]
