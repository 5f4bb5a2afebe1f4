#include "ui/pages/memory/modern_tab.h"

#include <QDoubleSpinBox>
#include <QPainter>
#include <QSpinBox>

#include "core/memory/icons.h"
#include "tests/patience.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/widgets/log_slider.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct ModernBench {
    Focus focus;
    MemoryPage page{focus};

    ModernBench() {
        page.resize(1100, 560);
        page.showTab(QStringLiteral("modern"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    ModernTab& tab() const { return dynamic_cast<ModernTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    void setBeta(double beta) {
        part<QDoubleSpinBox>("memory.modern.beta.number").setValue(beta);
        (void)ready();
    }
};

}  // namespace

class ModernTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void oneUpdateRestoresTheNoisyPicture() {
        ModernBench bench;
        const ModernLookPtr look = bench.tab().look();
        QVERIFY(look);
        QCOMPARE(look->asked.patterns.count, 4);
        QCOMPARE(look->asked.beta, 1.0 / 16);
        QVERIFY(look->moments.front().wrong > 50);
        QCOMPARE(look->moments[1].wrong, 0);
        QVERIFY(!look->energyRose);
        QVERIFY(bench.part<ModernFlow>("memory.modern.flow").accessibleDescription().contains(QStringLiteral("0 after one update")));
        QCOMPARE(bench.part<Plot>("memory.modern.curve").series().size(), std::size_t{4});
        QVERIFY(bench.tab().asksQuery());
    }

    void theFlowChoosesWhatIsAskedFor() {
        ModernBench bench;
        auto& flow = bench.part<ModernFlow>("memory.modern.flow");
        QTest::mouseClick(&flow, Qt::LeftButton, {}, flow.rowRect(2).center());
        QVERIFY(bench.ready());
        QCOMPARE(bench.page.state().value().chosen, 2);
        QCOMPARE(bench.tab().look()->asked.target, 2);
        QTest::keyClick(&flow, Qt::Key_Up);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->asked.target, 1);
    }

    void regimesFollowTheFixedPoint() {
        ModernBench bench;
        bench.setBeta(0.0001);
        QCOMPARE(bench.tab().look()->end.regime, Regime::mean);
        bench.setBeta(1);
        QCOMPARE(bench.tab().look()->end.regime, Regime::one);
        QCOMPARE(bench.page.state().value().beta, 1.0);
        QTest::mouseClick(&bench.part<QWidget>("memory.modern.beta.own"), Qt::LeftButton);
        QVERIFY(bench.ready());
        QCOMPARE(bench.page.state().value().beta, 1.0 / 16);
        QTest::keyClick(&bench.part<LogSlider>("memory.modern.beta.slider"), Qt::Key_Right);
        QVERIFY(bench.page.state().value().beta > 1.0 / 16);
    }

    void moreThanEightPatternsAreATable() {
        ModernBench bench;
        auto& table = bench.part<DataTable>("memory.modern.table");
        QVERIFY(!table.isVisible());
        MemoryValue value = bench.page.state().value();
        value.patterns.assign(letterPatterns().begin(), letterPatterns().begin() + 12);
        bench.page.state().set(value);
        QVERIFY(bench.ready());
        QVERIFY(table.isVisible());
        QCOMPARE(table.table().rows.size(), std::size_t{12});
        QCOMPARE(bench.part<Plot>("memory.modern.curve").series().size(), std::size_t{4});
    }

    void randomVectorsHaveTheirOwnNumbers() {
        ModernBench bench;
        QSignalSpy bars(&bench.page, &Page::barsChanged);
        bench.tab().setRandom(true);
        QVERIFY(bench.ready());
        QVERIFY(!bench.tab().asksQuery());
        QVERIFY(bars.count() > 0);
        bench.part<QSpinBox>("memory.modern.count").setValue(20);
        bench.part<QSpinBox>("memory.modern.dimension").setValue(64);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->asked.patterns.count, 20);
        QCOMPARE(bench.tab().look()->asked.patterns.dimension, 64);
        QVERIFY(bench.tab().look()->asked.signs.empty());
        QCOMPARE(bench.tab().look()->errors.size(), std::size_t{20});
    }

    void nothingStoredIsSaid() {
        ModernBench bench;
        MemoryValue value = bench.page.state().value();
        value.patterns.clear();
        bench.page.state().set(value);
        QVERIFY(bench.ready());
        QVERIFY(!bench.tab().look());
        QVERIFY(bench.tab().figures().empty());
        bench.page.grab();
    }

    void notesComeBack() {
        ModernBench bench;
        bench.tab().setRandom(true);
        bench.part<QSpinBox>("memory.modern.seed").setValue(9);
        bench.setBeta(0.5);
        const QJsonObject notes = bench.page.notes();
        ModernBench other;
        other.page.takeNotes(notes);
        QVERIFY(other.ready());
        QVERIFY(other.tab().isRandom());
        QCOMPARE(other.tab().look()->asked.query, bench.tab().look()->asked.query);
        QCOMPARE(other.tab().look()->asked.beta, 0.5);
        QVERIFY(ModernBench().tab().notes().isEmpty());
    }

    void everythingCanBeExported() {
        ModernBench bench;
        const std::vector<FigureOffer> offers = bench.page.figures();
        QVERIFY(offers.size() >= 4);
        QSet<QString> names;
        for (const FigureOffer& offer : offers) {
            QVERIFY2(!names.contains(offer.name), qPrintable(offer.name));
            names.insert(offer.name);
            const PrintTheme paper;
            const auto figure = offer.make();
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QImage image(figure->size().toSize(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&image);
            figure->paint(painter);
        }
        QVERIFY(names.contains(QStringLiteral("One update")));
    }
};

QTEST_MAIN(ModernTabTest)
#include "modern_tab_test.moc"
