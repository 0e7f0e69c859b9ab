export const id = 795;
export const ids = [795,75];
export const modules = {

/***/ 7795:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  exportAccount: () => (/* binding */ exportAccount)
});

// EXTERNAL MODULE: ./build/kaleyra/client.js
var client = __webpack_require__(2661);
// EXTERNAL MODULE: ./build/kaleyra/directory.js
var directory = __webpack_require__(8563);
// EXTERNAL MODULE: ./build/kaleyra/http.js + 21 modules
var http = __webpack_require__(8945);
// EXTERNAL MODULE: ./build/manifest/schema.js + 19 modules
var schema = __webpack_require__(4009);
// EXTERNAL MODULE: ./build/report/text.js
var report_text = __webpack_require__(3920);
// EXTERNAL MODULE: ./build/secrets.js
var build_secrets = __webpack_require__(5009);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/export/file.js
/** Where an export goes: a new file inside the workspace, never one that exists. */


const OUTSIDE = 'is outside the workspace: expected a path relative to its root, inside of it';
const NO_FILE = 'is no path of a file: expected one such as `callback-profiles.yml`';
const EXISTS = 'names a file that exists already, and an export never overwrites: give another path, or remove the file first';
/**
 * Why no file can be written at `path`, in words that follow the name of the input, or null where one can.
 * `workspace` is absolute.
 */
async function refusalOf(path, workspace) {
    const steps = path.split(/[/\\]/);
    if ((0,external_node_path_.isAbsolute)(path) || path.includes('\0') || steps.includes('..'))
        return OUTSIDE;
    if (['', '.'].includes(steps.at(-1) ?? ''))
        return NO_FILE;
    const root = await (0,promises_.realpath)(workspace);
    const folder = await deepestExisting((0,external_node_path_.dirname)((0,external_node_path_.join)(root, path)));
    if (!isInside(folder, root))
        return OUTSIDE;
    if (!(await (0,promises_.stat)(folder)).isDirectory())
        return NO_FILE;
    return (await exists((0,external_node_path_.join)(root, path))) ? EXISTS : null;
}
/** Writes a new file at a path that was not refused, with the folders that lead to it. Returns why it could not, or null. */
async function writeNew(path, workspace, text) {
    const root = await (0,promises_.realpath)(workspace);
    const target = (0,external_node_path_.join)(root, path);
    try {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(target), { recursive: true });
        const folder = await (0,promises_.realpath)((0,external_node_path_.dirname)(target));
        if (!isInside(folder, root))
            return OUTSIDE;
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, (0,external_node_path_.basename)(target)), text, { flag: 'wx' });
        return null;
    }
    catch (error) {
        const { code = 'unknown reason' } = error;
        return code === 'EEXIST' && (await exists(target)) ? EXISTS : `cannot be written (${code})`;
    }
}
const isInside = (folder, root) => folder === root || folder.startsWith(root + external_node_path_.sep);
/** The real path of the deepest part of a path that exists. */
async function deepestExisting(path) {
    try {
        return await (0,promises_.realpath)(path);
    }
    catch {
        return deepestExisting((0,external_node_path_.dirname)(path));
    }
}
async function exists(path) {
    try {
        await (0,promises_.lstat)(path);
        return true;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: ./build/manifest/load.js + 1 modules
var load = __webpack_require__(1172);
// EXTERNAL MODULE: ./build/manifest/source.js
var source = __webpack_require__(4211);
// EXTERNAL MODULE: ./build/reconcile/observe.js
var observe = __webpack_require__(2227);
// EXTERNAL MODULE: ./build/redactor.js
var redactor = __webpack_require__(8918);
// EXTERNAL MODULE: ./build/manifest/template.js
var template = __webpack_require__(1644);
// EXTERNAL MODULE: ./build/profile.js
var profile = __webpack_require__(2849);
// EXTERNAL MODULE: ./build/values.js
var values = __webpack_require__(1152);
;// CONCATENATED MODULE: ./build/export/fields.js
/** How a field of the account is written in a manifest: secrets as references, all else as it is. Pure. */




/** Finds no credential in any text. */
const WHOLE = (text) => [{ text, secret: false }];
/**
 * Writes a field, with each of its secrets through `refer`, also where `split` finds one in another text, and every literal
 * `${{` in those escaped.
 */
function written(field, value, refer, split = WHOLE) {
    const plain = (text) => split(text)
        .map((piece) => (piece.secret ? refer(field, piece.text) : (0,template/* escapeTemplate */.s5)(piece.text)))
        .join('');
    const referred = (what, text) => typeof text === 'string' && text !== '' ? refer(what, text) : text;
    if (field === 'url' && typeof value === 'string') {
        return (0,build_secrets/* splitCredentials */.JD)(value)
            .map(({ text, credential }) => (credential === null ? plain(text) : refer(`URL_${credential}`, text)))
            .join('');
    }
    if (field === 'headers' && (0,values/* isRecord */.u4)(value)) {
        return mapped(value, (name, text) => referred(`HEADER_${name}`, text));
    }
    if (field === 'enc' && (0,values/* isRecord */.u4)(value)) {
        return mapped(value, (name, text) => (name === 'algo' ? text : referred(`ENC_${name}`, text)));
    }
    return deep(value, plain);
}
const MASKED = 'the account shows a secret of it masked';
const UNFIT = 'it holds a character that no environment variable can hold';
const NAMED = 'a name in it holds a secret';
const PARAMS = 'its `params` may hold secrets';
/** Why a field cannot be exported whatever the rules of a manifest say, or null where it can. */
function obstacle(field, value, split) {
    if (field === 'body' && namesIn(value).some((name) => split(name).some(({ secret }) => secret)))
        return NAMED;
    const secrets = [];
    written(field, value, (_, secret) => {
        secrets.push(secret);
        return '';
    });
    if (secrets.some(build_secrets/* isMasked */.So))
        return MASKED;
    if (secrets.some((secret) => secret.includes('\0') || !secret.isWellFormed()))
        return UNFIT;
    const params = field === 'enc' && (0,values/* isRecord */.u4)(value) ? value.params : undefined;
    return params === undefined || (0,profile/* isEmptyValue */.P)(params) ? null : PARAMS;
}
/** A value with each text in it changed. */
function deep(value, change) {
    if (typeof value === 'string')
        return change(value);
    if (Array.isArray(value))
        return value.map((item) => deep(item, change));
    return (0,values/* isRecord */.u4)(value) ? mapped(value, (_, item) => deep(item, change)) : value;
}
/** Every name in a value. */
function namesIn(value) {
    if (Array.isArray(value))
        return value.flatMap(namesIn);
    return (0,values/* isRecord */.u4)(value) ? Object.entries(value).flatMap(([name, item]) => [name, ...namesIn(item)]) : [];
}
const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]));

