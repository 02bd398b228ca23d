# All that prepares data and trains, with PyTorch for GPUs of CUDA. docs/containers.md says how it is built and run.
# Build from the root of the repository.
FROM python:3.11-slim-bookworm

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg libgomp1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bridge ./bridge
COPY data ./data
COPY models ./models
COPY training ./training
# In place, so that the configurations lie where documents say that they do.
RUN python -m pip install --no-cache-dir -c constraints.txt -e ".[train]" \
    && useradd --create-home --uid 1000 dancer && mkdir -p prepared training/experiments \
    && chown dancer prepared training/experiments

USER 1000
VOLUME ["/app/prepared", "/app/training/experiments"]
ENTRYPOINT ["transflower-train"]
CMD ["--help"]
