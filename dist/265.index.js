export const id = 265;
export const ids = [265,463,145];
export const modules = {

/***/ 4463:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   githubFailure: () => (/* binding */ githubFailure),
/* harmony export */   openGitHub: () => (/* binding */ openGitHub),
/* harmony export */   statusOf: () => (/* binding */ statusOf)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3361);
/* harmony import */ var _octokit_plugin_retry__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9735);
/* harmony import */ var node_fetch__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9309);
/** GitHub's REST API with the workflow's token. Loaded only by a run that needs it. */



/** Opens the API. The client prints nothing: what it would warn of is not for users of this action. */
function openGitHub({ token, apiUrl, timeoutMs, clock, stop }) {
    const bounded = (url, init) => (0,node_fetch__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .Ay)(url, { ...init, signal: AbortSignal.any([clock.timeout(timeoutMs), stop]) });
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    return (0,_actions_github__WEBPACK_IMPORTED_MODULE_1__/* .getOctokit */ .Q)(token, { baseUrl: apiUrl, log, request: { fetch: bounded } }, _octokit_plugin_retry__WEBPACK_IMPORTED_MODULE_2__/* .retry */ .L);
}
const silent = () => { };
/** Why a request failed: the HTTP status and what GitHub says, or that no answer came. */
function githubFailure(error) {
    const { message, status } = error;
    if (status === undefined)
        return message;
    const answered = statusOf(error);
    return answered === null ? `no answer from GitHub: ${message}` : `HTTP ${answered}: ${message}`;
}
/** The HTTP status of GitHub's answer, or null where none came. */
function statusOf(error) {
    const { status, response } = error;
    return response === undefined ? null : (status ?? null);
}


/***/ }),

/***/ 145:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   commitFiles: () => (/* binding */ commitFiles)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var _manifest_files_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3211);
/* harmony import */ var _client_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4463);
/** The files of a commit, read through GitHub's API. */



/** Opens the files of a commit. Their paths are those that a checkout would have. */
function commitFiles(github, repository, sha) {
    /** All paths of the commit. Throws where GitHub does not list them. */
    const paths = async () => {
        const { data } = await github.rest.git.getTree({ ...repository, tree_sha: sha, recursive: 'true' });
        if (data.truncated)
            throw new Error('the repository has more files than GitHub lists: name the manifest by its path');
        return data.tree.flatMap(({ path, type }) => (type === 'blob' ? path : []));
    };
    const find = async (path) => {
        try {
            const { data } = await github.rest.repos.getContent({ ...repository, path, ref: sha });
            if (Array.isArray(data) || data.type !== 'file' || !('content' in data))
                return (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .fileProblem */ .Wj)(path, `expected a file at commit ${sha}`);
            if (data.size > _manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .MAX_BYTES */ .zx)
                return (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .tooLarge */ .g$)(path, data.size);
            // GitHub sends no content of a file of more than a megabyte, which is a little less than MAX_BYTES.
            if (data.encoding !== 'base64')
                return (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .fileProblem */ .Wj)(path, 'GitHub does not hand out a file of this size: check out the repository');
            return (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .sourceOf */ .vz)(path, Buffer.from(data.content, 'base64'));
        }
        catch (error) {
            if ((0,_client_js__WEBPACK_IMPORTED_MODULE_2__.statusOf)(error) === 404)
                return null;
            const why = `the file cannot be read at commit ${sha} (${(0,_client_js__WEBPACK_IMPORTED_MODULE_2__.githubFailure)(error)})`;
            return (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .fileProblem */ .Wj)(path, `${why}: grant the job \`contents: read\`, or check out the repository first`);
        }
    };
    return {
        expand: async (pattern) => (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .isGlob */ .fg)(pattern) ? (await paths()).filter((path) => node_path__WEBPACK_IMPORTED_MODULE_0__.posix.matchesGlob(path, pattern)).sort() : [pattern],
        find,
        read: async (path) => (await find(path)) ?? (0,_manifest_files_js__WEBPACK_IMPORTED_MODULE_1__/* .fileProblem */ .Wj)(path, `${MISSING} ${sha}`),
    };
}
const MISSING = 'nothing is checked out, and GitHub shows no such file: check the path in the input `manifest`, and that the job has the permission `contents: read`. Looked for at commit';