// EXTERNAL MODULE: ./build/manifest/document.js + 3 modules
var manifest_document = __webpack_require__(2681);
// EXTERNAL MODULE: ./build/manifest/expressions.js + 1 modules
var expressions = __webpack_require__(8075);
// EXTERNAL MODULE: ./build/reconcile/diff.js
var diff = __webpack_require__(580);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
;// CONCATENATED MODULE: ./build/export/yaml.js

/**
 * Writes a manifest of profiles by key, with comments above the file and above each profile. Texts that an older YAML
 * would take for something else (`on`, `12:30`) are quoted too, since people read the file with other tools.
 */
function manifestText(profiles, comments) {
    const fields = profiles.map(([key, profile]) => [key, profile.fields]);
    const document = new dist/* Document */.yo({ version: 1, profiles: Object.fromEntries(fields) }, { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false });
    comment(document.contents, comments);
    const { items } = document.get('profiles');
    for (const [index, { key }] of items.entries()) {
        comment(key, profiles[index]?.[1].comments ?? []);
        key.spaceBefore = index > 0;
    }
    return document.toString({ lineWidth: 0 });
}
function comment(node, lines) {
    if (node !== null && lines.length > 0)
        node.commentBefore = lines.map((line) => ` ${line}`).join('\n');
}

;// CONCATENATED MODULE: ./build/export/fit.js
/** Finds what of a profile a manifest can hold. The judge is the manifest's own loader: it reads everything back. Pure. */








