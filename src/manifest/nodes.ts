import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, Scalar, type YAMLMap } from 'yaml'
import { isRecord, MAX_DEPTH } from '../values.ts'
import type { Path } from './problem.ts'
import { hasTemplate } from './template.ts'

/** Where an entry of an object or list stands, as offsets in the text. The key's is null for the item of a list. */
export interface Spot {
  readonly key: number | null
  readonly value: number
}

/** Something wrong in the structure of a text: its offset there, and the path of the value. */
export interface Fault {
  readonly offset: number
  readonly path: Path
  readonly message: string
}

/** The plain value of a parsed text. Texts that are repeated by alias are one value that stands in several places. */
export interface Plain {
  readonly value: unknown
  /** Whether any text or name in it holds `${{`. */
  readonly templated: boolean
  readonly faults: readonly Fault[]
}

/** Most characters that a text may have once every alias is replaced by what it repeats. */
const MAX_EXPANDED = 8 * 1024 * 1024

/** Turns YAML nodes into plain values, in time that is proportional to the text and at most {@link MAX_EXPANDED}. */
export function toPlain(root: Node | null, lines: LineCounter): Plain {
  const converter = new Converter(lines, false)
  const { value } = converter.convert(root)
  return { value, templated: converter.templated, faults: converter.faults }
}

/** Tells where the value at a path stands, through aliases and merge keys; its nearest ancestor where there is none. */
export function spotsOf(root: Node | null, lines: LineCounter): (path: Path) => Spot {
  const converter = new Converter(lines, true)
  const { value } = converter.convert(root)
  return (path) => {
    let spot: Spot = { key: null, value: offsetOf(root) }
    let at = value
    for (const step of path) {
      const next = converter.members.get(at as object)?.get(String(step))
      if (next === undefined) return { key: spot.key, value: spot.key ?? spot.value }
      spot = next.spot
      at = next.made.value
    }
    return spot
  }
}

/** A converted node: its value, its length in characters with aliases expanded, and how deep it is nested. */
interface Made {
  readonly value: unknown
  readonly size: number
  readonly depth: number
}

interface Member {
  readonly made: Made
  readonly spot: Spot
}

const NOTHING: Made = { value: null, size: 0, depth: 0 }
const offsetOf = (node: Node | null): number => node?.range?.[0] ?? 0

class Converter {
  readonly faults: Fault[] = []
  /** The members of objects and lists, by name or index: of those that a merge key may mean, or of all. */
  readonly members = new Map<object, ReadonlyMap<string, Member>>()
  templated = false
  /** What the latest anchor of a name made; null while it is being made. */
  readonly #anchors = new Map<string, Made | null>()
  readonly #lines: LineCounter
  readonly #path: (string | number)[] = []
  #expanded = 0
  /** How many reasons there are to keep members: anchors and merge keys around, and that all are wanted. */
  #keeping: number

  constructor(lines: LineCounter, keepsAll: boolean) {
    this.#lines = lines
    this.#keeping = Number(keepsAll)
  }

  convert(node: Node | null): Made {
    if (node === null) return NOTHING
    if (isAlias(node)) return this.#repeat(node.source, offsetOf(node))
    const { anchor } = node as { anchor?: string }
    if (anchor === undefined) return this.#make(node)
    this.#anchors.set(anchor, null)
    const made = this.#keep(() => this.#make(node))
    this.#anchors.set(anchor, made)
    return made
  }