/***/ }),

/***/ 9265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  declaredPlan: () => (/* binding */ declaredPlan)
});

// EXTERNAL MODULE: ./build/manifest/contexts.js
var contexts = __webpack_require__(5386);
// EXTERNAL MODULE: ./build/manifest/document.js
var manifest_document = __webpack_require__(423);
// EXTERNAL MODULE: ./build/manifest/files.js
var manifest_files = __webpack_require__(3211);
// EXTERNAL MODULE: ./build/manifest/load.js + 1 modules
var load = __webpack_require__(1172);
// EXTERNAL MODULE: ./build/manifest/problem.js
var problem = __webpack_require__(7999);
// EXTERNAL MODULE: ./build/manifest/entry.js + 1 modules
var manifest_entry = __webpack_require__(7686);
// EXTERNAL MODULE: ./build/reconcile/decide.js
var decide = __webpack_require__(6839);
// EXTERNAL MODULE: ./build/reconcile/diff.js
var diff = __webpack_require__(580);
// EXTERNAL MODULE: ./build/reconcile/plan.js
var plan = __webpack_require__(5568);
;// CONCATENATED MODULE: ./build/reconcile/declared.js
/**
 * The plan of what changes between two manifests, for a run that cannot read the account: what the one declares is taken
 * for what the account holds. Pure.
 */




/** Plans `head` as if the account held what `base` declares. Ids are known only of pinned profiles. */
function planDeclared(base, head, { origin, sid }) {
    const present = base.entries.filter(({ profile }) => profile.state === 'present');
    const predecessorOf = predecessors(present);
    const gone = titlesOf(base.entries.filter(({ profile }) => profile.state === 'absent'));
    const matched = new Set();
    const declared = head.entries.map((entry) => {
        const old = predecessorOf(entry);
        if (old !== null)
            matched.add(old);
        return changeOf(entry, old, gone);
    });
    const named = titlesOf(head.entries);
    const prefix = head.prune?.title_prefix;
    const undeclared = present
        .filter((old) => !matched.has(old) && !named.has(old.profile.fields.title))
        .map((old) => {
        const pruned = prefix !== undefined && old.profile.fields.title?.startsWith(prefix);
        const change = pruned
            ? changed('delete', old, [decide/* PRUNED */.Hh, decide/* CAMPAIGNS */.iC])
            : changed('report', old, [LEFT_ALONE]);
        return { ...change, key: '' };
    });
    return (0,plan/* planOf */.XC)(origin, sid, [...declared, ...undeclared]);
}
const LEFT_ALONE = 'no longer declared: it stays on the account as it is';
/** Every title that these entries have or had. */
const titlesOf = (entries) => new Set(entries.flatMap(({ profile }) => [profile.fields.title, ...profile.previous_titles]));
/** Finds the entry that meant the same profile before: by id, else by title, else by a previous title. */
function predecessors(before) {
    const byId = new Map(before.map((entry) => [entry.profile.id, entry]));
    const byTitle = new Map(before.map((entry) => [entry.profile.fields.title, entry]));
    return ({ profile: { id, fields, previous_titles } }) => {
        const pinned = id === null ? undefined : byId.get(id);
        const titled = fields.title === undefined ? undefined : byTitle.get(fields.title);
        const [previous] = previous_titles.flatMap((title) => byTitle.get(title) ?? []);
        return pinned ?? titled ?? previous ?? null;
    };
}
/** `gone` are the titles that were declared absent already. */
function changeOf(entry, old, gone) {
    const { state, id, fields } = entry.profile;
    if (state === 'absent')
        return gone.has(fields.title)
            ? changed('unchanged', entry)
            : changed('delete', entry, ['deleted where it exists', decide/* CAMPAIGNS */.iC]);
    if (old === null)
        return id === null
            ? { ...changed('create', entry), changes: (0,diff/* difference */.iv)(entry, null).changes }
            : changed('report', entry, ['newly declared: only the account shows what differs']);
    const { fields: differing, changes } = (0,diff/* difference */.iv)(entry, remoteOf(old));
    if (differing.length === 0)
        return changed('unchanged', entry);
    if (differing.includes('channel'))
        return { ...changed('replace', entry, [decide/* NEW_ID */.lp]), changes };
    const mayReplace = id === null && differing.some((field) => !decide/* PATCHABLE */.x_.has(field));
    return { ...changed('update', entry), mayReplace, changes };
}
const changed = (verb, entry, notes = []) => ({
    key: entry.key,
    title: (0,manifest_entry/* shownTitle */._Q)(entry) ?? '',
    id: entry.profile.id,
    verb,
    mayReplace: false,
    changes: [],
    notes,
});
/** A declared profile as the account would hold it, with nothing in the fields that are not managed. */
const remoteOf = ({ profile }) => ({
    id: profile.id ?? '',
    status: null,
    fields: { ...NOTHING, ...profile.fields },
});
const NOTHING = {
    body: null,
    response_message: null,
    headers: null,
    enc: null,
    channel: null,
    events: null,
};

