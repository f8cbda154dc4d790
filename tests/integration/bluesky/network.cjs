// A whole small Bluesky: tells its addresses in one line, then every event of the PDS's own firehose, a line each.
const { createRequire } = require('node:module')
const path = require('node:path')

// The packages lie outside the repository: RAYONNER_BLUESKY_NET names the folder.
const require_ = createRequire(path.join(process.env.RAYONNER_BLUESKY_NET, 'node_modules', '@atproto', 'dev-env', 'package.json'))
const { TestNetwork } = require_('@atproto/dev-env')
const { mockMailer } = require_('@atproto/dev-env/dist/util')
const { stringifyLex } = require_('@atproto/lexicon')
const { Firehose } = require_('@atproto/sync')

const say = (told) => process.stdout.write(stringifyLex(told) + '\n')

const shape = (event) => {
  const { event: kind, did, time, rev, collection, rkey, record, active, status } = event
  if (kind === 'create' || kind === 'update') return { kind, did, time, rev, collection, rkey, record, cid: String(event.cid) }
  if (kind === 'delete') return { kind, did, time, rev, collection, rkey }
  if (kind === 'account') return { kind, did, time, active, ...(status ? { status } : {}) }
  return { kind, did, time, ...(rev ? { rev } : {}) }
}

const main = async () => {
  const port = (name) => Number(process.env[name])
  const network = await TestNetwork.create({
    plc: { port: port('PLC_PORT') },
    pds: { port: port('PDS_PORT'), hostname: 'localhost' },
    bsky: { port: port('APPVIEW_PORT'), dbPostgresSchema: 'bsky' },
    ozone: { port: port('OZONE_PORT') },
    introspect: { port: port('INTROSPECT_PORT') },
  })
  mockMailer(network.pds)
  let inOrder = Promise.resolve()
  const firehose = new Firehose({
    service: `ws://127.0.0.1:${network.pds.port}`,
    idResolver: network.pds.ctx.idResolver,
    unauthenticatedCommits: true,
    unauthenticatedHandles: true,
    // Not getCursor: @atproto/sync 0.1.40 sends the function itself, which no server takes.
    runner: { getCursor: () => 0, trackEvent: (_did, _seq, handle) => (inOrder = inOrder.then(handle)) },
    handleEvent: (event) => say(shape(event)),
    onError: (error) => process.stderr.write(`${error} ${error.cause}\n`),
  })
  firehose.start()
  say({ ready: true, pds: network.pds.url, appview: network.bsky.url, admin: network.pds.adminAuth() })
  // Its state lives in memory and in a database that is thrown away: nothing is worth closing.
  process.on('SIGTERM', () => process.exit(0))
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
