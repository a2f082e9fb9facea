FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY test/clients/typed/package.json test/clients/typed/
# the sources come after the packages, so that a change in them does not fetch the packages again
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="mock-etherpad" \
      org.opencontainers.image.description="A mock of Etherpad's HTTP API for tests" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    MOCK_ETHERPAD_HOST=0.0.0.0 \
    MOCK_ETHERPAD_PORT=9001
WORKDIR /app
COPY --from=build /build/package.json ./
COPY LICENSE ./
COPY --from=build /build/dist/THIRD-PARTY-NOTICES ./
COPY --from=build /build/dist/mock-etherpad.cjs dist/
COPY --from=build /build/dist/lazy dist/lazy
COPY --from=build /build/dist/dependencies dist/dependencies
COPY --from=build /build/dist/inspector dist/inspector
COPY --from=build /build/dist/pad-page dist/pad-page
USER node
EXPOSE 9001
HEALTHCHECK --interval=5s --timeout=4s --start-period=5s --retries=3 \
  CMD ["node", "/app/dist/mock-etherpad.cjs", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/mock-etherpad.cjs"]
