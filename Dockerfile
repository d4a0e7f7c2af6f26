# The planner in a container: nobody's user, its data in /data, everything else read-only (see compose.yaml).
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/planner \
 && /opt/planner/bin/pip install --no-cache-dir "/source[postgresql]"

FROM python:3.13-slim
COPY --from=build /opt/planner /opt/planner
ENV PATH=/opt/planner/bin:$PATH PLANNER_HOME=/data PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin planner \
 && install --directory --owner=10001 --mode=0700 /data
USER 10001
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 CMD ["planner", "status"]
ENTRYPOINT ["planner"]
CMD ["start"]
