export const id = 726;
export const ids = [726];
export const modules = {

/***/ 8726:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  startPreflight: () => (/* binding */ startPreflight)
});

// EXTERNAL MODULE: external "node:dns/promises"
var promises_ = __webpack_require__(1553);
;// CONCATENATED MODULE: ./build/node_modules/@actions/http-client/lib/proxy.js
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map
// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __webpack_require__(370);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: ./build/addresses.js
var build_addresses = __webpack_require__(5792);
// EXTERNAL MODULE: ./build/manifest/url.js
var url = __webpack_require__(5829);
// EXTERNAL MODULE: ./build/report/text.js
var report_text = __webpack_require__(3920);
;// CONCATENATED MODULE: ./build/preflight/facts.js
/** What a look at an endpoint can show, and what to say of it. Pure. */


/** Which of a name's addresses to connect to, the public ones where there are some, and what is wrong with the others. */
function sift(addresses) {
    const open = addresses.filter((address) => (0,build_addresses/* unreachableAddress */.H)(address) === null);
    const wrong = addresses.flatMap((address) => {
        const what = (0,build_addresses/* unreachableAddress */.H)(address);
        return what === null ? [] : [{ kind: 'address', address, what, alone: open.length === 0 }];
    });
    return { targets: open.length > 0 ? open : addresses, wrong: wrong.slice(0, 1) };
}
/** Errors of connecting to an IPv6 address from where there is no IPv6. */
const NO_ROUTE = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'];
/** What an error of connecting to these addresses shows. */
function failureOf(step, error, addresses) {
    const codes = error instanceof AggregateError ? error.errors.map(codeOf) : [codeOf(error)];
    const reason = codes.find((code) => !NO_ROUTE.includes(code)) ?? codes[0] ?? UNKNOWN;
    const isUnseen = NO_ROUTE.includes(reason) && addresses.every((address) => (0,external_node_net_.isIP)(address) === 6);
    return { kind: isUnseen ? 'route' : step, reason };
}
const UNKNOWN = 'unknown reason';
const codeOf = (error) => error.code ?? UNKNOWN;
const DAY_MS = 86_400_000;
/** A certificate that ends earlier is worth a warning. */
const RENEWAL_DAYS = 14;
/** Whether callbacks cannot arrive as far as this runner can tell, or that is only in doubt, or all is well. */
function verdictOn(fact, now) {
    if (fact.kind === 'route')
        return 'doubtful';
    if (fact.kind !== 'certificate')
        return 'bad';
    return fact.until - now < RENEWAL_DAYS * DAY_MS ? 'doubtful' : 'good';
}
const REACH = "Kaleyra's servers must reach it from the internet";
/** Says what was seen of an endpoint, and what to do about it. */
function explain({ host, authority }, fact) {
    switch (fact.kind) {
        case 'name':
            return {
                message: `${host} does not resolve from this runner (${fact.reason})`,
                hint: `Correct the host in \`url\`, or publish it in DNS: ${REACH}.`,
            };
        case 'address': {
            const others = fact.alone ? '' : ', beside others';
            const resolved = `${host} resolves from this runner to ${fact.address}, ${fact.what}${others}`;
            return {
                message: fact.address === host ? `${host} is ${fact.what}` : resolved,
                hint: `Use a host that has public addresses only: ${REACH}.`,
            };
        }
        case 'route':
            return {
                message: `${authority} has IPv6 addresses only and was not checked: there is no way to them from this runner (${fact.reason})`,
                hint: `Check it from elsewhere: ${REACH}.`,
            };
        case 'connection':
            return {
                message: `no connection to ${authority} from this runner (${fact.reason})`,
                hint: `Correct host and port, start the server, or open its firewall: ${REACH}.`,
            };
        case 'handshake':
            return explainHandshake(authority, fact.reason);
        case 'certificate':
            return {
                message: `the certificate of ${authority} expires on ${new Date(fact.until).toISOString().slice(0, 10)}`,
                hint: 'Renew it before then.',
            };
    }
}
const PUBLIC_AUTHORITY = 'Install one that a public certificate authority has signed.';
const CHAIN = 'Let the server send its intermediate certificates too.';
/** What is wrong with a certificate, and what to do, by the code of the error. */
const REFUSED = new Map([
    ['CERT_HAS_EXPIRED', ['has expired', 'Renew it.']],
    ['CERT_NOT_YET_VALID', ['is not valid yet', 'Install one that is.']],
    ['ERR_TLS_CERT_ALTNAME_INVALID', ['is for another host', 'Install one for this host, or correct `url`.']],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', ['is signed by itself', PUBLIC_AUTHORITY]],
    ['SELF_SIGNED_CERT_IN_CHAIN', ['is signed by an authority of its own', PUBLIC_AUTHORITY]],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ['has an unknown issuer', CHAIN]],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ['has an unknown issuer', CHAIN]],
]);
function explainHandshake(authority, reason) {
    const [what, hint] = REFUSED.get(reason) ?? [];
    return what === undefined
        ? {
            message: `the TLS handshake of this runner with ${authority} failed (${reason})`,
            hint: 'Correct the port in `url`, or the TLS settings of the server.',
        }
        : { message: `the certificate of ${authority} ${what} (${reason})`, hint: hint ?? '' };
}

