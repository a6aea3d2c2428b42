# docker build -t latent-alignment . && docker run -p 8501:8501 latent-alignment      http://localhost:8501
# docker run -p 127.0.0.1:8501:8501 latent-alignment --public gallery.example.org     behind a proxy: docs/serving.md
FROM python:3.11-slim

RUN apt-get update \
 && apt-get install --yes --no-install-recommends make \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ENV ALIGNMENT_CACHE=/app/cache PIP_NO_CACHE_DIR=1
COPY Makefile requirements.txt constraints.txt ./
RUN make install
COPY pyproject.toml ./
COPY alignment alignment
COPY dashboard dashboard
RUN make /app/cache/built && chmod -R a+rwX cache

# Any user will do: the cache alone is written, and without it everything works, slower.
USER 1000
ENV HOME=/nonexistent
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD \
  [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8501/_stcore/health', timeout=5)"]
ENTRYPOINT [".venv/bin/python", "-m", "alignment", "dashboard", "--server.address", "0.0.0.0", "--server.port", "8501"]
CMD ["--public"]
