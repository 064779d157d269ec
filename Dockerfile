FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked --bin luodi

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl postgresql-client && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/luodi --create-home luodi \
    && install -d -o luodi -g luodi -m 0700 /var/lib/luodi/ledger
COPY --from=build /src/target/dist/luodi /usr/local/bin/luodi
USER luodi
WORKDIR /var/lib/luodi
EXPOSE 8080 9090
ENTRYPOINT ["luodi"]
CMD ["serve"]