;// CONCATENATED MODULE: ./build/preflight/findings.js
/** Turns what was seen of endpoints into findings about profiles. Pure. */





/** Every endpoint of the profiles that are to be present, once, but for those that an expression or a `<variable>` makes. */
function usedEndpoints(entries) {
    const groups = new Map();
    for (const entry of entries) {
        const endpoint = entry.profile.state === 'absent' ? null : (0,url/* endpointOf */.X)(entry.written.url);
        if (endpoint === null)
            continue;
        const key = `${endpoint.secure} ${endpoint.authority}`;
        const group = groups.get(key);
        if (group === undefined)
            groups.set(key, { endpoint, entries: [entry] });
        else
            group.entries.push(entry);
    }
    return [...groups.values()];
}
/** Tells whether a host is a name that is not in DNS, such as `localhost`. */
const isPrivateName = ({ host }) => (0,external_node_net_.isIP)(host) === 0 && (0,build_addresses/* unreachableHost */.F)(host) !== null;
/** All findings, in the order of the endpoints. `now` is in milliseconds since 1970. */
function checkedOf(looks, now) {
    const number = (why) => looks.filter(({ seen }) => seen === why).length;
    const [proxied, late] = [number('proxied'), number('late')];
    return {
        count: looks.length - proxied - late,
        findings: looks.flatMap(({ endpoint, entries, seen }) => {
            const declared = declaredFacts(endpoint);
            return [...declared, ...(typeof seen === 'string' ? [] : seen)]
                .filter((fact) => verdictOn(fact, now) !== 'good')
                .map((fact) => ({
                ...explain(endpoint, fact),
                entries,
                bad: verdictOn(fact, now) === 'bad',
                declared: declared.includes(fact),
            }));
        }),
        notes: [
            ...unchecked(proxied, 'this runner is to reach them through a proxy', PROXY_HINT),
            ...unchecked(late, 'the time for all checks was up', ''),
        ],
    };
}
const PROXY_HINT = 'A connection past the proxy would prove nothing. Name hosts that need no proxy in the environment variable NO_PROXY.';
function declaredFacts({ host }) {
    const what = (0,build_addresses/* unreachableHost */.F)(host);
    return what === null ? [] : [{ kind: 'address', address: host, what, alone: true }];
}
const unchecked = (count, why, hint) => count === 0 ? [] : [{ message: `${(0,report_text/* counted */.hS)(count, 'endpoint')} not checked: ${why}`, hint }];

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
;// CONCATENATED MODULE: ./build/preflight/probe.js




/** Milliseconds after which another address of the same host is tried: longer than a connection around the world takes. */
const NEXT_ADDRESS_MS = 2000;
/**
 * Resolves a host, connects to it once, and makes the TLS handshake where the URL is https; nothing else is sent. Where
 * some of its addresses are public, it connects to these. Never throws.
 */
