# A bridge without sound card, screen or GPU: dances to sound that comes by a pipe or a file, and shows the page.
# docs/containers.md says how it is built and run. Build from the root of the repository.
FROM python:3.11-slim-bookworm

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libportaudio2 ffmpeg \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bridge ./bridge
COPY data ./data
COPY models ./models
COPY training ./training
RUN python -m pip install --no-cache-dir -c constraints.txt . \
    && useradd --create-home --uid 1000 dancer && mkdir /dance && chown dancer /dance

USER 1000
WORKDIR /dance
# The page, HTTPS as it is reached from elsewhere; controls and VMC in; OSCQuery.
EXPOSE 39542/tcp 39540/udp 39541/tcp
ENTRYPOINT ["transflower"]
CMD ["demo", "--stage", "0.0.0.0:39542", "--control", "0.0.0.0:39540", "--no-open-page"]
