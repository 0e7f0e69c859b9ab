export const id = 145;
export const ids = [145,463];
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


/***/ })

};
