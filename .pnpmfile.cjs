/**
 * What a published manifest must not carry. Everything a tool needs is bundled, so devDependencies only help
 * build it, and `@nightshift/tooling` would name a package that anyone could register. Scripts do nothing for
 * a user, and a manifest without them plainly has no install script. Size budgets are ours to watch.
 */
const BUILD_ONLY = ['devDependencies', 'scripts', 'size-limit']

function beforePacking(manifest) {
  return Object.fromEntries(Object.entries(manifest).filter(([field]) => !BUILD_ONLY.includes(field)))
}

module.exports = { hooks: { beforePacking } }
