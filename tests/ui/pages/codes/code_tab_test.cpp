#include "ui/pages/codes/code_tab.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/codes/codes_page.h"
#include "ui/pages/codes/decode_dialog.h"
#include "ui/pages/codes/decode_panel.h"
#include "ui/pages/codes/exact_panel.h"
#include "ui/pages/codes/factor_columns.h"
#include "ui/pages/codes/learned_panel.h"
#include "ui/pages/codes/number_line.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

const std::string lookNumber = "23649403906255588433130602566272150000";

/// The page Codes, with its first tab.
struct CodeBench {
    Workspace workspace;
    Focus focus;
    CodesPage page{focus, workspace};

    explicit CodeBench(const QSize& size = {1180, 620}) {
        page.resize(size);
        static_cast<QWidget&>(page).show();
        settle();
    }
    CodeTab& tab() const { return dynamic_cast<CodeTab&>(page.tab()); }
    FactorColumns& columns() const { return tab().exact().columns(); }
    QLineEdit& field() const { return part<QLineEdit>("codes.exact.sequence"); }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    void settle() { QTRY_VERIFY(page.catchUp()); }
    void type(const QString& text) {
        field().selectAll();
        QTest::keyClick(&field(), Qt::Key_Backspace);
        QTest::keyClicks(&field(), text);
        settle();
    }
    void show(const goedel::Symbols& symbols) {
        page.state().show(symbols);
        settle();
    }
    void chooseAlphabet(const std::string& id) {
        page.state().chooseAlphabet(id);
        settle();
    }
};

QColor codesPixel(QWidget& widget, const QPointF& at) {
    return widget.grab().toImage().pixelColor(at.toPoint());
}

}  // namespace

class CodeTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().setScale(1);
        Theme::instance().apply();
    }

    void aSequenceHasItsNumber() {
        CodeBench bench;
        const CodeTab& tab = bench.tab();
        QCOMPARE(tab.exact().number().decimal(), lookNumber);
        QCOMPARE(tab.exact().number().lines(), QStringList(NumberLine::shownText(lookNumber)));
        QCOMPARE(tab.exact().digits(), QStringLiteral("38 digits"));
        QCOMPARE(tab.exact().bits(), QStringLiteral("125 bits"));
        QVERIFY2(tab.decode().verdict().startsWith(QChar(0x2713)), qPrintable(tab.decode().verdict()));
        const std::vector<goedel::DecodeStep>& steps = tab.decode().table().steps();
        QCOMPARE(steps.size(), std::size_t{9});
        QCOMPARE(steps[5].prime, 13U);
        QCOMPARE(steps[5].times, std::size_t{10});
        QCOMPARE(steps[8].times, std::size_t{0});
    }

    void itsBitsStandBesideTheInformation() {
        CodeBench bench;
        const std::vector<BitsBar>& bars = bench.tab().bits().bars().bars();
        QCOMPARE(bars.size(), std::size_t{3});  // the run has no bottleneck: there is none
        QCOMPARE(bars[0].text, QStringLiteral("125"));
        QCOMPARE(bars[1].text, QStringLiteral("27"));
        QCOMPARE(bars[2].text, QStringLiteral("26.58"));
        QVERIFY(bars[2].needed && !bars[0].needed);
        QCOMPARE(bench.tab().bits().ratio(), QStringLiteral("4.7"));
        const Plot& plot = bench.tab().bits().plot();
        QCOMPARE(plot.series().size(), std::size_t{3});
        QCOMPARE(plot.series()[0].y.size(), std::size_t{16});
        QCOMPARE(plot.scene().hand->x, 8.0);
        QVERIFY(plot.series()[0].y[7] > plot.series()[1].y[7] && plot.series()[1].y[7] > plot.series()[2].y[7]);
    }

    void typingShowsAnotherNumberAtOnce() {
        CodeBench bench;
        bench.type(QStringLiteral("1 0 2"));
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("1500"));
        QCOMPARE(bench.tab().bits().plot().scene().hand->x, 3.0);
        bench.type(QString());
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("1"));
        QCOMPARE(bench.tab().bits().ratio(), QStringLiteral("\u2013"));
        bench.page.grab();  // nothing is divided by nothing
    }

    void whatCannotBeReadIsNamedAndTheOldPictureStays() {
        CodeBench bench;
        bench.type(QStringLiteral("1 0 2 x"));
        QVERIFY2(bench.tab().problem().contains(QLatin1Char('x')), qPrintable(bench.tab().problem()));
        QVERIFY2(bench.tab().problem().contains(QLatin1Char('7')), qPrintable(bench.tab().problem()));  // its place
        QVERIFY(bench.field().property("error").toBool());
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("1500"));
        bench.type(QStringLiteral("1 0"));
        QVERIFY(bench.tab().problem().isEmpty());
        QVERIFY(!bench.field().property("error").toBool());
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("12"));
    }

    void whatIsWrongMovesNothing() {
        CodeBench bench;
        const auto places = [&bench] {
            QList<QRect> all;
            for (const QWidget* part :
                 std::initializer_list<const QWidget*>{&bench.tab().exact(), &bench.tab().decode(), &bench.tab().learned()})
                all << QRect(part->mapTo(&bench.page, QPoint()), part->size());
            return all;
        };
        bench.type(QStringLiteral("1 0 2"));
        QCoreApplication::sendPostedEvents();  // what the first layout left to do
        const QList<QRect> before = places();
        const QSize least = bench.tab().minimumSizeHint();
        bench.type(QStringLiteral("1 0 x"));
        QVERIFY(!bench.tab().problem().isEmpty());
        QCOMPARE(places(), before);
        QCOMPARE(bench.tab().minimumSizeHint(), least);
        QVERIFY(!bench.tab().hasHeightForWidth());
        bench.type(QStringLiteral("1 0"));
        QVERIFY(bench.tab().problem().isEmpty());
    }

    void aLetterTypedWithinStaysWhereItIs() {
        CodeBench bench;
        bench.field().setCursorPosition(1);
        QTest::keyClicks(&bench.field(), QStringLiteral("77"));
        bench.settle();
        QCOMPARE(bench.field().text(), QStringLiteral("377 1 4 1 5 9 2 6"));
        QCOMPARE(bench.field().cursorPosition(), 3);
    }

    void keysThatComeFastAreAllTaken() {
        CodeBench bench;
        for (int i = 0; i < 4; ++i) QTest::keyClick(&bench.columns(), Qt::Key_Right);
        QCOMPARE(bench.page.state().value().column, std::size_t{4});
    }

    void aNarrowRowKeepsItsFieldAndButtons() {
        CodeBench bench({820, 620});
        QVERIFY(bench.field().width() >= 100);
        for (const char* name : {"codes.exact.decode", "codes.exact.alphabet.4"}) {
            const auto& part = bench.part<QAbstractButton>(name);
            QVERIFY2(part.mapTo(&bench.page, QPoint(part.width(), 0)).x() <= bench.page.width(), name);
        }
        const QString narrow = bench.part<QAbstractButton>("codes.exact.decode").text();
        bench.page.resize(1300, 620);
        bench.settle();
        QVERIFY(bench.part<QAbstractButton>("codes.exact.decode").text().size() > narrow.size());
    }

    void aColumnInHandIsTheSamePrimeInTheTable() {
        CodeBench bench;
        FactorColumns& columns = bench.columns();
        QTest::mouseClick(&columns, Qt::LeftButton, Qt::NoModifier, columns.columnRect(5).center().toPoint());
        bench.settle();
        QCOMPARE(bench.page.state().value().column, std::size_t{5});
        QCOMPARE(bench.tab().decode().table().chosen(), std::optional<std::size_t>(5));
        QTest::keyClick(&columns, Qt::Key_Right);
        QTest::keyClick(&columns, Qt::Key_Left);
        QTest::keyClick(&columns, Qt::Key_Left);
        bench.settle();
        QCOMPARE(columns.column(), std::size_t{4});
        QTest::keyClick(&columns, Qt::Key_End);
        QTest::keyClick(&columns, Qt::Key_Right);
        bench.settle();
        QCOMPARE(columns.column(), std::size_t{7});
        QCOMPARE(bench.tab().decode().table().chosen(), std::optional<std::size_t>(7));
        QTest::keyClick(&columns, Qt::Key_Home);
        bench.settle();
        QCOMPARE(columns.column(), std::size_t{0});
        // And the other way round.
        bench.tab().decode().table().setFocus();
        QTest::keyClick(&bench.tab().decode().table(), Qt::Key_Down);
        bench.settle();
        QCOMPARE(columns.column(), std::size_t{1});
    }

    void barsAreBlueAndTheHandIsAmber() {
        CodeBench bench;
        bench.page.state().setColumn(5);
        bench.settle();
        FactorColumns& columns = bench.columns();
        const QRectF chosen = columns.columnRect(5), other = columns.columnRect(7);
        const double baseline = columns.height() - 20;
        const Theme& theme = Theme::instance();
        QCOMPARE(codesPixel(columns, {other.center().x(), baseline - 5}), theme.color(Role::series1));
        QCOMPARE(codesPixel(columns, {chosen.center().x(), baseline - 5}), theme.color(Role::series1));
        QCOMPARE(codesPixel(columns, {other.left() + 4, baseline - 30}), theme.color(Role::screen));
        const QColor tint = codesPixel(columns, {chosen.left() + 4, baseline - 30});
        QVERIFY(tint != theme.color(Role::screen) && tint.red() > tint.blue() + 5);
        // The bar of 4 bits is lower than that of 37.
        QCOMPARE(codesPixel(columns, {columns.columnRect(0).center().x(), baseline - 20}), theme.color(Role::screen));
        QCOMPARE(codesPixel(columns, {chosen.center().x(), baseline - 20}), theme.color(Role::series1));
    }

    void moreColumnsThanThereIsRoomForScroll() {
        CodeBench bench;
        goedel::Symbols symbols(40, 3);
        bench.show(symbols);
        FactorColumns& columns = bench.columns();
        QVERIFY(columns.columnRect(39).left() > columns.columnsRoom().right());
        QTest::keyClick(&columns, Qt::Key_End);
        bench.settle();
        QCOMPARE(columns.column(), std::size_t{39});
        QVERIFY(columns.columnsRoom().adjusted(-1, -1, 1, 1).contains(columns.columnRect(39)));
        QTest::keyClick(&columns, Qt::Key_Home);
        bench.settle();
        QVERIFY(columns.columnsRoom().adjusted(-1, -1, 1, 1).contains(columns.columnRect(0)));
    }

    void longNumbersWrapAndVeryLongOnesAreCut() {
        CodeBench bench;
        bench.show(goedel::Symbols(24, 9));
        NumberLine& number = bench.tab().exact().number();
        QVERIFY(number.decimal().size() > 120 && number.decimal().size() < 400);
        QVERIFY(number.lines().size() > 1);
        QString joined = number.lines().join(QString());
        QCOMPARE(joined.remove(QChar(0x2009)).toStdString(), number.decimal());
        for (const auto* part : std::initializer_list<const QWidget*>{&number, &bench.columns()})
            QTRY_VERIFY(bench.tab().exact().rect().contains(QRect(part->mapTo(&bench.tab().exact(), QPoint()), part->size())));
        bench.show(goedel::Symbols(100, 9));
        QVERIFY(number.decimal().size() > 400);
        joined = number.lines().join(QString());
        QVERIFY2(joined.contains(QChar(0x2026)) && joined.size() < 200, qPrintable(joined));
        QVERIFY(!NumberLine::rest(number.decimal()).isEmpty());
        bench.part<QAbstractButton>("codes.exact.copy").click();
        QCOMPARE(QGuiApplication::clipboard()->text().toStdString(), number.decimal());
    }

    void heavyNumbersComeLaterAndTypingDoesNotWaitForThem() {
        CodeBench bench;
        goedel::Symbols symbols;
        for (int i = 0; i < 4000; ++i) symbols.push_back(i % 10);
        bench.page.state().show(symbols);
        bench.tab().refresh();
        QCOMPARE(bench.tab().study().of.symbols.size(), std::size_t{4000});  // its columns are there at once
        bench.page.state().type(QStringLiteral("1 0 2"));
        bench.tab().refresh();
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("1500"));
        bench.show(symbols);
        QVERIFY(bench.tab().exact().number().decimal().size() > 60'000);
        QCOMPARE(bench.tab().exact().number().decimal().size(), bench.tab().study().digits());
        QVERIFY2(bench.tab().decode().verdict().startsWith(QChar(0x2713)), qPrintable(bench.tab().decode().verdict()));
        // The number of before does not come back.
        bench.type(QStringLiteral("2"));
        QCOMPARE(bench.tab().exact().number().decimal(), std::string("8"));
    }

    void tooLargeANumberIsRefusedInASentence() {
        CodeBench bench;
        bench.show(goedel::Symbols(50'000, 9));
        QVERIFY(!bench.tab().study().hasNumber());
        QVERIFY(bench.tab().exact().number().decimal().empty());
        QVERIFY2(bench.tab().exact().number().lines().join(QString()).size() > 20, "no sentence");
        QVERIFY(!bench.part<QAbstractButton>("codes.exact.copy").isEnabled());
        QCOMPARE(bench.tab().study().factors.size(), std::size_t{50'000});
        bench.page.grab();
        for (const FigureOffer& offer : bench.page.figures()) QVERIFY(!offer.make()->table().rows.empty());
    }

    void theWordsOfTheRunFollowTheInputBar() {
        CodeBench bench;
        auto& words = bench.part<QAbstractButton>("codes.exact.alphabet.3");
        QVERIFY(!words.isEnabled() && !words.toolTip().isEmpty());
        bench.focus.setRun(bench.workspace.add(smallTask(20)));
        bench.settle();
        QTRY_VERIFY(words.isEnabled());
        words.click();
        bench.settle();
        QCOMPARE(bench.tab().study().of.symbols, bench.focus.input().tokens);
        QVERIFY(bench.field().isReadOnly());
        bench.focus.showSample(1);
        bench.settle();
        QCOMPARE(bench.tab().study().of.symbols, bench.focus.input().tokens);
        bench.part<QAbstractButton>("codes.exact.alphabet.1").click();
        bench.settle();
        QVERIFY(!bench.field().isReadOnly());
        QCOMPARE(bench.tab().exact().number().decimal(), lookNumber);
    }

    void lettersShowTheirNumbersBeside() {
        CodeBench bench;
        bench.chooseAlphabet("letters");
        bench.type(QStringLiteral("cab"));
        QCOMPARE(bench.tab().exact().number().decimal(), std::to_string(8 * 3 * 25));
        QVERIFY2(bench.columns().words(0).contains(QStringLiteral("c")) && bench.columns().words(0).contains(QStringLiteral("2^3")),
                 qPrintable(bench.columns().words(0)));
    }

    void aNumberIsDecodedInADialog() {
        CodeBench bench;
        DecodeDialog dialog(bench.page.state(), QStringLiteral("codes.exact.decode"));
        dialog.show();
        auto* text = dialog.findChild<QPlainTextEdit*>();
        auto* take = dialog.findChild<QAbstractButton*>(QStringLiteral("codes.exact.decode.show"));
        QVERIFY(text && take && !take->isEnabled() && dialog.problem().isEmpty());
        text->setPlainText(QStringLiteral("1 500"));
        QTRY_VERIFY(!dialog.result().isEmpty());
        QVERIFY2(dialog.result().contains(QStringLiteral("1 0 2")), qPrintable(dialog.result()));
        QVERIFY(take->isEnabled());
        take->click();
        bench.settle();
        QCOMPARE(bench.page.state().sequence().symbols, (goedel::Symbols{1, 0, 2}));
        QCOMPARE(bench.field().text(), QStringLiteral("1 0 2"));
    }

    void whatIsNoSequencesNumberIsRefused_data() {
        QTest::addColumn<QString>("number");
        QTest::addColumn<QString>("said");
        QTest::newRow("a gap") << "145"
                               << "5";  // 5 * 29
        QTest::newRow("nothing") << "0"
                                 << "0";
        QTest::newRow("too often") << "2048"
                                   << "2";  // there is no symbol 10
        QTest::newRow("a sign") << "-8"
                                << "";
        QTest::newRow("a letter") << "12a"
                                  << "a";
    }
    void whatIsNoSequencesNumberIsRefused() {
        QFETCH(QString, number);
        QFETCH(QString, said);
        CodeBench bench;
        DecodeDialog dialog(bench.page.state(), QStringLiteral("codes.exact.decode"));
        dialog.findChild<QPlainTextEdit*>()->setPlainText(number);
        QTRY_VERIFY(!dialog.problem().isEmpty());
        QVERIFY2(dialog.problem().contains(said), qPrintable(dialog.problem()));
        QVERIFY(dialog.result().isEmpty());
        QVERIFY(!dialog.findChild<QAbstractButton*>(QStringLiteral("codes.exact.decode.show"))->isEnabled());
        dialog.findChild<QPlainTextEdit*>()->setPlainText(QString());
        QVERIFY(dialog.problem().isEmpty());
    }

    void aSessionKeepsSequenceAlphabetColumnAndTab() {
        CodeBench bench;
        QVERIFY(bench.page.notes().isEmpty());
        bench.type(QStringLiteral("2 7 1 8"));
        bench.chooseAlphabet("letters");
        bench.page.state().setColumn(3);
        bench.page.showTab(QStringLiteral("arithmetic"));
        const QByteArray written = QJsonDocument(bench.page.notes()).toJson();
        CodeBench other;
        other.page.takeNotes(QJsonDocument::fromJson(written).object());
        QVERIFY(other.page.state().value() == bench.page.state().value());
        QCOMPARE(other.page.stage(), QStringLiteral("arithmetic"));
        other.page.takeNotes({});
        QCOMPARE(other.page.stage(), QStringLiteral("code"));
        other.settle();
        QCOMPARE(other.tab().exact().number().decimal(), lookNumber);
    }

    void itIsToldToScreenReaders() {
        CodeBench bench;
        bench.page.state().setColumn(5);
        bench.settle();
        QVERIFY(!bench.columns().accessibleName().isEmpty());
        QVERIFY2(bench.columns().accessibleDescription().contains(QStringLiteral("37.0")),
                 qPrintable(bench.columns().accessibleDescription()));
        QVERIFY(bench.tab().exact().number().accessibleDescription().contains(NumberLine::shownText(lookNumber)));
        QVERIFY(bench.tab().bits().bars().accessibleDescription().contains(QStringLiteral("26.58")));
        QCOMPARE(bench.field().accessibleName(), QStringLiteral("Sequence"));
        bench.type(QStringLiteral("q"));
        QCOMPARE(bench.field().accessibleDescription(), bench.tab().problem());
    }

    void everythingCanBeExported() {
        CodeBench bench;
        QStringList names;
        for (const FigureOffer& offer : bench.page.figures()) {
            const auto figure = offer.make();
            names << offer.name;
            if (!offer.still) continue;
            QVERIFY2(figure->caption.contains(QStringLiteral("3 1 4 1 5 9 2 6")), qPrintable(figure->caption));
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QVERIFY(figureBytes(*figure, FigureFormat::pdf).startsWith("%PDF"));
            const FigureSheet column{FigureWidth::oneColumn};
            const PrintTheme paper(false, printTextPixels);
            QVERIFY(figure->size(column).width() <= 84 / 25.4 * 96 / column.unit() + 1);
        }
        QVERIFY(names.size() >= 4);
        const FigureTable columns = bench.page.figures().front().make()->table();
        QCOMPARE(columns.rows.size(), std::size_t{8});
        QCOMPARE(columns.rows[5][3], std::string("13"));
    }

    void aSmallWindowCutsNothing() {
        for (const double scale : {1.0, 2.0}) {
            Theme::instance().setScale(scale);
            Theme::instance().apply();
            CodeBench bench({static_cast<int>(scale * 760), static_cast<int>(scale * 480)});
            const CodeTab& tab = bench.tab();
            QVERIFY(tab.exact().number().lines().size() >= 1);
            const QRect room = tab.rect();
            for (const QWidget* part : std::initializer_list<const QWidget*>{&tab.exact(), &tab.decode(), &tab.bits()})
                QVERIFY2(part->mapTo(&tab, QPoint()).x() + part->width() <= room.width(), part->metaObject()->className());
            QVERIFY(tab.decode().mapTo(&tab, QPoint()).x() >= tab.exact().mapTo(&tab, QPoint()).x() + tab.exact().width());
        }
        Theme::instance().setScale(1);
        Theme::instance().apply();
    }

    void aPlaceLeadsToTheField() {
        CodeBench bench;
        bench.page.showTab(QStringLiteral("arithmetic"));
        QVERIFY(bench.page.showStage(QStringLiteral("code"), QStringLiteral("sequence")));
        QCOMPARE(bench.page.stage(), QStringLiteral("code"));
        QVERIFY(!bench.page.showStage(QStringLiteral("poetry"), QString()));
    }
};

QTEST_MAIN(CodeTabTest)
#include "code_tab_test.moc"
