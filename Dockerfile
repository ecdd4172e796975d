FROM python:3.11-slim

ENV PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1
WORKDIR /src
COPY locks/serve.lock locks/serve.lock
RUN pip install --require-hashes -r locks/serve.lock

COPY pyproject.toml README.md LICENSE ./
COPY graph graph
COPY resolvers resolvers
COPY schema schema
COPY server server
RUN pip install --no-deps --no-build-isolation .

RUN useradd --create-home segraph
USER segraph
WORKDIR /home/segraph

EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["segraph", "serve", "--host", "0.0.0.0", "--port", "8000"]
