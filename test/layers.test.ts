import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { expect, test } from 'vitest'

/** The arrows of docs/ARCHITECTURE.md: what a file may import besides its own layer's folder. */
const layers: readonly Layer[] = [
  { files: /^protocol\//, may: /^protocol\// },
  { files: /^net\//, may: /^(net|protocol)\// },
  { files: /^server\/store\//, may: /^(server|protocol)\/|^node:sqlite$/ },
  { files: /^server\//, may: /^(server|protocol)\/|^net\/(connection|tls|fingerprint)\.ts$/ },
  { files: /^ui\/text\//, may: /^ui\/text\/|^protocol\// },
  { files: /^ui\/(state|input|line)\//, may: /^ui\/(?!view\/|run\.tsx)|^(net|protocol)\// },
  { files: /^ui\//, may: /^(ui|net|protocol)\/|^(react|ink|ink-text-input)$/ },
  { files: /^cli\//, may: /^(cli|ui|net|server|protocol)\// },
]
/** Packages and built-in modules that have a place of their own. All others may be used anywhere. */
const guarded = /^(react|ink|ink-text-input|node:sqlite)(\/|$)/

type Layer = Readonly<{ files: RegExp; may: RegExp }>

const imports = sourceFiles().flatMap(importsOf)

test('every import follows an arrow', () => {
  expect(imports.filter((each) => !isAllowed(each)).map(describeImport)).toEqual([])
})

test('the arrows were looked for among all imports, in every layer', () => {
  expect(imports.length).toBeGreaterThan(150)
  const seen = new Set(imports.map(({ file }) => file.split('/')[0]))
  expect([...seen].sort()).toEqual(['cli', 'net', 'protocol', 'server', 'ui'])
})

test.each([
  ['server/hub.ts', 'ui/run.tsx'],
  ['server/hub.ts', 'net/dial.ts'],
  ['server/hub.ts', 'node:sqlite'],
  ['ui/state/reduce.ts', 'react'],
  ['ui/input/keymap.ts', 'ink'],
  ['ui/line/run.ts', 'ui/view/mount.tsx'],
  ['ui/line/run.ts', 'react'],
  ['ui/view/App.tsx', 'server/serve.ts'],
  ['protocol/codec.ts', 'net/connection.ts'],
])('an import of %s from %s is refused', (file, target) => {
  expect(isAllowed({ file, target })).toBe(false)
})

function isAllowed({ file, target }: Import): boolean {
  const isPackage = !/^(protocol|net|server|ui|cli)\//.test(target)
  if (isPackage && !guarded.test(target)) return true
  return layers.find(({ files }) => files.test(file))?.may.test(target) ?? false
}

type Import = Readonly<{ file: string; target: string }>

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )
}

/** Static, type-only and dynamic imports and re-exports; relative ones as paths below src. */
function importsOf(name: string): Import[] {
  const text = readFileSync(join('src', name), 'utf8')
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)
  return [...found].map(([, target = '']) => ({
    file: posix(name),
    target: target.startsWith('.') ? posix(join(dirname(name), target)) : target,
  }))
}

function posix(path: string): string {
  return relative('', path).split(sep).join('/')
}

function describeImport({ file, target }: Import): string {
  return `${file} imports ${target}`
}
