#include "core/goedel/formula.h"

#include <algorithm>

namespace lab::goedel {
namespace {

constexpr SourceText aTerm = LAB_TEXT("goedel", "a term: 0, S, a variable or a sum or product in parentheses");
constexpr SourceText aFormula = LAB_TEXT("goedel", "a formula: ¬, a quantifier, a parenthesis or the first term of an equation");

Message signText(Sign sign) {
    return Message::verbatim(std::string(formulaAlphabet.symbols[static_cast<std::size_t>(sign)]));
}

/// Descends through the grammar; every function begins at m_at, leaves it behind what it read and answers with its node.
class Parser {
public:
    explicit Parser(const Symbols& symbols) : m_symbols(symbols) {}

    Syntax formulaAlone() {
        formula();
        expectEnd();
        return std::move(m_syntax);
    }
    Syntax termAlone() {
        term();
        expectEnd();
        return std::move(m_syntax);
    }

private:
    bool atEnd() const { return m_at == m_symbols.size(); }
    Sign front() const { return static_cast<Sign>(m_symbols[m_at]); }
    bool isFront(Sign sign) const { return !atEnd() && front() == sign; }
    bool isFront(std::initializer_list<Sign> signs) const { return !atEnd() && std::ranges::find(signs, front()) != signs.end(); }
    bool isTerm(int node) const { return m_syntax.nodes[static_cast<std::size_t>(node)].isTerm; }
    std::size_t beginOf(int node) const { return m_syntax.nodes[static_cast<std::size_t>(node)].begin; }

    [[noreturn]] void fail(const Message& expected) const {
        if (atEnd())
            throw SyntaxFault{m_at,
                              Message(LAB_TEXT("goedel", "position %1: expected %2, but the sequence ends here")).arg(m_at).arg(expected)};
        throw SyntaxFault{m_at,
                          Message(LAB_TEXT("goedel", "position %1: expected %2, not “%3”")).arg(m_at).arg(expected).arg(signText(front()))};
    }

    /// What a sum or a connective without its parentheses looks like from here.
    [[noreturn]] void failAtBareSign() const {
        const Message place = Message(LAB_TEXT("goedel", "position %1: “%2” joins only within parentheses, as in %3"))
                                  .arg(m_at)
                                  .arg(signText(front()))
                                  .arg(isFront({Sign::plus, Sign::times}) ? "(x+0)=x" : "(x=y→y=x)");
        throw SyntaxFault{m_at, place};
    }

    bool isJoiningFront() const { return isFront({Sign::plus, Sign::times, Sign::conjunction, Sign::disjunction, Sign::implication}); }

    void expect(Sign sign) {
        if (!isFront(sign)) isJoiningFront() ? failAtBareSign() : fail(signText(sign));
        ++m_at;
    }

    void expectEnd() const {
        if (atEnd()) return;
        if (isJoiningFront()) failAtBareSign();
        fail(LAB_TEXT("goedel", "the end"));
    }

    int add(Sign sign, std::size_t begin, std::vector<int> parts, bool isTerm) {
        m_syntax.nodes.push_back({sign, begin, m_at, std::move(parts), isTerm});
        return static_cast<int>(m_syntax.nodes.size()) - 1;
    }

    int variable() {
        if (atEnd() || !isVariableLetter(m_symbols[m_at])) fail(LAB_TEXT("goedel", "a variable: x, y or z"));
        const std::size_t begin = m_at++;
        while (isFront(Sign::mark)) ++m_at;
        return add(static_cast<Sign>(m_symbols[begin]), begin, {}, true);
    }

    int term() {
        const std::size_t begin = m_at;
        while (isFront(Sign::successor)) ++m_at;
        const std::size_t successors = m_at - begin;
        int node = termWithoutSuccessor();
        for (std::size_t k = successors; k > 0; --k) node = add(Sign::successor, begin + k - 1, {node}, true);
        return node;
    }