/** Order in which fields are written. */
const FIELDS = [
    'title',
    'http_method',
    'url',
    'channel',
    'events',
    'headers',
    'body',
    'response_message',
    'enc',
];
/** Fields without which an entry needs an id. */
const REQUIRED = ['title', 'http_method', 'url'];
const NOT_SHOWN = 'the account does not show it';
const SHARED = 'another profile of the account has this title too';
const CHANGED = 'a manifest cannot hold its value as it is';
/**
 * Fits a profile into an entry, giving up one field after the other until the rest holds. A title that profiles share is
 * left out, and what holds a secret where no reference can stand. Null where a manifest cannot hold the profile at all, as where it refuses an id that the entry needs.
 */
function fit(profile, titleIsShared, split) {
    let fitted = { id: null, fields: presentFields(profile), notes: [] };
    for (const name of REQUIRED)
        if (profile.fields[name] === undefined)
            fitted = without(fitted, name, NOT_SHOWN);
    for (const [name, value] of Object.entries(fitted.fields)) {
        const reason = name === 'title' && titleIsShared ? SHARED : obstacle(name, value, split);
        if (reason !== null)
            fitted = without(fitted, name, reason);
    }
    for (;;) {
        const objection = objectionTo(fitted, profile);
        if (objection === null)
            return fitted;
        const next = yieldTo(objection, fitted, profile.id);
        if (next === null)
            return null;
        fitted = next;
    }
}
/** All fields that are not empty, and the empty body of a method that needs one. */
function presentFields({ fields }) {
    const needsBody = fields.http_method === 'POST' || fields.http_method === 'PUT';
    const present = FIELDS.flatMap((name) => {
        const value = fields[name] ?? null;
        if (value !== null)
            return [[name, value]];
        return name === 'body' && needsBody ? [[name, {}]] : [];
    });
    return Object.fromEntries(present);
}
/** The first thing that keeps the entry from loading, or from being equal to the profile. What needs an id comes first. */
function objectionTo(fitted, profile) {
    const { entry, objections } = readBack(fitted);
    const first = objections.find(({ field }) => REQUIRED.includes(field)) ?? objections[0];
    if (first !== undefined)
        return first.field === '' ? { ...first, field: culprit(fitted) } : first;
    const changed = entry === undefined ? undefined : (0,diff/* difference */.iv)(entry, profile).fields[0];
    return changed === undefined ? null : { field: changed, reason: CHANGED };
}
/** Gives up what an objection is about, or pins the entry where that is missing. */
function yieldTo({ field, reason }, fitted, id) {
    const has = (name) => Object.hasOwn(fitted.fields, name);
    if (has(field))
        return without(fitted, field, reason);
    if (REQUIRED.includes(field) && fitted.id === null)
        return { ...fitted, id };
    return field === 'body' && has('http_method') ? without(fitted, 'http_method', 'it needs a body') : null;
}
function without(fitted, field, reason) {
    const { [field]: _, ...fields } = fitted.fields;
    return { ...fitted, fields, notes: [...fitted.notes, `${field} is left out: ${(0,report_text/* plain */.pj)(reason)}`] };
}
const KEY = 'profile';
const evaluate = (0,expressions.evaluator)({ env: {}, github: {} });
function readBack({ id, fields }) {
    const literal = Object.entries(fields).map(([name, value]) => [
        name,
        written(name, value, (_, secret) => (0,template/* escapeTemplate */.s5)(secret)),
    ]);
    const entry = { ...(id === null ? {} : { id }), ...Object.fromEntries(literal) };
    const text = manifestText([[KEY, { fields: entry, comments: [] }]], []);
    const { document, problems: faults } = (0,manifest_document/* parseSource */.P)({ name: KEY, file: null, text });
    const { manifest, problems } = document === null ? { manifest: null, problems: [] } : (0,load/* loadManifest */.e)([document], evaluate);
    const errors = [...faults, ...problems].filter(({ severity }) => severity === 'error');
    const objections = errors.map(({ path, message }) => {
        const [, field = ''] = /^profiles\.profile\.(\w+)/.exec(path) ?? [];
        return { field, reason: message };
    });
    return { entry: manifest?.entries[0], objections };
}
/** The field to which an objection that names none belongs: that of which it is made alone. */
function culprit({ fields }) {
    const found = Object.entries(fields).find(([name, value]) => readBack({ id: KEY, fields: { [name]: value } }).objections.some(({ field }) => field === ''));
    return found?.[0] ?? '';
}

