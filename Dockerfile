# Runs the TypeScript as it is: Node 24 strips the types, there is no build step.
ARG NODE_IMAGE=docker.io/library/node:24-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/node-compile-cache PORT=3000 HOKUSAI_DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json hokusai.yaml ./
COPY bin ./bin
COPY plans ./plans
COPY src ./src
# The embedded ledger lives here when DATABASE_URL is not set; the rest may be a read-only root.
RUN mkdir /data && chown node:node /data
VOLUME /data
# Root owns the files and "node" (uid 1000) runs them: the bot cannot change its own code.
USER node
EXPOSE 3000
# Served in socket mode and over HTTP alike; fails while the bot is not connected to Slack.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
