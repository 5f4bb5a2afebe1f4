#include "ui/pages/memory/attention_tab.h"

#include <QComboBox>
#include <QPainter>
#include <QSignalSpy>
#include <QSpinBox>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct BridgeBench {
    Workspace workspace;
    Focus focus;
    MemoryPage page{focus};

    explicit BridgeBench(const std::function<void(Experiment&)>& change = {}) {
        Experiment experiment = smallExperiment({.vocabulary = 5, .steps = 60});
        if (change) change(experiment);
        focus.setRun(workspace.add(loadTask(experiment, {})));
        page.resize(1100, 560);
        page.showTab(QStringLiteral("attention"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    AttentionTab& tab() const { return dynamic_cast<AttentionTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    bool isAbsent() const { return part<EmptyState>("memory.attention.none").isVisible(); }
};

}  // namespace

class AttentionTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void oneUpdateIsTheRowOfTheFocus() {
        BridgeBench bench;
        QVERIFY(bench.tab().look());
        const AttentionMemory& memory = bench.tab().look()->memory;
        QVERIFY(memory.agrees && memory.isPlain());
        QVERIFY(!bench.isAbsent());
        QVERIFY(bench.part<BridgeBars>("memory.attention.bars").accessibleDescription().contains(QStringLiteral("attention")));
        QVERIFY(bench.tab().showsWeights());
    }

    void headAndQueryAreChosenHere() {
        BridgeBench bench;
        auto& head = bench.part<QComboBox>("memory.attention.head");
        QVERIFY(head.count() >= 2);
        head.setCurrentIndex(1);
        emit head.activated(1);
        bench.part<QSpinBox>("memory.attention.query").setValue(3);
        QVERIFY(bench.ready());
        QCOMPARE(bench.focus.selection().head, 1);
        QCOMPARE(bench.focus.selection().query, 3);
        const AttentionMemory expected = attentionMemory(*bench.focus.run()->model(), bench.focus.checkpoint()->weights,
                                                         bench.focus.input(), *bench.focus.trace(), {0, 1, 3});
        QCOMPARE(bench.tab().look()->memory.attention, expected.attention);
        QCOMPARE(bench.tab().look()->memory.state, expected.state);
    }

    void theRunMayGoWhileItsRowIsWorkedOut() {
        BridgeBench bench;
        bench.focus.setRun(bench.workspace.add(loadTask(smallExperiment({.vocabulary = 5, .steps = 60}), {})));
        QTRY_VERIFY(bench.page.catchUp() && bench.focus.trace());
        QVERIFY(bench.ready());
        Selection selection = bench.focus.selection();
        selection.query = 2;
        bench.focus.select(selection);
        bench.page.catchUp();  // asks
        bench.page.showTab(QStringLiteral("evidence"));
        Run* gone = bench.focus.run();
        bench.focus.setRun(bench.workspace.runs().front());
        bench.workspace.remove(gone);
        QCoreApplication::sendPostedEvents(gone, QEvent::DeferredDelete);
        auto* tab = bench.page.findChild<AttentionTab*>();
        QTRY_VERIFY_WITH_TIMEOUT(tab->ready(), patience);
        for (const FigureOffer& offer : tab->figures()) QVERIFY(offer.make());
        bench.page.showTab(QStringLiteral("attention"));
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().look()->memory.agrees);
    }

    void itLeadsToTheOtherPages() {
        BridgeBench bench;
        QSignalSpy places(&bench.page, &Page::placeWanted);
        QTest::mouseClick(&bench.part<QWidget>("memory.attention.maps"), Qt::LeftButton);
        QTest::mouseClick(&bench.part<QWidget>("memory.attention.explain"), Qt::LeftButton);
        QCOMPARE(places.count(), 2);
        QCOMPARE(places[0][0].value<Place>().page, QStringLiteral("maps"));
        QCOMPARE(places[1][0].value<Place>().page, QStringLiteral("explain"));
        QCOMPARE(bench.focus.selection().key, bench.tab().look()->heaviest.front());
    }

    void aLinearKernelIsNoSuchNetwork() {
        BridgeBench bench([](Experiment& e) { e.model.attention.kernel.kind = KernelKind::linear; });
        QVERIFY(!bench.tab().look());
        QVERIFY(bench.isAbsent());
        QVERIFY(bench.tab().figures().empty());
    }

    void aMixingNetHasNoHeads() {
        BridgeBench bench([](Experiment& e) { e.model.mixer.kind = MixerKind::feed_forward; });
        QVERIFY(bench.isAbsent());
        QVERIFY(!bench.tab().controls()->isEnabled());
    }

    void withoutARunItSaysSo() {
        Focus focus;
        MemoryPage page(focus);
        page.resize(1000, 500);
        page.showTab(QStringLiteral("attention"));
        static_cast<QWidget&>(page).show();
        QTRY_VERIFY(page.catchUp());
        QVERIFY(page.findChild<EmptyState*>(QStringLiteral("memory.attention.none"))->isVisible());
    }

    void whatIsNotPlainIsSaidAndNothingPromised() {
        BridgeBench bench([](Experiment& e) { e.model.attention.form = AttentionForm::kv_pos; });
        QVERIFY(bench.tab().look());
        QVERIFY(bench.tab().look()->memory.agrees && !bench.tab().look()->memory.isPlain());
        for (const TextTable::Row& row : bench.part<TextTable>("memory.attention.words").rows())
            QVERIFY(row.cells.front() != QStringLiteral("energy never rises"));
    }

    void furtherUpdatesAreShown() {
        BridgeBench bench;
        const auto updates = static_cast<int>(bench.tab().look()->weights.size());
        auto& box = bench.part<QSpinBox>("memory.attention.update");
        QCOMPARE(box.maximum(), updates);
        QCOMPARE(box.value(), updates);
        box.setValue(1);
        QCOMPARE(bench.part<BridgeBars>("memory.attention.bars").scene().update, 1);
        QCOMPARE(bench.part<Plot>("memory.attention.found").series().size(), std::size_t{1});
    }

    void anotherStepIsAnotherRow() {
        BridgeBench bench;
        const std::vector<double> before = bench.tab().look()->memory.attention;
        bench.focus.run()->train();
        QTRY_VERIFY(bench.focus.run()->state() == RunState::finished);
        QVERIFY(bench.ready());
        QVERIFY(bench.tab().look()->memory.attention != before);
        QVERIFY(bench.tab().look()->memory.agrees);
    }

    void barsCanBeWalked() {
        BridgeBench bench;
        auto& bars = bench.part<BridgeBars>("memory.attention.bars");
        QTest::keyClick(&bars, Qt::Key_Right);
        QCOMPARE(bars.cursor(), 1);
        QTest::keyClick(&bars, Qt::Key_End);
        QCOMPARE(bars.cursor(), bench.tab().look()->memory.patterns.count - 1);
        QTest::mouseClick(&bars, Qt::LeftButton, {}, bars.keyRect(2).center().toPoint());
        QCOMPARE(bars.cursor(), 2);
    }

    void everythingCanBeExported() {
        BridgeBench bench;
        const std::vector<FigureOffer> offers = bench.page.figures();
        QVERIFY(offers.size() >= 4);
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            const auto figure = offer.make();
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QImage image(figure->size().toSize(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&image);
            figure->paint(painter);
        }
    }
};

QTEST_MAIN(AttentionTabTest)
#include "attention_tab_test.moc"