;// CONCATENATED MODULE: ./build/export/names.js
/** Keys for profiles and names for their secrets. Pure. */
/** Longest key that is made of a title, in characters: names of outputs and variables are made of it. */
const MAX_KEY = 60;
/** Prefixes of variables that belong to GitHub, or that a manifest cannot read. */
const RESERVED = /^(GITHUB|INPUT|ACTIONS|RUNNER)_/;
/** Returns a function that gives every name once: where one is taken, the next free number is appended. */
function createNames(separator) {
    const numbers = new Map();
    return (wanted) => {
        let name = wanted;
        for (let number = numbers.get(wanted) ?? 1; numbers.has(name); number += 1) {
            name = `${wanted}${separator}${number + 1}`;
            numbers.set(wanted, number + 1);
        }
        numbers.set(name, 1);
        return name;
    };
}
/** The key that a title makes: in kebab-case, with an underscore before a digit; `profile` where nothing is left of it. */
function keyOf(title) {
    const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? ['profile'];
    const key = words.join('-').slice(0, MAX_KEY).replace(/-$/, '');
    return /^\d/.test(key) ? `_${key}` : key;
}
/** The environment variable for one secret of a profile, such as `ORDERS_SMS_HEADER_AUTHORIZATION`. */
function variableOf(key, secret) {
    const name = `${key}_${secret}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
    return RESERVED.test(name) ? `_${name}` : name;
}

;// CONCATENATED MODULE: ./build/export/manifest.js
/** Writes an account as a manifest that plans to nothing, with references in place of secrets. Pure. */









/** Where editors find the rules of a manifest. */
const SCHEMA = 'https://raw.githubusercontent.com/OWNER/kaleyra-callback-profiles/v1/schema/callback-profiles.schema.json';
/**
 * Makes a manifest of whole profiles, in whatever order they come. Where `split` finds a secret in any other text, a
 * reference stands there, too.
 */
function manifestOf(profiles, split = WHOLE) {
    const shown = (text) => split(text)
        .map((piece) => (piece.secret ? redactor/* HIDDEN */.R : piece.text))
        .join('');
    const named = withKeys(profiles, shown);
    const titles = Map.groupBy(profiles, (profile) => titleOf(profile).toLowerCase());
    const fitted = named.map(({ key, profile }) => ({
        key,
        profile,
        entry: fit(profile, (titles.get(titleOf(profile).toLowerCase())?.length ?? 0) > 1, split),
    }));
    const kept = pinned(fitted.flatMap(({ entry, ...rest }) => (entry === null ? [] : [{ ...rest, entry }])));
    const lost = fitted
        .filter(({ entry }) => entry === null)
        .map(({ key, profile }) => `${key} is left out: a manifest cannot hold profile ${(0,report_text/* plain */.pj)(profile.id)}`);
    const { refer, references } = collectReferences();
    const entries = kept.map(({ key, profile, entry }) => [
        key,
        { fields: writtenEntry(entry, refer(key), split), comments: commentsOf(entry, profile).map(shown) },
    ]);
    const text = manifestText(entries, [`yaml-language-server: $schema=${SCHEMA}`, ...lost]);
    return {
        text,
        profiles: kept.map(({ key, profile }) => ({ key, title: shown(titleOf(profile)), id: profile.id })),
        references: references(),
        notes: [
            ...lost,
            ...kept.flatMap(({ key, entry }) => entry.notes.map((note) => `${key}: ${shown(note)}`)),
            ...limits(text, kept.length),
        ],
    };
}
const titleOf = ({ fields }) => fields.title ?? '';
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
/** Gives each profile its key and sorts by it. The order in which the account lists them makes no difference. */
function withKeys(profiles, shown) {
    const unique = createNames('-');
    return [...profiles]
        .sort((a, b) => compare(titleOf(a), titleOf(b)) || compare(a.id, b.id))
        .map((profile) => ({ key: unique(keyOf(shown(titleOf(profile)))), profile }))
        .sort((a, b) => compare(a.key, b.key));
}
/**
 * Pins what would otherwise be taken for half of an interrupted replacement: a profile beside another whose title marks
 * it as replaced, where that title is not declared.
 */
function pinned(kept) {
    const declared = new Set(kept.map(({ entry }) => entry.fields.title));
    const present = new Set(kept.map(({ profile }) => titleOf(profile)));
    return kept.map((one) => {
        const replaced = (0,observe/* replacedTitle */.n1)(titleOf(one.profile));
        const mistaken = present.has(replaced) && !declared.has(replaced);
        return mistaken ? { ...one, entry: { ...one.entry, id: one.profile.id } } : one;
    });
}
/** References by value: the first one names it for all. */
function collectReferences() {
    const unique = createNames('_');
    const names = new Map();
    return {
        refer: (key) => (what, value) => {
            const name = names.get(value) ?? unique(variableOf(key, what));
            names.set(value, name);
            return `\${{ env.${name} }}`;
        },
        references: () => [...names].map(([value, name]) => ({ name, value })),
    };
}
function writtenEntry({ id, fields }, refer, split) {
    const entries = Object.entries(fields).map(([name, value]) => [
        name,
        written(name, value, refer, split),
    ]);
    return { ...(id === null ? {} : { id }), ...Object.fromEntries(entries) };
}
function commentsOf({ fields, notes }, profile) {
    const title = (0,report_text/* plain */.pj)(JSON.stringify(titleOf(profile)));
    const titled = fields.title === undefined ? [`titled ${title}`] : [];
    return [...titled, ...notes];
}
/** What keeps a manifest of this size from being loaded as one file. */
function limits(text, count) {
    const bytes = Buffer.byteLength(text);
    return [
        ...(count > load/* MAX_PROFILES */.u
            ? [`${count} profiles were exported, and a manifest may declare ${load/* MAX_PROFILES */.u}: use several steps`]
            : []),
        ...(bytes > source/* MAX_BYTES */.z
            ? [`The file has ${bytes} bytes, and a manifest file may have ${source/* MAX_BYTES */.z}: split it into several`]
            : []),
    ];
}

;// CONCATENATED MODULE: ./build/export/account.js








const HOW_TO_USE = 'Store these secrets, with the values that the account holds, and paste this into the step that uses the manifest:';
/**
 * Exports the account into the file that the input `export-path` names. `hide` is told every secret before anything of
 * the account is printed. Throws where the account cannot be read.
 */
async function exportAccount(settings, { clock, cancellation, workspace }, reporter, redactor, hide) {
    const path = settings.exportPath;
    const refusal = await refusalOf(path, workspace);
    if (refusal !== null)
        return refused(refusal);
    const api = (0,http/* openApi */.N)({ ...settings, clock, cancellation });
    try {
        const profiles = await reporter.group('Account', async () => {
            reporter.line(`Reading account ${settings.sid} at ${settings.origin}`);
            const whole = await readAll((0,client/* createReader */.W)(api.send));
            hide(whole.flatMap(({ fields }) => (0,build_secrets/* secretsIn */.VY)(fields)));
            reporter.line(`${(0,report_text/* counted */.hS)(whole.length, 'profile')} found`);
            return whole;
        });
        const manifest = manifestOf(profiles, redactor.split);
        const failure = await writeNew(path, workspace, manifest.text);
        if (failure !== null)
            return refused(failure);
        const variables = manifest.references.map(({ name }) => name);
        reporter.line(`${(0,report_text/* counted */.hS)(manifest.profiles.length, 'profile')} exported to ${path}`);
        if (variables.length > 0)
            for (const line of [HOW_TO_USE, '', ...(0,report_text/* variableLines */.C8)(variables)])
                reporter.line(line);
        reporter.warnings(manifest.notes);
        const states = manifest.profiles.map((profile) => ({ ...profile, action: '', changed: [] }));
        return { inputProblems: [], exported: { path, profiles: states, variables } };
    }
    finally {
        api.close();
    }
}
const refused = (message) => ({
    inputProblems: [{ input: 'export-path', message }],
    exported: null,
});
/** Every profile of the account, whole. One that is deleted meanwhile is left out. */
async function readAll(reader) {
    const { profiles } = await (0,directory/* createDirectory */.c)(reader).all();
    const whole = profiles.map((profile) => (isWhole(profile) ? profile : reader.get(profile.id)));
    return (await Promise.all(whole)).filter((profile) => profile !== null);
}
const isWhole = ({ fields }) => schema/* API_FIELDS */.Tl.every((name) => fields[name] !== undefined);


/***/ }),

/***/ 8075:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  checker: () => (/* binding */ checker),
  evaluator: () => (/* binding */ evaluator)
});

// EXTERNAL MODULE: ./node_modules/@actions/expressions/dist/index.js + 28 modules
var dist = __webpack_require__(4082);
// EXTERNAL MODULE: ./node_modules/@actions/expressions/dist/ast.js
var ast = __webpack_require__(2049);
;// CONCATENATED MODULE: ./build/manifest/evaluators.js
/** Walks through expressions: evaluates them more strictly than GitHub does, or only checks their names. */


/** Contexts that a manifest may read. */
const READABLE = ['env', 'github'];
/** Contexts of a workflow that a manifest cannot see; named so that the error can say where to put the value. */
const ELSEWHERE = [
    'secrets',
    'vars',
    'inputs',
    'matrix',
    'needs',
    'steps',
    'job',
    'jobs',
    'runner',
    'strategy',
];
/** Most characters that one expression may give, and any function in it. */
const MAX_TEXT = 1024 * 1024;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
/** Characters of a value as text. */
const lengthOf = (value) => value.coerceString().length;
/**
 * Evaluates, and records every variable that is unset or empty: GitHub hands a mistyped secret over as an empty text,
 * and the library itself would go on with null. A direct operand of `||`, `==` and `!=` may be empty.
 */
class Strict extends dist/* Evaluator */.oi {
    /** What to say of variables that have no value here. */
    missing = new Set();
    /** Values of environment variables that were read. */
    variables = new Set();
    #mayBeEmpty = new Set();
    /** Contexts of which a single variable is read. */
    #inPart = new Set();
    visitLogical(node) {
        if (node.operator.lexeme === '||' || this.#mayBeEmpty.has(node))
            for (const arg of node.args)
                this.#mayBeEmpty.add(arg);
        return super.visitLogical(node);
    }
    visitBinary(node) {
        if (node.operator.lexeme === '==' || node.operator.lexeme === '!=') {
            this.#mayBeEmpty.add(node.left).add(node.right);
        }
        return super.visitBinary(node);
    }
    visitGrouping(node) {
        if (this.#mayBeEmpty.has(node))
            this.#mayBeEmpty.add(node.group);
        return super.visitGrouping(node);
    }
    visitContextAccess(node) {
        const context = node.name.lexeme.toLowerCase();
        if (ELSEWHERE.includes(context))
            this.missing.add(elsewhere({ context, names: ['.NAME'] }));
        const value = super.visitContextAccess(node);
        if (context === 'env' && !this.#inPart.has(node) && value instanceof dist/* data.Dictionary */.p.bT)
            for (const variable of value.values())
                this.variables.add(variable.coerceString());
        return value;
    }
    visitIndexAccess(node) {
        const variable = variableOf(node);
        if (variable !== null && isElsewhere(variable)) {
            this.missing.add(elsewhere(variable));
            return new dist/* data.Null */.p.Uv();
        }
        // Of `a.b.c` the whole is what has to have a value.
        this.#mayBeEmpty.add(node.expr);
        if (variable !== null)
            this.#inPart.add(node.expr);
        const value = super.visitIndexAccess(node);
        if (variable === null)
            return value;
        const empty = value.kind === dist/* data.Kind */.p.b8.Null || (value.primitive && value.coerceString() === '');
        if (empty && !this.#mayBeEmpty.has(node))
            this.missing.add(unset(variable));
        if (!empty && variable.context === 'env')
            this.variables.add(value.coerceString());
        return value;
    }
    visitFunctionCall(node) {
        const args = node.args.map((arg) => this.eval(arg));
        const name = node.functionName.lexeme.toLowerCase();
        if (lengthOfCall(name, args) > MAX_TEXT)
            throw new Error(`it gives more than ${MAX_TEXT} characters`);
        return dist/* wellKnownFunctions */.j7[name].call(...args);
    }
}
/** Most characters that a call may give: functions that repeat their arguments could make gigabytes of a few words. */
function lengthOfCall(name, args) {
    const [first, second] = args;
    if (name === 'format' && first !== undefined) {
        const places = first.coerceString().split('{').length - 1;
        return lengthOf(first) + places * Math.max(0, ...args.slice(1).map(lengthOf));
    }
    if (name === 'join' && first?.kind === dist/* data.Kind */.p.b8.Array) {
        const items = first.values();
        return sum(items.map(lengthOf)) + items.length * (second === undefined ? 1 : lengthOf(second));
    }
    return sum(args.map(lengthOf));
}
/** Walks every branch for names that do not exist here, and reads no value. */
class NamesOnly extends Strict {
    visitLogical(node) {
        return this.#all(node.args);
    }
    visitContextAccess(node) {
        super.visitContextAccess(node);
        return new dist/* data.Null */.p.Uv();
    }
    visitIndexAccess(node) {
        const variable = variableOf(node);
        if (variable !== null && isElsewhere(variable))
            this.missing.add(elsewhere(variable));
        else
            this.#all(node.index instanceof ast/* Star */.FE ? [node.expr] : [node.expr, node.index]);
        return new dist/* data.Null */.p.Uv();
    }
    visitFunctionCall(node) {
        return this.#all(node.args);
    }
    #all(nodes) {
        for (const node of nodes)
            this.eval(node);
        return new dist/* data.Null */.p.Uv();
    }
}
/** The variable that an access means; null where it starts from no context, or means many values by `*`. */
function variableOf({ expr, index }) {
    if (index instanceof ast/* Star */.FE)
        return null;
    const name = index instanceof ast/* Literal */.uS ? `.${index.literal.coerceString()}` : '[…]';
    if (expr instanceof ast/* ContextAccess */.QC)
        return { context: expr.name.lexeme.toLowerCase(), names: [name] };
    const parent = expr instanceof ast/* IndexAccess */.p_ ? variableOf(expr) : null;
    return parent && { ...parent, names: [...parent.names, name] };
}
/** Tells whether a variable cannot be read here: another context, or the run's token, which a manifest never sees. */
const isElsewhere = ({ context, names }) => ELSEWHERE.includes(context) || (context === 'github' && names[0] === '.token');
const written = ({ context, names }) => [context, ...names].join('');
const unset = (variable) => variable.context === 'env'
    ? `\`${written(variable)}\` is unset or empty: add it to the step's \`env:\` (a mistyped secret, and a secret in a run from a fork, arrive empty)`
    : `\`${written(variable)}\` is unset or empty in this run`;
function elsewhere(variable) {
    const name = (variable.names.at(-1) ?? '')
        .slice(1)
        .toUpperCase()
        .replace(/[^A-Z0-9_]/g, '_');
    return `\`${written(variable)}\` is out of reach here: write \`${name}: \${{ ${written(variable)} }}\` under the step's \`env:\` and use \`env.${name}\``;
}

// EXTERNAL MODULE: ./build/manifest/problem.js
var problem = __webpack_require__(7999);
// EXTERNAL MODULE: ./build/manifest/template.js
var template = __webpack_require__(1644);
;// CONCATENATED MODULE: ./build/manifest/expressions.js
/**
 * `${{ … }}` in manifest values: GitHub's own expression language, evaluated by GitHub's own library.
 * Loaded only for a manifest that holds an expression.
 */




/** Most characters that all expressions of a manifest may give together. */
const MAX_MADE = 8 * MAX_TEXT;
/** Returns a function that evaluates a text. A variable that is unset or empty is an error, see {@link Strict}. */
function evaluator(contexts) {
    let left = MAX_MADE;
    const values = new dist/* data.Dictionary */.p.bT({ key: 'env', value: toData(contexts.env) }, { key: 'github', value: toData(contexts.github) }, ...ELSEWHERE.map((key) => ({ key, value: new dist/* data.Null */.p.Uv() })));
    return (text) => {
        const evaluated = evaluateText(text, (tree) => new Strict(tree, values));
        if (evaluated.kind !== 'value' || !evaluated.made)
            return evaluated;
        left -= JSON.stringify(evaluated.value).length;
        return left >= 0 ? evaluated : wrong(`the expressions down to here give more than ${MAX_MADE} characters`);
    };
}
const wrong = (...messages) => ({ kind: 'wrong', messages });
/** Returns a function that checks syntax and names, and evaluates nothing. */
function checker() {
    const nothing = new dist/* data.Dictionary */.p.bT();
    return (text) => {
        const checked = evaluateText(text, (tree) => new NamesOnly(tree, nothing));
        return checked.kind === 'value' && checked.made ? { kind: 'unknown' } : checked;
    };
}
function evaluateText(text, prepare) {
    const parts = (0,template/* splitExpressions */.WH)(text);
    const values = [];
    const variables = [];
    const messages = [];
    for (const part of parts) {
        if (part.kind === 'text')
            values.push(new dist/* data.StringData */.p.uQ(part.text));
        else if (part.kind === 'open')
            messages.push('the expression has no closing `}}`');
        else {
            const result = evaluateOne(part.text, prepare);
            messages.push(...result.messages);
            variables.push(...result.variables);
            if (result.value !== null)
                values.push(result.value);
        }
    }
    if (messages.length > 0)
        return wrong(...messages);
    const made = parts.some(({ kind }) => kind === 'expression');
    if (made && sum(values.map(lengthOf)) > MAX_TEXT)
        return wrong(`the expressions give more than ${MAX_TEXT} characters`);
    const [whole] = values;
    try {
        const value = values.length === 1 && whole !== undefined
            ? JSON.parse(JSON.stringify(whole, dist/* data.replacer */.p.$U))
            : values.map((each) => each.coerceString()).join('');
        return { kind: 'value', value, made, variables };
    }
    catch {
        return wrong('the expression gives a value that is nested too deeply');
    }
}
function evaluateOne(source, prepare) {
    const failed = (...messages) => ({ value: null, variables: [], messages });
    if (source.trim() === '')
        return failed('the expression is empty');
    let visitor;
    try {
        const { tokens } = new dist/* Lexer */.JG(source).lex();
        visitor = prepare(new dist/* Parser */.iX(tokens, [...READABLE, ...ELSEWHERE], []).parse());
    }
    catch (error) {
        return failed(`the expression cannot be read: ${syntaxMessage(error.message)}`);
    }
    try {
        const value = visitor.evaluate();
        if (visitor.missing.size > 0)
            return failed(...visitor.missing);
        if (value.kind === dist/* data.Kind */.p.b8.Number && !Number.isFinite(value.number()))
            return failed('the expression gives no number');
        return { value, variables: [...visitor.variables], messages: [] };
    }
    catch (error) {
        // What follows the colon in the library's messages may be a secret.
        return failed(...visitor.missing, `the expression cannot be evaluated: ${before(':', error)}`);
    }
}
const before = (mark, { message }) => message.split(mark)[0] ?? message;
/** The library's message without the whole expression, and with the name that was meant. */
function syntaxMessage(message) {
    if (message === 'ErrorExceededMaxLength')
        return 'it is too long';
    const [, kind, name] = /^Unrecognized (named-value|function): '(.*)'$/s.exec(message) ?? [];
    const known = kind === 'function' ? Object.keys(dist/* wellKnownFunctions */.j7) : READABLE;
    const plain = message.replace(/ within expression: .*$/s, '').replace("symbol: 'EOF'", 'end of expression');
    return plain + (name === undefined ? '' : (0,problem/* didYouMean */.au)(name, known));
}
const toData = (value) => JSON.parse(JSON.stringify(value), dist/* data.reviver */.p.eD);


/***/ })

};
