export const id = 463;
export const ids = [463];
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


/***/ })

};
