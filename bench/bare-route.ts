/** A bare Fastify route that sends the bytes of a file: `bare-route FILE PORT`. */
import { readFileSync } from 'node:fs'
import fastify from 'fastify'

const [file = '', port = '0'] = process.argv.slice(2)
const body = readFileSync(file, 'utf8')
const server = fastify({ logger: false })
server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(body))
await server.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.({ ready: true })
process.on('disconnect', () => process.exit(0))
