export default { testMatch: '*.spec.mjs' };