async function probe(endpoint, means) {
    const { host } = endpoint;
    if ((0,external_node_net_.isIP)(host) !== 0)
        return [await connect(endpoint, [host], means)].flat();
    const addresses = await resolve(host, means);
    if (!Array.isArray(addresses))
        return [addresses];
    const { targets, wrong } = sift(addresses);
    return [wrong, await connect(endpoint, targets, means)].flat();
}
/**
 * The addresses of a name as DNS has them, or the fact that there are none. The system's own look-up would not do: it
 * cannot be cancelled, and it keeps waiting whatever else this process looks up.
 */
async function resolve(host, { resolver, patience, impatience }) {
    const signal = patience();
    signal.addEventListener('abort', () => resolver.cancel(), { once: true });
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0)
        return addresses;
    const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : []));
    const reason = codes.find((code) => code !== 'ENODATA') ?? 'ENODATA';
    return { kind: 'name', reason: signal.aborted ? impatience : reason };
}
/** Connects to the first of these addresses that answers, and tells how far that went; nothing where a connection is all. */
async function connect({ secure, host, port }, addresses, { patience, impatience }) {
    const signal = patience();
    const found = addresses.map((address) => ({ address, family: (0,external_node_net_.isIP)(address) }));
    const lookup = (_host, _options, answer) => answer(null, found);
    const families = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS };
    const target = { host, port, lookup, ...families };
    const socket = secure ? (0,external_node_tls_.connect)({ ...target, servername: (0,external_node_net_.isIP)(host) === 0 ? host : '' }) : (0,external_node_net_.connect)(target);
    // After the waits below nobody listens any more.
    socket.on('error', () => { });
    let step = 'connection';
    try {
        await (0,external_node_events_.once)(socket, 'connect', { signal });
        step = 'handshake';
        if (secure)
            await (0,external_node_events_.once)(socket, 'secureConnect', { signal });
        const until = socket instanceof external_node_tls_.TLSSocket ? socket.getPeerX509Certificate()?.validToDate : undefined;
        // The server gets to see the end of the handshake.
        socket.destroySoon();
        return until === undefined ? [] : { kind: 'certificate', until: until.getTime() };
    }
    catch (error) {
        socket.destroy();
        return signal.aborted ? { kind: step, reason: impatience } : failureOf(step, error, addresses);
    }
}

;// CONCATENATED MODULE: ./build/preflight/preflight.js
/** Checks the endpoints of a manifest: each host and port once, and never by an HTTP request. */





/** Endpoints that are checked at once. */
const AT_ONCE = 16;
/** Time for each of the two steps of a check: looking the name up, and connecting. */
const STEP_MS = 5000;
/** No check is started after this time. */
const WHOLE_MS = 60_000;
/**
 * Starts to check the endpoints of all profiles that are to be present. A host that an expression or a `<variable>` makes is
 * left alone, and so is one that the process reaches through a proxy (`HTTPS_PROXY` and the like).
 */
function startPreflight(entries, clock, createResolver = () => new promises_.Resolver()) {
    const closing = new AbortController();
    const end = clock.timeout(WHOLE_MS);
    const limit = (0,p_limit/* default */.A)(AT_ONCE);
    const see = async (endpoint) => {
        if (isPrivateName(endpoint))
            return [];
        if (isProxied(endpoint))
            return 'proxied';
        return limit(async () => {
            if (end.aborted || closing.signal.aborted)
                return 'late';
            return probe(endpoint, {
                resolver: createResolver(),
                patience: () => AbortSignal.any([closing.signal, clock.timeout(STEP_MS)]),
                impatience: `no answer within ${STEP_MS / 1000} s`,
            });
        });
    };
    const looks = usedEndpoints(entries).map(async (used) => ({ ...used, seen: await see(used.endpoint) }));
    return {
        checked: Promise.all(looks).then((all) => checkedOf(all, clock.now())),
        close: () => closing.abort(),
    };
}
function isProxied({ secure, authority }) {
    try {
        return getProxyUrl(new URL(`${secure ? 'https' : 'http'}://${authority}`)) !== undefined;
    }
    catch {
        // The proxy's own address is no URL.
        return true;
    }
}


/***/ })

};
