#include "core/goedel/formula.h"

#include <QTest>
#include <map>
#include <set>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

/// All terms and formulas of a length, as the grammar makes them: slow and obvious.
class Grammar {
public:
    explicit Grammar(std::size_t longest) {
        for (std::size_t length = 1; length <= longest; ++length) addOfLength(length);
    }

    std::set<Symbols> variables, terms, formulas;

private:
    using Sets = std::map<std::size_t, std::set<Symbols>>;

    static Symbols joined(std::initializer_list<Symbols> parts) {
        Symbols all;
        for (const Symbols& part : parts) all.insert(all.end(), part.begin(), part.end());
        return all;
    }
    static Symbols of(Sign sign) { return {numberOf(sign)}; }

    void addOfLength(std::size_t length) {
        std::set<Symbols>&variable = m_variables[length], &term = m_terms[length], &formula = m_formulas[length];
        for (const Sign letter : {Sign::x, Sign::y, Sign::z})
            variable.insert(joined({of(letter), Symbols(length - 1, numberOf(Sign::mark))}));
        term = variable;
        if (length == 1) term.insert(of(Sign::zero));
        for (const Symbols& inner : m_terms[length - 1]) term.insert(joined({of(Sign::successor), inner}));
        join(m_terms, {Sign::plus, Sign::times}, length, term);
        for (std::size_t left = 1; left + 2 <= length; ++left)
            for (const Symbols& a : m_terms[left])
                for (const Symbols& b : m_terms[length - 1 - left]) formula.insert(joined({a, of(Sign::equals), b}));
        for (const Symbols& inner : m_formulas[length - 1]) formula.insert(joined({of(Sign::negation), inner}));
        for (std::size_t named = 1; named + 1 < length; ++named)
            for (const Symbols& which : m_variables[named])
                for (const Symbols& inner : m_formulas[length - 1 - named])
                    for (const Sign quantifier : {Sign::all, Sign::some}) formula.insert(joined({of(quantifier), which, inner}));
        join(m_formulas, {Sign::conjunction, Sign::disjunction, Sign::implication}, length, formula);
        terms.insert(term.begin(), term.end());
        formulas.insert(formula.begin(), formula.end());
    }

    void join(Sets& of, std::initializer_list<Sign> signs, std::size_t length, std::set<Symbols>& into) {
        for (std::size_t left = 1; left + 4 <= length; ++left)
            for (const Symbols& a : of[left])
                for (const Symbols& b : of[length - 3 - left])
                    for (const Sign sign : signs)
                        into.insert(joined({Grammar::of(Sign::open), a, Grammar::of(sign), b, Grammar::of(Sign::close)}));
    }

    Sets m_variables, m_terms, m_formulas;
};

Symbols repeated(Sign sign, std::size_t count) {
    return Symbols(count, numberOf(sign));
}

}  // namespace

