// One symbol, one meaning: every letter of a formula, of a number's name and of its factors has its row in the table of symbols.

#include <QtTest>

#include <set>

#include "core/explain/symbols.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

using Where = SymbolRow::Where;

/// The letters without a row, with the place where they stand.
QStringList unknownIn(const Stage& stage, const std::string& text) {
    QStringList unknown;
    const Where where = stage.id == "update" ? Where::update : Where::walk;
    for (const std::string_view letter : lettersOf(text))
        if (!symbolRow(letter, where)) unknown << QString::fromStdString(stage.id + ": " + std::string(letter) + " in " + text);
    return unknown;
}

QStringList unknownIn(const Stage& stage) {
    QStringList unknown = unknownIn(stage, stage.formula.english());
    for (const Grid& grid : stage.grids)
        for (int row = 0; grid.explain && row < grid.rows; ++row) {
            const Expression e = grid.explain(row, 0);
            unknown << unknownIn(stage, e.name.english());
            for (const Term& term : e.terms)
                for (const Operand& factor : term.factors) unknown << unknownIn(stage, factor.name.english());
        }
    return unknown;
}

std::vector<NamedConfig> forms() {
    std::vector<NamedConfig> all = formsOpenedForward();
    all.push_back(changed("KV+Pos with ALiBi and a gate", [](ModelConfig& c) {
        c.attention.form = AttentionForm::kv_pos;
        c.num_kv_heads = c.num_heads;
        c.position.kind = PositionKind::alibi;
        c.feed_forward.activation = Activation::swiglu;
    }));
    all.push_back(changed("YaRN behind a norm of queries", [](ModelConfig& c) {
        c.attention.qk_norm = true;
        c.position.kind = PositionKind::rope;
        c.position.rope.scaling.kind = "yarn";
        c.position.rope.scaling.factor = 4;
        c.position.rope.scaling.original_max_seq_len = 16;
    }));
    return all;
}

}  // namespace

class SymbolsTest : public QObject {
    Q_OBJECT

private slots:
    void lettersAreFoundWithTheirSubscripts_data() {
        QTest::addColumn<QString>("formula");
        QTest::addColumn<QString>("letters");
        QTest::newRow("plain") << "o_{3} = \u03A3_{j} a_{3,j} v_{j}"
                               << "o_{3} \u03A3_{j} a_{3,j} v_{j}";
        QTest::newRow("words are none") << "x = norm(z), exp(s\u2032)"
                                        << "x z s\u2032";
        QTest::newRow("a matrix") << "\u2202W_{O 3,1} W_{down r,p}"
                                  << "\u2202 W_{O 3,1} W_{down r,p}";
        QTest::newRow("powers") << "W_{K}^{T} u^{3} o^{0}"
                                << "W_{K} u o";
        QTest::newRow("once") << "f = f + f"
                              << "f";
        QTest::newRow("marks") << "q* q\u0303 \u2202\u1E91\u22A5"
                               << "q* q\u0303 \u2202 \u1E91";
        QTest::newRow("a broken brace") << "x_{"
                                        << "x";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void lettersAreFoundWithTheirSubscripts() {
        QFETCH(QString, formula);
        QFETCH(QString, letters);
        const std::string text = formula.toStdString();
        QStringList found;
        for (const std::string_view letter : lettersOf(text))
            found << QString::fromUtf8(letter.data(), static_cast<qsizetype>(letter.size()));
        QCOMPARE(found.join(' '), letters);
    }

    void aSubscriptThatNamesBelongsToTheSymbol() {
        QCOMPARE(symbolRow("W_{O 3,1}")->symbol, std::string_view("W_{O}"));
        QCOMPARE(symbolRow("m_{h}")->symbol, std::string_view("m_{h}"));
        QCOMPARE(symbolRow("m_{4}")->symbol, std::string_view("m"));
        QCOMPARE(symbolRow("u_{g 7}")->symbol, std::string_view("u_{g}"));
        QVERIFY(!symbolRow("\u03BD"));
        QVERIFY(symbolRow("\u03B7", Where::update) && !symbolRow("\u03B7"));
    }

    void noSymbolStandsTwice() {
        std::set<std::pair<std::string_view, Where>> seen;
        std::set<std::string> meanings;
        for (const SymbolRow& row : symbolTable()) {
            QVERIFY2(seen.insert({row.symbol, row.where}).second, std::string(row.symbol).c_str());
            QVERIFY2(row.where == Where::update || meanings.insert(Message(row.meaning).english()).second, std::string(row.symbol).c_str());
        }
    }

    void everyLetterOfEveryFormHasItsRow_data() {
        QTest::addColumn<int>("form");
        const std::vector<NamedConfig> all = forms();
        for (std::size_t i = 0; i < all.size(); ++i) QTest::newRow(all[i].name.c_str()) << static_cast<int>(i);
    }
    void everyLetterOfEveryFormHasItsRow() {
        QFETCH(int, form);
        const Subject s = subjectOf(forms()[static_cast<std::size_t>(form)].config);
        const int blocks = static_cast<int>(s.model->attentionBlocks().size());
        for (int block = 0; block < blocks; ++block) {
            const Walk walk = walkOf(s, questionOf(s, block, 0, 3, 1));
            for (const Stage& stage : walk.stages) {
                const QStringList unknown = unknownIn(stage);
                QVERIFY2(unknown.isEmpty(), qPrintable(unknown.join(QStringLiteral("; "))));
            }
        }
    }

    void whatAnswersCostHasItsRows() {
        const Subject s = subjectOf(smallConfig(), {}, {0.2, 0.05});
        for (const Stage& stage : walkOf(s, questionOf(s, 0, 0, 3, 1)).stages) {
            const QStringList unknown = unknownIn(stage);
            QVERIFY2(unknown.isEmpty(), qPrintable(unknown.join(QStringLiteral("; "))));
        }
    }

    void everyRulesStepHasItsRows_data() {
        QTest::addColumn<QString>("rule");
        for (const UpdateRule* rule : UpdateRule::table())
            QTest::newRow(std::string(rule->name).c_str()) << QString::fromStdString(std::string(rule->name));
    }
    void everyRulesStepHasItsRows() {
        QFETCH(QString, rule);
        const Subject s = subjectOf(smallConfig());
        Question question = questionOf(s, 0, 0, 3, 1);
        question.optimizer.kind = Kind<UpdateRule>(rule.toStdString());
        const Walk walk = walkOf(s, question);
        const Stage* update = walk.find("update");
        QVERIFY(update);
        const QStringList unknown = unknownIn(*update);
        QVERIFY2(unknown.isEmpty(), qPrintable(unknown.join(QStringLiteral("; "))));
        QVERIFY(!symbolsOf(*update).empty());
    }

    void aStageTellsTheLettersOfItsFormula() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
        QStringList told;
        for (const SymbolRow* row : symbolsOf(*walk.find("mix")))
            told << QString::fromUtf8(row->symbol.data(), static_cast<qsizetype>(row->symbol.size()));
        QCOMPARE(told.join(' '), QStringLiteral("o \u03A3 a v"));
    }
};

QTEST_APPLESS_MAIN(SymbolsTest)
#include "symbols_test.moc"
