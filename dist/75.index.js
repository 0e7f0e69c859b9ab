export const id = 75;
export const ids = [75];
export const modules = {

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
