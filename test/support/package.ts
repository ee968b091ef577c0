import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PATIENCE_MS } from './patience.ts'

export type Packed = Readonly<{ tarball: string; files: readonly string[] }>

/** What `npm publish` would send, from the dist/ that is there. */
export function pack(folder: string): Packed {
  const { stdout, stderr, status } = spawnSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { encoding: 'utf8', shell: process.platform === 'win32', timeout: PATIENCE_MS },
  )
  if (status !== 0) throw new Error(`npm pack: ${stderr}`)
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) }
}

/**
 * Installs the tarball in an empty folder: by npm, or, where there is no network and npm's cache has
 * not all of it, by unpacking it beside links to this checkout's copies of what it depends on.
 * Answers the path of the installed program.
 */
export function install({ tarball }: Packed, folder: string): string {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0']
  const { status } = spawnSync('npm', ['install', tarball, ...flags], {
    cwd: folder,
    shell: process.platform === 'win32',
    stdio: 'ignore',
    timeout: PATIENCE_MS,
  })
  if (status !== 0) unpack(tarball, folder)
  return join(folder, 'node_modules', 'tchat', 'bin', 'tchat.js')
}

function unpack(tarball: string, folder: string): void {
  const target = join(folder, 'node_modules', 'tchat')
  mkdirSync(target, { recursive: true })
  const { status, stderr } = spawnSync(
    'tar',
    ['-xzf', tarball, '--strip-components=1', '-C', target],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`tar: ${stderr}`)
  for (const path of productionPackages()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(resolve(path), join(folder, path), 'junction')
  }
}

/** `node_modules/NAME` of all that is not for development only. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>
  }
  return Object.entries(packages)
    .filter(([, entry]) => !entry.dev && !entry.devOptional && !entry.optional)
    .map(([path]) => path)
    .filter((path) => path.lastIndexOf('node_modules/') === 0)
}
