import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Plugin, type PreRenderedChunk, type RolldownOutput, rolldown } from 'rolldown'

/**
 * The second half of `npm run build`: dist/program/, what bin/tchat.js runs. From some 800 small
 * files the interface starts in half a second, from a few large ones in less than half of that. Which
 * of them are loaded follows the `import()`s in the sources: each face only when it is used.
 */
const SOURCES = resolve('src')
const BUILT = resolve('dist')
const PROGRAM = join(BUILT, 'program')

/** Threads of the server; they are files of their own. */
const WORKERS = globSync('src/**/*-worker.ts').map((path) => resolve(path))

/**
 * Built in, with all that they bring. Other packages are the server's, or for something rare, and
 * are loaded from where npm puts them.
 */
const BUILT_IN = ['ink', 'ink-text-input', 'leven', 'meow', 'react', 'string-width']
/** What packages do at their start that this program has no use for; done, it costs a tenth of the start. */
const IDLE = [
  // With DEV=true in the environment Ink looks for tools of its developers, beside its own files.
  { code: "process.env['DEV'] === 'true'", instead: 'false' },
  // meow learns to mend package.json files. It is not given one.
  { code: 'var normalizeExports = requireNormalize()', instead: 'var normalizeExports = () => {}' },
]

const bundle = await rolldown({
  input: [join(SOURCES, 'cli/main.ts'), ...WORKERS],
  platform: 'node',
  external: (id, importer) =>
    isSource(importer) && isPackage(id) && !BUILT_IN.includes(packageOf(id)),
  plugins: [unmoved(), idle()],
  transform: {
    target: 'es2024',
    jsx: { runtime: 'automatic', development: false },
    define: {
      // What React has for development stays out.
      'process.env.NODE_ENV': '"production"',
      // Ink's layout fetches its own bytes, from a data: address, with an HTTP client that takes
      // longer to load than React. Without one it decodes them. Nothing else here fetches.
      fetch: 'undefined',
    },
  },
})
const output = await bundle.write({
  dir: PROGRAM,
  format: 'esm',
  entryFileNames: fileName,
  chunkFileNames: fileName,
  // As they are written, so that a stack trace can be read.
  minify: false,
})
await bundle.close()
// Now, not before: a build that fails leaves the last program as it was.
const written = new Set(output.output.map((file) => file.fileName))
for (const file of readdirSync(PROGRAM)) if (!written.has(file)) rmSync(join(PROGRAM, file))
for (const path of WORKERS) writeFileSync(made(builtAs(path)), `import '${fromThere(path)}'\n`)
writeFileSync(join(PROGRAM, 'licences.txt'), licencesOf(output))

/** In what is built, `import.meta.url` still is where the source would be. */
function unmoved(): Plugin {
  return {
    name: 'unmoved',
    transform: {
      filter: { code: 'import.meta.url' },
      handler(code, id) {
        if (!isSource(id)) return null
        const place = posix(relative(PROGRAM, builtAs(id)))
        return code.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`)
      },
    },
  }
}

function idle(): Plugin[] {
  return IDLE.map(({ code: needless, instead }) => ({
    name: 'idle',
    transform: {
      filter: { code: needless },
      handler: (code) => code.replaceAll(needless, instead),
    },
  }))
}

/** All lie in one folder; a face is called as its source is: `ui-run.js`. */
function fileName({ name, facadeModuleId }: PreRenderedChunk): string {
  if (!isSource(facadeModuleId ?? undefined)) return `${name}.js`
  return posix(relative(BUILT, builtAs(facadeModuleId ?? ''))).replaceAll('/', '-')
}

/** Where a source would be built if it stayed a file of its own. */
function builtAs(source: string): string {
  return join(BUILT, relative(SOURCES, source)).replace(/\.tsx?$/, '.js')
}

/** The thread's file in the program, from the place where it is looked for. */
function fromThere(worker: string): string {
  const built = builtAs(worker)
  const file = posix(relative(BUILT, built)).replaceAll('/', '-')
  return posix(relative(dirname(built), join(PROGRAM, file)))
}

function made(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  return path
}

function isSource(path: string | undefined): boolean {
  return path?.startsWith(SOURCES + sep) ?? false
}

function isPackage(id: string): boolean {
  return /^[@a-z]/.test(id) && !id.startsWith('node:')
}

/** `@scure/bip39` of `@scure/bip39/wordlists/english.js`. */
function packageOf(id: string): string {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

function posix(path: string): string {
  return path.replaceAll(sep, '/')
}

/** Whoever passes on the program passes on the licences of what is built in. */
function licencesOf({ output: files }: RolldownOutput): string {
  const modules = files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  const folders = modules.map(
    (id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0],
  )
  const packages = [...new Set(folders)].filter((folder) => folder !== undefined)
  const texts = packages.toSorted().map(licenceOf)
  return `Built into these files, besides tchat itself:\n\n${texts.join('\n')}`
}

/** @throws Error when the package names no licence: then it cannot be built in */
function licenceOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, string>>
  if (license === undefined) throw new Error(`${name} names no licence: it cannot be built in`)
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  const text = file === undefined ? `By ${author}` : readFileSync(join(folder, file), 'utf8')
  return `--- ${name} ${version}: ${license}\n\n${text}\n`
}