// EXTERNAL MODULE: ./build/report/log.js
var log = __webpack_require__(6945);
// EXTERNAL MODULE: ./build/secrets.js
var secrets = __webpack_require__(5009);
// EXTERNAL MODULE: ./build/github/client.js
var client = __webpack_require__(4463);
// EXTERNAL MODULE: ./build/github/commit.js
var commit = __webpack_require__(145);
// EXTERNAL MODULE: ./build/github/context.js
var context = __webpack_require__(9009);
// EXTERNAL MODULE: ./build/github/event.js
var github_event = __webpack_require__(6830);
;// CONCATENATED MODULE: ./build/github/declared.js












/**
 * Plans what `head` declares otherwise than the manifest of the base commit, which is read from GitHub and, like the
 * head's, not evaluated. Never calls Kaleyra. `secretless` says why the account cannot be read; what is returned says so
 * too, and why there is no plan where there is nothing to compare with.
 */
async function declaredPlan(head, secretless, event, settings, edges, reporter, hide) {
    const why = `${secretless}, so the account was not read`;
    return reporter.group('Plan', async () => {
        const base = await readBase(event, settings, edges);
        const unread = typeof base === 'string'
            ? `${why}. The manifest is valid; it could not be compared with that of the base: ${base}.`
            : `${why}. This is what the manifest declares otherwise than that of the base.`;
        reporter.line(unread);
        if (typeof base === 'string')
            return { plan: null, unread };
        hide(base.entries.flatMap(secrets/* secretsOf */.Fj));
        const plan = planDeclared(base, head, settings);
        for (const line of (0,log/* planTable */.k0)(plan))
            reporter.line(line);
        return { plan, unread };
    });
}
/** The manifest of the base commit, which is empty where that has none; or why it cannot be read. */
async function readBase(event, { source, githubToken: token, timeoutMs }, { env, clock, cancellation: { stop } }) {
    const pull = (0,github_event/* pullRequestOf */._n)(event);
    const { apiUrl, repository } = (0,context/* runContext */.p)(env);
    if (source.kind !== 'files')
        return 'profiles that inputs declare have none';
    if (token === '')
        return 'the input `github-token` is empty';
    if (pull === null || repository === null)
        return 'the event names no base commit';
    const files = (0,commit.commitFiles)((0,client.openGitHub)({ token, apiUrl, timeoutMs, clock, stop }), repository, pull.baseSha);
    try {
        const paths = (await Promise.all(source.patterns.map((pattern) => files.expand((0,manifest_files/* normalized */.A9)(pattern))))).flat();
        const texts = await Promise.all([...new Set(paths)].map((path) => files.find(path)));
        const parsed = texts
            .filter((text) => text !== null)
            .map((text) => ('severity' in text ? { document: null, problems: [text] } : (0,manifest_document/* parseSource */.P)(text)));
        const documents = parsed.flatMap(({ document }) => document ?? []);
        const { manifest, problems } = (0,load/* loadManifest */.e)(documents, await (0,contexts/* expressionsOf */.B)(documents, null));
        const wrong = [...parsed.flatMap((each) => each.problems), ...problems].find(({ severity }) => severity === 'error');
        return wrong === undefined ? (manifest ?? declared_NOTHING) : (0,problem/* showProblem */.Hi)(wrong);
    }
    catch (error) {
        return (0,client.githubFailure)(error);
    }
}
const declared_NOTHING = { entries: [], prune: null };


/***/ })

};
