// Required by the action's process: writes what that has loaded, one a line, into the file that LOADS names.
const { writeFileSync } = require('node:fs')
const { registerHooks } = require('node:module')

const urls = []
registerHooks({
  load: (url, context, next) => {
    urls.push(url)
    return next(url, context)
  },
})
process.on('exit', () => {
  writeFileSync(process.env.LOADS, [...urls, ...process.moduleLoadList].join('\n'))
})
