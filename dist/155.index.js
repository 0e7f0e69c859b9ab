export const id = 155;
export const ids = [155];
export const modules = {

/***/ 7155:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checker: () => (/* binding */ checker),
/* harmony export */   evaluator: () => (/* binding */ evaluator)
/* harmony export */ });
/* harmony import */ var _actions_expressions__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(438);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1644);
/**
 * `${{ … }}` in manifest values: GitHub's own expression language, evaluated by GitHub's own library.
 * Loaded only for a manifest that holds an expression.
 */


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
/** Returns a function that evaluates a text. A variable that is unset or empty is an error, see {@link Strict}. */
function evaluator(contexts) {
    const values = new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Dictionary */ .p.bT({ key: 'env', value: toData(contexts.env) }, { key: 'github', value: toData(contexts.github) }, ...ELSEWHERE.map((key) => ({ key, value: new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv() })));
    return (text) => evaluateParts(text, (tree) => new Strict(tree, values));
}
/** Returns a function that checks syntax and context names only: a good text stays as it is. */
function checker() {
    return (text) => {
        const checked = evaluateParts(text, (tree) => new NamesOnly(tree, new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Dictionary */ .p.bT()));
        return checked.ok ? { ok: true, value: text, variables: [] } : checked;
    };
}
function evaluateParts(text, prepare) {
    const parts = (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .splitExpressions */ .WH)(text);
    const values = [];
    const variables = [];
    for (const part of parts) {
        if (part.kind === 'text') {
            values.push(part.text);
            continue;
        }
        if (part.kind === 'open')
            return { ok: false, messages: ['the expression has no closing `}}`'], offset: part.offset };
        try {
            const tree = new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .Parser */ .iX(new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .Lexer */ .JG(part.text).lex().tokens, ['env', 'github', ...ELSEWHERE], []).parse();
            const strict = prepare(tree);
            const value = strict.evaluate();
            if (strict.missing.length > 0)
                return { ok: false, messages: strict.missing, offset: part.offset };
            variables.push(...strict.variables);
            values.push(parts.length === 1 ? JSON.parse(JSON.stringify(value, _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.replacer */ .p.$U)) : value.coerceString());
        }
        catch (error) {
            return {
                ok: false,
                messages: [`the expression cannot be read: ${error.message}`],
                offset: part.offset,
            };
        }
    }
    return { ok: true, value: parts.length === 1 ? values[0] : values.join(''), variables };
}
const toData = (value) => JSON.parse(JSON.stringify(value), _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.reviver */ .p.eD);
/**
 * Evaluates, and records every variable that is unset or empty: GitHub hands a mistyped secret over as an empty text,
 * and the library itself would go on with null. A direct operand of `||`, `==` and `!=` may be empty.
 */
class Strict extends _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .Evaluator */ .oi {
    missing = [];
    variables = [];
    #mayBeEmpty = new Set();
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
        const name = node.name.lexeme.toLowerCase();
        if (ELSEWHERE.includes(name))
            this.missing.push(elsewhere(name, 'NAME'));
        return super.visitContextAccess(node);
    }
    visitIndexAccess(node) {
        const variable = variableOf(node);
        if (variable !== null && ELSEWHERE.includes(variable.context)) {
            this.missing.push(elsewhere(variable.context, variable.name));
            return new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv();
        }
        const value = super.visitIndexAccess(node);
        if (variable === null)
            return value;
        const text = value.coerceString();
        if (text === '' && !this.#mayBeEmpty.has(node))
            this.missing.push(unset(variable));
        if (text !== '' && variable.context === 'env')
            this.variables.push(text);
        return value;
    }
}
/** Walks every branch for names that do not exist here, and reads no value. */
class NamesOnly extends Strict {
    visitLogical(node) {
        for (const arg of node.args)
            this.eval(arg);
        return new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv();
    }
    visitContextAccess(node) {
        const name = node.name.lexeme.toLowerCase();
        if (ELSEWHERE.includes(name))
            this.missing.push(elsewhere(name, 'NAME'));
        return new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv();
    }
    visitIndexAccess(node) {
        const variable = variableOf(node);
        if (variable === null)
            this.eval(node.expr);
        else if (ELSEWHERE.includes(variable.context))
            this.missing.push(elsewhere(variable.context, variable.name));
        return new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv();
    }
    visitFunctionCall(node) {
        for (const arg of node.args)
            this.eval(arg);
        return new _actions_expressions__WEBPACK_IMPORTED_MODULE_0__/* .data.Null */ .p.Uv();
    }
}
function variableOf(node) {
    const context = node.expr;
    const index = node.index;
    if (context.name === undefined || index.literal === undefined)
        return null;
    return { context: context.name.lexeme.toLowerCase(), name: index.literal.coerceString() };
}
const unset = ({ context, name }) => context === 'env'
    ? `\`env.${name}\` is unset or empty: add it to the step's \`env:\` (a mistyped secret, and a secret in a run from a fork, arrive empty)`
    : `\`${context}.${name}\` is unset or empty in this run`;
const elsewhere = (context, name) => `\`${context}.${name}\` is out of reach here: write \`${name.toUpperCase()}: \${{ ${context}.${name} }}\` under the step's \`env:\` and use \`env.${name.toUpperCase()}\``;


/***/ })

};
