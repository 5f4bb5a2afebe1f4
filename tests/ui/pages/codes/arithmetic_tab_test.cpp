#include "ui/pages/codes/arithmetic_tab.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>

#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/codes/claims_view.h"
#include "ui/pages/codes/codes_page.h"
#include "ui/pages/codes/double_panel.h"
#include "ui/pages/codes/formula_view.h"
#include "ui/pages/codes/number_line.h"
#include "ui/pages/codes/operation_panel.h"
#include "ui/pages/codes/provability_view.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// The page Codes, with its second tab.
struct ArithmeticBench {
    Workspace workspace;
    Focus focus;
    CodesPage page{focus, workspace};

    ArithmeticBench() {
        page.resize(1180, 620);
        page.showTab(QStringLiteral("arithmetic"));
        static_cast<QWidget&>(page).show();
        settle();
    }
    ArithmeticTab& tab() const { return dynamic_cast<ArithmeticTab&>(page.tab()); }
    CodesState& state() { return page.state(); }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    void settle() { QTRY_VERIFY(page.catchUp()); }
    void type(const QString& sequence, const QString& other) {
        state().type(sequence);
        state().type(other, CodesState::Slot::other);
        settle();
    }
    void choose(NumberOperation operation) {
        part<QAbstractButton>(qPrintable(QStringLiteral("codes.arithmetic.operation.%1").arg(static_cast<int>(operation) + 1))).click();
        settle();
    }
    const OperationStudy& operation() const { return *tab().operation().study(); }
};

bool isOurs(QWidget& widget, int key) {
    QKeyEvent event(QEvent::ShortcutOverride, key, Qt::NoModifier);
    event.ignore();
    QCoreApplication::sendEvent(&widget, &event);
    return event.isAccepted();
}

}  // namespace

class ArithmeticTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().setScale(1);
        Theme::instance().apply();
    }

    void joiningMovesExponentsToLaterPrimes() {
        ArithmeticBench bench;
        bench.type(QStringLiteral("1 0"), QStringLiteral("2"));  // 2^2 3 = 12 and 2^3 = 8; together 2^2 3 5^3
        QCOMPARE(bench.operation().first, std::string("12"));
        QCOMPARE(bench.operation().second, std::string("8"));
        QCOMPARE(bench.operation().result, std::string("1500"));
        QVERIFY(bench.operation().asByHand);
        QCOMPARE(bench.tab().operation().result().decimal(), std::string("1500"));
        QVERIFY(bench.tab().operation().verdict().startsWith(QChar(0x2713)));
        QVERIFY(!bench.tab().operation().steps().rows().empty());
    }

    void theSymbolInHandGivesWay() {
        ArithmeticBench bench;
        bench.type(QStringLiteral("1 0 1"), QStringLiteral("2 2"));
        bench.state().setColumn(2);
        bench.choose(NumberOperation::replace);
        QCOMPARE(bench.operation().decoded, (goedel::Symbols{2, 2, 0, 2, 2}));
        QVERIFY(bench.operation().asByHand);
        bench.state().setColumn(1);
        bench.settle();
        QCOMPARE(bench.operation().decoded, (goedel::Symbols{1, 2, 2, 1}));
    }

    void aVariableGivesWayToATerm() {
        ArithmeticBench bench;
        QVERIFY(!bench.part<QAbstractButton>("codes.arithmetic.operation.3").isEnabled());
        bench.state().chooseAlphabet("formula");
        bench.type(QStringLiteral("(x+0)=y"), QStringLiteral("SS0"));
        bench.choose(NumberOperation::substitute);
        const auto& alphabet = *bench.state().sequence().alphabet;
        QCOMPARE(alphabet.write(bench.operation().decoded), std::string("(SS0+0)=y"));
        auto& variable = bench.part<QComboBox>("codes.arithmetic.variable");
        QCOMPARE(variable.count(), 2);
        variable.setCurrentIndex(1);
        emit variable.activated(1);
        bench.settle();
        QCOMPARE(alphabet.write(bench.operation().decoded), std::string("(x+0)=SS0"));
    }

    void whatCannotBeSubstitutedIsToldAndWhatCannotBeReadToo() {
        ArithmeticBench bench;
        bench.state().chooseAlphabet("formula");
        bench.type(QStringLiteral("\u2200y x=y"), QStringLiteral("y"));  // y would be bound
        bench.choose(NumberOperation::substitute);
        QVERIFY(!bench.operation().refusal.empty());
        QVERIFY(bench.tab().operation().result().decimal().empty());
        QVERIFY(bench.tab().operation().verdict().isEmpty());
        bench.state().type(QStringLiteral("#"), CodesState::Slot::other);
        bench.settle();
        QVERIFY(bench.part<QLineEdit>("codes.arithmetic.other").property("error").toBool());
    }

    void aDoubleLosesTheNumberAndTwoSequencesBecomeOne() {
        ArithmeticBench bench;
        const DoubleStudy& study = *bench.tab().inDouble().study();
        QVERIFY(!study.kept.exact && study.kept.firstWrong);
        QVERIFY(!study.twins.empty());
        for (const goedel::Twins& twins : study.twins) QVERIFY(goedel::areTwins(twins));
        QCOMPARE(bench.tab().inDouble().twins().rows().size(), 2 * study.twins.size());
        QVERIFY2(bench.tab().inDouble().linear().contains(QStringLiteral("4 \u00B7 ln 2")), qPrintable(bench.tab().inDouble().linear()));
        QVERIFY(bench.tab().inDouble().facts().rows().size() >= 5);
        bench.type(QStringLiteral("1 0 2"), QStringLiteral("0"));
        QVERIFY(bench.tab().inDouble().study()->kept.exact);
        QVERIFY(!bench.tab().inDouble().study()->kept.firstWrong);
    }

    void aFormulaIsReadOrItsFaultIsMarked() {
        ArithmeticBench bench;
        auto* none = bench.page.findChild<EmptyState*>(QStringLiteral("codes.arithmetic.formula"));
        QVERIFY(none->isVisible());
        QTest::mouseClick(none->button(), Qt::LeftButton);
        bench.settle();
        QCOMPARE(bench.state().value().alphabet, std::string("formula"));
        bench.type(QStringLiteral("\u2203x Sx=y"), QStringLiteral("0"));
        FormulaView& view = bench.tab().formula();
        QVERIFY2(view.sentence().startsWith(QChar(0x2713)) && view.sentence().contains(QLatin1Char('y')), qPrintable(view.sentence()));
        bench.type(QStringLiteral("Sx=+"), QStringLiteral("0"));
        QVERIFY2(view.sentence().startsWith(QChar(0x00D7)) && view.sentence().contains(QLatin1Char('3')), qPrintable(view.sentence()));
        const QImage drawn = view.line().grab().toImage();
        const QPoint at = view.line().signRect(3).topLeft().toPoint() + QPoint(2, 2);
        QCOMPARE(drawn.pixelColor(at), Theme::instance().color(Role::wrongBackground));
        const QPoint before = view.line().signRect(2).topLeft().toPoint() + QPoint(2, 2);
        QCOMPARE(drawn.pixelColor(before), Theme::instance().color(Role::screen));
    }

    void provingIsARelationOfNumbers() {
        ArithmeticBench bench;
        QVERIFY(bench.page.showStage(QStringLiteral("arithmetic"), QStringLiteral("provability")));
        bench.settle();
        const ProvabilityView& view = bench.tab().provability();
        QTRY_VERIFY2(view.verdict().startsWith(QChar(0x2713)), qPrintable(view.verdict()));
        QCOMPARE(view.lines().rows().size(), std::size_t{2});
        auto& theorem = bench.part<QLineEdit>("codes.arithmetic.theorem");
        theorem.selectAll();
        QTest::keyClicks(&theorem, QStringLiteral("(S0+S0)=SSS0"));
        bench.settle();
        QTRY_VERIFY2(view.verdict().startsWith(QChar(0x00D7)), qPrintable(view.verdict()));
        // What cannot be read leaves the answer.
        const QString answer = view.verdict();
        QTest::keyClicks(&theorem, QStringLiteral("?"));
        bench.settle();
        QCOMPARE(view.verdict(), answer);
    }

    void claimsAreJudgedBeforeTheVerdict() {
        ArithmeticBench bench;
        QVERIFY(bench.page.showStage(QStringLiteral("arithmetic"), QStringLiteral("claims")));
        bench.settle();
        const ClaimsView& view = bench.tab().claims();
        QVERIFY(view.rows().size() >= 5);
        ClaimRow& first = *view.rows()[0];
        QVERIFY(first.verdict().isEmpty());
        for (const int key : {Qt::Key_1, Qt::Key_3, Qt::Key_Down}) QVERIFY(isOurs(first, key));
        QVERIFY(!isOurs(first, Qt::Key_4));  // a page's
        const int right = static_cast<int>(first.claim().judgement);
        QTest::keyClick(&first, static_cast<Qt::Key>(Qt::Key_1 + right));
        bench.settle();
        QVERIFY2(first.verdict().startsWith(QChar(0x2713)), qPrintable(first.verdict()));
        ClaimRow& second = *view.rows()[1];
        const int wrong = (static_cast<int>(second.claim().judgement) + 1) % 3;
        bench
            .part<QAbstractButton>(
                qPrintable(QStringLiteral("codes.claims.%1.%2")
                               .arg(QString::fromUtf8(second.claim().id.data(), static_cast<int>(second.claim().id.size())))
                               .arg(wrong + 1)))
            .click();
        bench.settle();
        QVERIFY2(second.verdict().startsWith(QChar(0x00D7)), qPrintable(second.verdict()));
        QVERIFY2(view.count().contains(QStringLiteral("2 of")) && view.count().contains(QStringLiteral("1 right")),
                 qPrintable(view.count()));
        ArithmeticBench other;
        other.page.takeNotes(bench.page.notes());
        other.settle();
        QVERIFY(!other.tab().claims().rows()[0]->verdict().isEmpty());
        QVERIFY(other.tab().claims().rows()[2]->verdict().isEmpty());
    }

    void placesLeadToAClaim() {
        ArithmeticBench bench;
        const std::string id(goedel::parallels().back().id);
        QVERIFY(bench.page.showStage(QStringLiteral("arithmetic"), QStringLiteral("claims:") + QString::fromStdString(id)));
        QVERIFY(bench.tab().claims().isVisible());
        QVERIFY(!bench.page.showStage(QStringLiteral("arithmetic"), QStringLiteral("claims:nobody")));
        QVERIFY(!bench.page.showStage(QStringLiteral("arithmetic"), QStringLiteral("elsewhere")));
    }

    void everythingCanBeExported() {
        ArithmeticBench bench;
        const std::vector<FigureOffer> offers = bench.page.figures();
        QVERIFY(offers.size() >= 3);
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            QVERIFY2(offer.still && !offer.make()->table().rows.empty(), qPrintable(offer.name));
        }
    }
};

QTEST_MAIN(ArithmeticTabTest)
#include "arithmetic_tab_test.moc"