    int termWithoutSuccessor() {
        const std::size_t begin = m_at;
        if (isFront(Sign::zero)) {
            ++m_at;
            return add(Sign::zero, begin, {}, true);
        }
        if (!isFront(Sign::open)) return !atEnd() && isVariableLetter(m_symbols[m_at]) ? variable() : (fail(aTerm), 0);
        const Nesting nesting(*this);
        ++m_at;
        return closedTerm(begin, term());
    }

    /// The rest of a sum or product whose parenthesis and first operand have been read.
    int closedTerm(std::size_t begin, int first) {
        if (!isFront({Sign::plus, Sign::times})) fail(LAB_TEXT("goedel", "+ or ×"));
        const Sign sign = front();
        ++m_at;
        const int second = term();
        expect(Sign::close);
        return add(sign, begin, {first, second}, true);
    }

    int formula() {
        const int node = formulaOrTerm();
        if (isTerm(node)) isJoiningFront() ? failAtBareSign() : fail(signText(Sign::equals));
        return node;
    }

    /// Whether a parenthesis opens a term or a formula shows only later. A term that = follows is taken as the equation.
    int formulaOrTerm() {
        struct Prefix {
            Sign sign;
            std::size_t begin;
            std::vector<int> variable;
        };
        std::vector<Prefix> prefixes;
        while (isFront({Sign::negation, Sign::all, Sign::some})) {
            prefixes.push_back({front(), m_at, {}});
            const bool quantifier = !isFront(Sign::negation);
            ++m_at;
            if (quantifier) prefixes.back().variable = {variable()};
        }
        int node = withoutPrefix(!prefixes.empty());
        for (auto prefix = prefixes.rbegin(); prefix != prefixes.rend(); ++prefix) {
            prefix->variable.push_back(node);
            node = add(prefix->sign, prefix->begin, prefix->variable, false);
        }
        return node;
    }

    int withoutPrefix(bool mustBeFormula) {
        const std::size_t begin = m_at;
        if (!isFront({Sign::open, Sign::zero, Sign::successor, Sign::x, Sign::y, Sign::z})) fail(aFormula);
        int node = 0;
        if (isFront(Sign::open)) {
            const Nesting nesting(*this);
            ++m_at;
            const int first = formulaOrTerm();
            if (!isTerm(first)) return closedFormula(begin, first);
            if (!isFront({Sign::plus, Sign::times})) fail(LAB_TEXT("goedel", "+, × or ="));
            node = closedTerm(begin, first);
        } else {
            node = term();
        }
        if (isFront(Sign::equals)) {
            ++m_at;
            const int second = term();
            return add(Sign::equals, begin, {node, second}, false);
        }
        if (mustBeFormula) isJoiningFront() ? failAtBareSign() : fail(signText(Sign::equals));
        return node;
    }

    int closedFormula(std::size_t begin, int first) {
        if (isFront({Sign::plus, Sign::times})) failAtBareSign();
        if (!isFront({Sign::conjunction, Sign::disjunction, Sign::implication})) fail(LAB_TEXT("goedel", "∧, ∨ or →"));
        const Sign sign = front();
        ++m_at;
        const int second = formula();
        expect(Sign::close);
        return add(sign, begin, {first, second}, false);
    }

    struct Nesting {
        explicit Nesting(Parser& of) : parser(of) {
            if (++parser.m_depth > deepestNesting)
                throw SyntaxFault{parser.m_at, Message(LAB_TEXT("goedel", "position %1: more than %2 parentheses are open here"))
                                                   .arg(parser.m_at)
                                                   .arg(deepestNesting)};
        }
        ~Nesting() { --parser.m_depth; }
        Parser& parser;
    };

