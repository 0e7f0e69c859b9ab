export const id = 212;
export const ids = [212,463];
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

/***/ 8831:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  commentPlan: () => (/* binding */ commentPlan)
});

// UNUSED EXPORTS: markerOf, putComment

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/manifest/entry.js + 1 modules
var manifest_entry = __webpack_require__(7686);
// EXTERNAL MODULE: ./build/reconcile/plan.js
var plan = __webpack_require__(5568);
// EXTERNAL MODULE: ./build/report/log.js
var log = __webpack_require__(6945);
// EXTERNAL MODULE: ./build/report/markdown.js
var markdown = __webpack_require__(4902);
// EXTERNAL MODULE: ./build/report/outcome.js
var report_outcome = __webpack_require__(4247);
// EXTERNAL MODULE: ./build/report/summary.js
var summary = __webpack_require__(4611);
;// CONCATENATED MODULE: ./build/report/comment.js






/** Most bytes of each part, so that all of them stay below 60,000 characters: GitHub refuses more than 65,536. */
const LIMITS = { table: 15_000, changes: 22_000, problems: 15_000, steps: 3_000 };
/** Tells whether a comment has more to say than that there is nothing to do. */
const isNoteworthy = (outcome) => (0,report_outcome/* hasFailed */.W)(outcome) || outcome.warnings.length > 0 || (outcome.plan !== null && (0,plan/* hasChanges */.ik)(outcome.plan));
/** What applying the plan would do, or one line where that is nothing. `redact` hides credentials. */
function commentText(outcome, context, redact) {
    const show = (text) => (0,markdown/* escaped */.Mk)(redact(text));
    const { plan, unread } = outcome;
    const footer = `<sub>${[
        ...(plan === null || unread !== null
            ? []
            : [`Plan digest <code>${plan.digest}</code>, for <code>expected-plan</code>`]),
        ...(context.runUrl === '' ? [] : [`<a href="${context.runUrl}">run</a>`]),
    ].join(' · ')}</sub>`;
    if (plan !== null && !isNoteworthy(outcome))
        return `✅ Kaleyra callback profiles: nothing to do, ${(0,log/* countsLine */.J7)(plan.counts)}.\n\n${footer}`;
    const states = (0,report_outcome/* profileStates */.q)(outcome, (entry) => (0,manifest_entry/* shownTitle */._Q)(entry) ?? '');
    const parts = [
        (0,markdown/* heading */.R_)(outcome, (0,summary/* verdict */.W)(outcome)),
        unread === null ? '' : show(unread),
        plan === null ? '' : `Applying this to ${show(plan.origin)} would do the following.`,
        plan === null ? '' : (0,markdown/* profileTable */.A6)(states, LIMITS.table, show),
        plan === null ? '' : (0,markdown/* changeDetails */.pu)(plan, LIMITS.changes, show),
        (0,markdown/* problemList */.gH)(outcome, context, LIMITS.problems, show),
        (0,markdown/* nextSteps */.Zn)(outcome, LIMITS.steps, show),
        footer,
    ];
    return parts.filter((part) => part !== '').join('\n\n');
}

// EXTERNAL MODULE: ./build/github/client.js
var client = __webpack_require__(4463);
// EXTERNAL MODULE: ./build/github/context.js
var github_context = __webpack_require__(9009);
;// CONCATENATED MODULE: ./build/github/comment.js
/** One comment on a pull request that is kept up to date: found by its marker, changed in place. */




/**
 * Puts what a run planned on its pull request, as the input `comment` asks: there is one comment for each manifest and
 * account. Returns why that was not possible, or null.
 */
async function commentPlan(outcome, { number }, settings, { env, clock, cancellation: { stop } }, redact) {
    const { source, origin, sid, githubToken: token, timeoutMs } = settings;
    const context = (0,github_context/* runContext */.p)(env);
    const { repository, apiUrl } = context;
    if (token === '' || repository === null)
        return 'The plan could not be put on the pull request: the input `github-token` is empty';
    const github = (0,client.openGitHub)({ token, apiUrl, timeoutMs, clock, stop });
    // Profiles of inputs have no name of their own but that of the step which declares them.
    const manifest = source.kind === 'files' ? source.patterns : context.step;
    const comment = {
        marker: markerOf(origin, sid, manifest),
        text: commentText(outcome, context, redact),
        onlyUpdates: settings.comment === 'changes' && !isNoteworthy(outcome),
    };
    try {
        await putComment(github, { ...repository, number }, comment);
        return null;
    }
    catch (error) {
        return commentFailure(error);
    }
}
/** A first line that no one sees, by which the comment of one manifest and account is found again. */
function markerOf(...identity) {
    const hash = (0,external_node_crypto_.createHash)('sha256').update(JSON.stringify(identity)).digest('hex');
    return `<!-- kaleyra-callback-profiles ${hash.slice(0, 16)} -->`;
}
/** Tries of a create whose answer was lost: before each, the comment is looked for. */
const TRIES = 3;
/**
 * Puts the comment on the pull request, over an earlier one that has its marker on the first line and that a bot wrote; one
 * that may not be changed is passed over. Throws what GitHub's client throws.
 */
async function putComment(github, pull, { marker, text, onlyUpdates }) {
    const { owner, repo, number: issue_number } = pull;
    const body = `${marker}\n${text}`;
    for (let tries = 1;; tries += 1) {
        for (const { id, body: present } of await ownComments(github, pull, marker)) {
            if (present === body || (await changes(github, { owner, repo, comment_id: id, body })))
                return;
        }
        if (onlyUpdates)
            return;
        try {
            // Not repeated blindly: a create whose answer was lost would stand there twice.
            const once = { request: { retries: 0 } };
            await github.rest.issues.createComment({ owner, repo, issue_number, body, ...once });
            return;
        }
        catch (error) {
            const status = (0,client.statusOf)(error);
            if (tries >= TRIES || (status !== null && status < 500))
                throw error;
        }
    }
}
/** Comments of bots that have the marker on their first line, oldest first. The own one cannot be told by its author: the token may not ask who it is. */
async function ownComments(github, { owner, repo, number: issue_number }, marker) {
    const all = await github.paginate(github.rest.issues.listComments, {
        owner,
        repo,
        issue_number,
        per_page: 100,
    });
    return all.filter(({ user, body }) => user?.type === 'Bot' && body?.split(/\r?\n/, 1)[0] === marker);
}
/** Changes a comment; false where it belongs to somebody else, or is gone. */
async function changes(github, comment) {
    try {
        await github.rest.issues.updateComment(comment);
        return true;
    }
    catch (error) {
        const status = (0,client.statusOf)(error);
        if (status === 403 || status === 404)
            return false;
        throw error;
    }
}
/** What to say where the comment could not be put on the pull request. */
function commentFailure(error) {
    const status = (0,client.statusOf)(error);
    const refused = status === 401 || status === 403 || status === 404;
    const mend = refused
        ? ': grant the job the permission `pull-requests: write`, which a pull request from a fork cannot have'
        : ': run again';
    return `The plan could not be put on the pull request (${(0,client.githubFailure)(error)})${mend}`;
}


/***/ })

};
