// Preloaded: no server of this process may listen anywhere but on loopback, whatever its code asks for.
const net = require('node:net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const [first, second] = args
  if (first && typeof first === 'object') args[0] = { ...first, host: '127.0.0.1' }
  else if (typeof second === 'string') args[1] = '127.0.0.1'
  else args.splice(1, 0, '127.0.0.1')
  return listen.apply(this, args)
}