    const Symbols& m_symbols;
    std::size_t m_at = 0;
    int m_depth = 0;
    Syntax m_syntax;
};

Variable variableAt(const Symbols& symbols, std::size_t begin, std::size_t end) {
    return {static_cast<Sign>(symbols[begin]), static_cast<int>(end - begin) - 1};
}

bool isQuantifier(const SyntaxNode& node) {
    return node.sign == Sign::all || node.sign == Sign::some;
}

void findFree(const Symbols& symbols, Syntax& syntax) {
    eachOccurrence(symbols, syntax, [&](std::size_t position, const Variable& variable, const Bound& bound) {
        if (const auto found = bound.find(variable); found != bound.end() && found->second > 0) return;
        syntax.freePlaces.push_back(position);
        syntax.freeVariables.push_back(variable);
    });
    auto& variables = syntax.freeVariables;
    std::ranges::sort(variables);
    variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
}

SyntaxReading readBy(const Symbols& symbols, Syntax (Parser::*alone)()) {
    SyntaxReading reading;
    try {
        Syntax syntax = (Parser(symbols).*alone)();
        findFree(symbols, syntax);
        reading.syntax = std::move(syntax);
    } catch (const SyntaxFault& fault) {
        reading.fault = fault;
    }
    return reading;
}

}  // namespace

bool isVariableLetter(int symbol) {
    return symbol == numberOf(Sign::x) || symbol == numberOf(Sign::y) || symbol == numberOf(Sign::z);
}

Symbols Variable::symbols() const {
    Symbols result(static_cast<std::size_t>(marks) + 1, numberOf(Sign::mark));
    result.front() = numberOf(letter);
    return result;
}

std::string Variable::text() const {
    return formulaAlphabet.alphabet().write(symbols());
}

void eachOccurrence(const Symbols& symbols, const Syntax& syntax,
                    const std::function<void(std::size_t position, const Variable& variable, const Bound& bound)>& visit) {
    // By where they begin: quantifiers, and variables but for those that a quantifier names.
    std::map<std::size_t, const SyntaxNode*> quantifiers, variables;
    for (const SyntaxNode& node : syntax.nodes) {
        if (isQuantifier(node)) quantifiers[node.begin] = &node;
        if (isVariableLetter(numberOf(node.sign))) variables[node.begin] = &node;
    }
    for (const auto& [begin, node] : quantifiers) variables.erase(begin + 1);
    Bound bound;
    std::vector<std::pair<std::size_t, Variable>> open;  // where a quantifier's formula ends, the innermost last
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        for (; !open.empty() && open.back().first <= i; open.pop_back()) --bound[open.back().second];
        if (const auto found = quantifiers.find(i); found != quantifiers.end()) {
            const SyntaxNode& named = syntax.nodes[static_cast<std::size_t>(found->second->parts.front())];
            open.emplace_back(found->second->end, variableAt(symbols, named.begin, named.end));
            ++bound[open.back().second];
        }
        if (const auto found = variables.find(i); found != variables.end()) visit(i, variableAt(symbols, i, found->second->end), bound);
    }
}

SyntaxReading readFormula(const Symbols& symbols) {
    return readBy(symbols, &Parser::formulaAlone);
}

SyntaxReading readTerm(const Symbols& symbols) {
    return readBy(symbols, &Parser::termAlone);
}

Message syntaxText(const SyntaxReading& reading) {
    if (reading.fault) return reading.fault->sentence;
    const Syntax& syntax = *reading.syntax;
    if (syntax.whole().isTerm) return LAB_TEXT("goedel", "a term");
    if (syntax.isSentence()) return LAB_TEXT("goedel", "a sentence: no variable in it is free");
    std::vector<std::string> names;
    for (const Variable& variable : syntax.freeVariables) names.push_back(variable.text());
    return Message(LAB_TEXT("goedel", "a formula, no sentence; free in it: %1")).arg(listed(names));
}

Symbols numeral(int n) {
    Symbols symbols(static_cast<std::size_t>(n), numberOf(Sign::successor));
    symbols.push_back(numberOf(Sign::zero));
    return symbols;
}

}  // namespace lab::goedel
