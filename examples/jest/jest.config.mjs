export default {
  testMatch: ['**/*.test.mjs'],
  // nothing to translate: Node runs ES modules itself
  transform: {},
};
