# The image that steps run in: mlopsctl with the libraries of its steps. A system's own image puts its code on top.
#
#   docker build --build-arg BASE=python:3.11-slim@sha256:<digest> --tag mlopsctl .
#
# BASE has no default on purpose: an image is what its digest says, and only whoever builds knows which one was vetted.
ARG BASE

FROM ${BASE} AS build
# Clients of the stores that a workspace names, such as "feast[aws] feast[redis]"; docs/images.md lists them.
ARG CLIENTS=""
# Compiled files are taken as they are: the user may not write new ones, and start-up is half the work of a short step.
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    PYC_INVALIDATION_MODE=UNCHECKED_HASH \
    VIRTUAL_ENV=/opt/mlopsctl
WORKDIR /source

COPY constraints/core.txt constraints/run.txt constraints/clients.txt constraints/
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action ignore --constraint constraints/core.txt uv \
    && python -m venv --without-pip "$VIRTUAL_ENV"

COPY pyproject.toml ./
RUN uv pip install --constraint constraints/core.txt --constraint constraints/run.txt \
        --constraint constraints/clients.txt --requirement pyproject.toml --extra run setuptools ${CLIENTS}

COPY README.md LICENSE ./
COPY mlopsctl mlopsctl
# What no step uses and nobody misses: a type checker and a debugger that come along, the libraries' own tests.
RUN uv pip install --no-deps --no-build-isolation . \
    && uv pip uninstall mypy debugpy \
    && find "$VIRTUAL_ENV" -type d -regex '.*/site-packages/\(numpy\|pandas\|pyarrow\|scipy\|sklearn\)\(/.*\)?/tests' \
        -prune -exec rm -rf {} +


FROM ${BASE}
LABEL org.opencontainers.image.title="mlopsctl" \
      org.opencontainers.image.description="The steps of machine-learning pipelines, and what starts them" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/mlopsctl/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=build /opt/mlopsctl /opt/mlopsctl
# Code and relative paths of data are looked for here.
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["mlopsctl"]
CMD ["--help"]