  /** Keeps the members of all that `make` makes. */
  #keep(make: () => Made): Made {
    this.#keeping += 1
    const made = make()
    this.#keeping -= 1
    return made
  }

  #at(step: string | number, node: Node | null): Made {
    this.#path.push(step)
    const made = this.convert(node)
    this.#path.pop()
    return made
  }

  #make(node: Node): Made {
    if (isScalar(node)) {
      this.templated ||= hasTemplate(node.value)
      return { value: node.value, size: 1 + (node.range?.[1] ?? 0) - offsetOf(node), depth: 0 }
    }
    if (this.#path.length > MAX_DEPTH) return this.#tooDeep(offsetOf(node))
    if (isMap(node)) return this.#object(node as YAMLMap<Node, Node | null>)
    const items = isSeq(node) ? (node.items as Node[]) : []
    const members = items.map((item, index): [string, Member] => [
      String(index),
      { made: this.#at(index, item), spot: { key: null, value: offsetOf(item) } },
    ])
    const values = members.map(([, { made }]) => made.value)
    return this.#collect(values, new Map(members))
  }

  #object(node: YAMLMap<Node, Node | null>): Made {
    const own = new Map<string, Member>()
    const inherited = new Map<string, Member>()
    for (const { key, value } of node.items) {
      const name = String((key as Scalar).value ?? '')
      const offset = offsetOf(key)
      this.templated ||= hasTemplate(name)
      if (isMergeKey(key)) {
        const source = this.#keep(() => this.#at(name, value))
        for (const [each, member] of this.#merged(source, offset))
          if (!inherited.has(each)) inherited.set(each, member)
        continue
      }
      const made = this.#at(name, value)
      const first = own.get(name)
      if (name === '__proto__') this.#fault('expected another name: this one is reserved', offset, name)
      else if (first === undefined)
        own.set(name, { made, spot: { key: offset, value: value?.range?.[0] ?? offset } })
      else {
        const { line } = this.#lines.linePos(first.spot.key ?? 0)
        this.#fault(`this key stands here a second time, first on line ${line}`, offset, name)
      }
    }
    const members = new Map([...inherited, ...own])
    const entries = [...members].map(([name, { made }]): [string, unknown] => [name, made.value])
    return this.#collect(Object.fromEntries(entries), members)
  }

  #collect(value: object, members: ReadonlyMap<string, Member>): Made {
    let [size, depth] = [1, 0]
    for (const [name, { made }] of members) {
      size += name.length + 1 + made.size
      depth = Math.max(depth, made.depth)
    }
    if (this.#keeping > 0) this.members.set(value, members)
    return { value, size, depth: depth + 1 }
  }

  /** What an alias repeats. Each is counted at full length, which ends what expands to gigabytes early. */
  #repeat(name: string, offset: number): Made {
    if (this.#expanded > MAX_EXPANDED) return NOTHING
    const made = this.#anchors.get(name)
    this.#expanded += made?.size ?? 0
    if (made === undefined)
      this.#fault('no anchor of this name stands above: a text that starts with `*` needs quotes', offset)
    else if (made === null) this.#fault('this alias stands inside of what it repeats', offset)
    else if (this.#path.length + made.depth > MAX_DEPTH + 1) return this.#tooDeep(offset)
    else if (this.#expanded <= MAX_EXPANDED) return made
    else this.#fault(`the aliases down to here repeat more than ${MAX_EXPANDED} characters`, offset)
    return NOTHING
  }

  /** The members that a merge key (`<<`) inherits: of one object, or of a list of them whose first ones win. */
  #merged({ value }: Made, offset: number): [string, Member][] {
    const sources = Array.isArray(value) ? value : [value]
    return sources.flatMap((source) => {
      if (isRecord(source)) return [...(this.members.get(source) ?? [])]
      if (source === null) return []
      this.#fault('expected an object, or a list of objects, to merge', offset)
      return []
    })
  }

  #tooDeep(offset: number): Made {
    this.#fault(`expected at most ${MAX_DEPTH} levels of objects and lists in each other`, offset)
    return NOTHING
  }

  #fault(message: string, offset: number, ...below: string[]): void {
    this.faults.push({ offset, path: [...this.#path, ...below], message })
  }
}

/** Only a plain `<<` merges; in quotes it is a name like any other. */
const isMergeKey = (key: Node): boolean =>
  isScalar(key) && key.value === '<<' && (key.type === undefined || key.type === Scalar.PLAIN)