class FormulaTest : public QObject {
    Q_OBJECT

private slots:
    void formulasAreRead_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* text, const QString& said) { QTest::newRow(text) << QByteArray(text) << said; };
        const QString sentence = "a sentence: no variable in it is free", free = "a formula, no sentence; free in it: ";
        row("0=0", sentence);
        row("SSS0=0", sentence);
        row("(S0+S0)=SS0", sentence);
        row("((0+0)*(0+S(0+0)))=0", sentence);
        row("~0=S0", sentence);
        row("~~~0=0", sentence);
        row("Ax (x+0)=x", sentence);
        row("Ax Ay ((Sx=Sy) -> x=y)", "position 11: expected ∧, ∨ or →, not “)”");
        row("Ax Ay (Sx=Sy -> x=y)", sentence);
        row("Ax (~x=0 -> Ey x=Sy)", sentence);
        row("Ax ~Ey Ez (x*y)=z", sentence);
        row("(0=0 & (0=0 | 0=S0))", sentence);
        row("((0=0 & 0=0) -> 0=0)", sentence);
        row("((0+0)=0 & (0+0)=(0+0))", sentence);
        row("Ax Ax x=x", sentence);
        row("Ax'x'=x'", sentence);
        row("x=y", free + "x, y");
        row("y=x", free + "x, y");
        row("x=x'", free + "x, x′");
        row("x'=x", free + "x, x′");
        row("Ax x=x'", free + "x′");
        row("Ax' x=x'", free + "x");
        row("(Ax x=x & x=0)", free + "x");
        row("(x=0 & Ax x=x)", free + "x");
        row("Ax (Ey x=y & y=x)", free + "y");
        row("(Ax Ax x=x & Ey y=x)", free + "x");
        row("Ax (Ax x=x & x=x)", sentence);
        row("~Ex x=z''", free + "z′′");
    }

    void formulasAreRead() {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        QCOMPARE(QString::fromStdString(syntaxText(readFormula(formulaOf(text.constData()))).english()), said);
    }

    void faultsAreAtTheirPlace_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("position");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* text, int position, const QString& sentence) {
            QTest::newRow(text) << QByteArray(text) << position << QStringLiteral("position %1: ").arg(position) + sentence;
        };
        const QString term = "expected a term: 0, S, a variable or a sum or product in parentheses",
                      formula = "expected a formula: ¬, a quantifier, a parenthesis or the first term of an equation",
                      ends = ", but the sequence ends here";
        row("", 0, formula + ends);
        row("0", 1, "expected =" + ends);
        row("0=", 2, term + ends);
        row("=0", 0, formula + ", not “=”");
        row("0==0", 2, term + ", not “=”");
        row("0=0=0", 3, "expected the end, not “=”");
        row("0=00", 3, "expected the end, not “0”");
        row("0=0)", 3, "expected the end, not “)”");
        row("x+0=x", 1, "“+” joins only within parentheses, as in (x+0)=x");
        row("x=x+0", 3, "“+” joins only within parentheses, as in (x+0)=x");
        row("x*0=x", 1, "“×” joins only within parentheses, as in (x+0)=x");
        row("Ax x+0=x", 3, "“+” joins only within parentheses, as in (x+0)=x");
        row("(x=y+z & 0=0)", 4, "“+” joins only within parentheses, as in (x+0)=x");
        row("(0=0 & x=y+z)", 8, "“+” joins only within parentheses, as in (x+0)=x");
        row("(x+y+z)=0", 4, "“+” joins only within parentheses, as in (x+0)=x");
        row("0=0 & 0=0", 3, "“∧” joins only within parentheses, as in (x=y→y=x)");
        row("(0=0 & 0=0 & 0=0)", 8, "“∧” joins only within parentheses, as in (x=y→y=x)");
        row("0=0 -> 0=0", 3, "“→” joins only within parentheses, as in (x=y→y=x)");
        row("(0=0)", 4, "expected ∧, ∨ or →, not “)”");
        row("((0=0 & 0=0))", 10, "expected ∧, ∨ or →, not “)”");
        row("(x)", 2, "expected +, × or =, not “)”");
        row("(x", 2, "expected +, × or =" + ends);
        row("(x&y)", 2, "expected +, × or =, not “∧”");
        row("(x+0", 4, "expected )" + ends);
        row("(x+0)", 5, "expected =" + ends);
        row("(x+)=0", 3, term + ", not “)”");
        row("(+x)=0", 1, formula + ", not “+”");
        row("S=0", 1, term + ", not “=”");
        row("S", 1, term + ends);
        row("S(0=0)", 3, "expected + or ×, not “=”");
        row("0=(0&0)", 4, "expected + or ×, not “∧”");
        row("~", 1, formula + ends);
        row("~0", 2, "expected =" + ends);
        row("~(x+0)", 6, "expected =" + ends);
        row("A", 1, "expected a variable: x, y or z" + ends);
        row("A0=0", 1, "expected a variable: x, y or z, not “0”");
        row("A'x=x", 1, "expected a variable: x, y or z, not “′”");
        row("AxAy", 4, formula + ends);
        row("Ax", 2, formula + ends);
        row("0'=0", 1, "expected =, not “′”");
        row("'=0", 0, formula + ", not “′”");
        row("(0=0 & 0)", 6, "expected =, not “)”");
        row("(0=0 & )", 5, formula + ", not “)”");
        row("(0=0 ~ 0=0)", 4, "expected ∧, ∨ or →, not “¬”");
        row("0=~0", 2, term + ", not “¬”");
        row("0=Ax", 2, term + ", not “∀”");
        row(")", 0, formula + ", not “)”");
        row("0=0;0=0", 3, "expected the end, not “;”");
        row(";", 0, formula + ", not “;”");
    }

    void faultsAreAtTheirPlace() {
        QFETCH(QByteArray, text);
        QFETCH(int, position);
        QFETCH(QString, sentence);
        const SyntaxReading reading = readFormula(formulaOf(text.constData()));
        QVERIFY(reading.fault && !reading.syntax);
        QCOMPARE(QString::fromStdString(reading.fault->sentence.english()), sentence);
        QCOMPARE(static_cast<int>(reading.fault->position), position);
    }

    void termsAreRead() {
        for (const char* text : {"0", "x", "SSx''", "(x+y)", "((0+0)*S(x+y))"}) {
            const SyntaxReading reading = readTerm(formulaOf(text));
            QVERIFY2(reading.syntax && reading.syntax->whole().isTerm && !reading.syntax->isSentence(), text);
            QCOMPARE(syntaxText(reading).english(), std::string("a term"));
        }
        for (const char* text : {"", "0=0", "x+y", "(x=y)", "0 0", "S", "~0"}) QVERIFY2(readTerm(formulaOf(text)).fault, text);
    }

    /// The parser accepts what the grammar makes, and nothing else.
    void exactlyTheGrammarIsAccepted_data() {
        QTest::addColumn<QVector<int>>("of");
        QTest::addColumn<int>("longest");
        const auto row = [](const char* name, std::initializer_list<Sign> signs, int longest) {
            QVector<int> of;
            for (const Sign sign : signs) of.push_back(numberOf(sign));
            QTest::newRow(name) << of << longest;
        };
        row("sums", {Sign::zero, Sign::successor, Sign::plus, Sign::equals, Sign::open, Sign::close}, 6);
        row("quantifiers", {Sign::x, Sign::mark, Sign::negation, Sign::all, Sign::equals}, 6);
        row("connectives", {Sign::zero, Sign::equals, Sign::open, Sign::close, Sign::implication}, 6);
        row("a sum", {Sign::zero, Sign::times, Sign::equals, Sign::open, Sign::close}, 7);
        row("a conjunction", {Sign::zero, Sign::equals, Sign::open, Sign::close, Sign::conjunction}, 7);
    }

    void exactlyTheGrammarIsAccepted() {
        QFETCH(QVector<int>, of);
        QFETCH(int, longest);
        static const Grammar grammar(7);
        for (const Symbols& symbols : allSequences(Symbols(of.begin(), of.end()), static_cast<std::size_t>(longest))) {
            const SyntaxReading asFormula = readFormula(symbols), asTerm = readTerm(symbols);
            const bool right = asFormula.syntax.has_value() == grammar.formulas.contains(symbols) &&
                               asTerm.syntax.has_value() == grammar.terms.contains(symbols) &&
                               asFormula.syntax.has_value() != asFormula.fault.has_value();
            if (!right) QFAIL(formulaAlphabet.alphabet().write(symbols).c_str());
        }
    }

    /// A fault lies where the beginning before it can still be gone on with, and the beginning with it cannot: nothing of the grammar
    /// begins so.
    void faultsAreTheFirstSymbolThatCannotBe() {
        static const Grammar grammar(7);
        std::set<Symbols> beginnings;
        for (const Symbols& formula : grammar.formulas)
            for (std::size_t length = 0; length <= formula.size(); ++length)
                beginnings.insert(Symbols(formula.begin(), formula.begin() + static_cast<std::ptrdiff_t>(length)));
        const Symbols of = {0, 2, 4, 5, 6, 7, 11};
        for (const Symbols& symbols : allSequences(of, 4)) {
            const SyntaxReading reading = readFormula(symbols);
            if (!reading.fault || reading.fault->position == symbols.size()) continue;
            const auto end = symbols.begin() + static_cast<std::ptrdiff_t>(reading.fault->position) + 1;
            if (beginnings.contains(Symbols(symbols.begin(), end))) QFAIL(formulaAlphabet.alphabet().write(symbols).c_str());
        }
    }

    void nodesAreThePartsOfTheFormula() {
        const Symbols symbols = formulaOf("Ax(Sx+0)=x");
        const SyntaxReading reading = readFormula(symbols);
        QVERIFY(reading.syntax);
        const auto textOf = [&](int node) {
            const SyntaxNode& part = reading.syntax->nodes[static_cast<std::size_t>(node)];
            return formulaAlphabet.alphabet().write(Symbols(symbols.begin() + static_cast<std::ptrdiff_t>(part.begin),
                                                            symbols.begin() + static_cast<std::ptrdiff_t>(part.end)));
        };
        const SyntaxNode& whole = reading.syntax->whole();
        QVERIFY(whole.sign == Sign::all && !whole.isTerm && whole.begin == 0 && whole.end == symbols.size());
        QCOMPARE(textOf(whole.parts[0]), std::string("x"));
        QCOMPARE(textOf(whole.parts[1]), std::string("(Sx+0)=x"));
        const SyntaxNode& equation = reading.syntax->nodes[static_cast<std::size_t>(whole.parts[1])];
        QVERIFY(equation.sign == Sign::equals);
        QCOMPARE(textOf(equation.parts[0]), std::string("(Sx+0)"));
        const SyntaxNode& sum = reading.syntax->nodes[static_cast<std::size_t>(equation.parts[0])];
        QVERIFY(sum.sign == Sign::plus && sum.isTerm);
        QCOMPARE(textOf(sum.parts[0]), std::string("Sx"));
        QCOMPARE(textOf(sum.parts[1]), std::string("0"));
    }

    void freePlacesAreFound() {
        const auto places = [](const char* text) { return readFormula(formulaOf(text)).syntax->freePlaces; };
        QCOMPARE(places("x=x"), std::vector<std::size_t>({0, 2}));
        QCOMPARE(places("Ax x=y'"), std::vector<std::size_t>({4}));
        QCOMPARE(places("(Ax x=x & x=0)"), std::vector<std::size_t>({7}));
        QCOMPARE(places("Ax x=x"), std::vector<std::size_t>());
    }

    void deepAndLongFormulasAreNoDanger() {
        Symbols deep = together(repeated(Sign::open, 100'000), repeated(Sign::zero, 1));
        QCOMPARE(readFormula(deep).fault->position, static_cast<std::size_t>(deepestNesting));
        QCOMPARE(readTerm(deep).fault->position, static_cast<std::size_t>(deepestNesting));
        Symbols numeralOfMany = numeral(100'000);
        QVERIFY(readTerm(numeralOfMany).syntax);
        Symbols manyNegations = together(repeated(Sign::negation, 100'000), formulaOf("x=0"));
        const SyntaxReading reading = readFormula(manyNegations);
        QVERIFY(reading.syntax && reading.syntax->freePlaces == std::vector<std::size_t>{100'000});
        Symbols quantifiers(30'000, numberOf(Sign::all));
        for (std::size_t k = 1; k < quantifiers.size(); k += 2) quantifiers[k] = numberOf(Sign::y);
        QVERIFY(readFormula(together(quantifiers, formulaOf("y=0"))).syntax->isSentence());
        // As deep as is allowed: ((..(0+0)..+0)+0).
        Symbols nested = {0};
        for (int k = 0; k < deepestNesting; ++k) nested = together(together({numberOf(Sign::open)}, nested), formulaOf("+0)"));
        QVERIFY(readTerm(nested).syntax);
    }

    void variablesAreWritten() {
        QCOMPARE((Variable{Sign::y, 2}.text()), std::string("y′′"));
        QCOMPARE((Variable{Sign::y, 2}.symbols()), Symbols({8, 10, 10}));
        QCOMPARE(numeral(0), Symbols({0}));
        QCOMPARE(numeral(3), Symbols({1, 1, 1, 0}));
    }
};

QTEST_APPLESS_MAIN(FormulaTest)
#include "formula_test.moc"
