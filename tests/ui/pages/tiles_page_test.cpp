#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/widgets/painted_texts.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/tiles_view.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

class TilesPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void theRowInTilesIsTheRow_data();
    void theRowInTilesIsTheRow();
    void theTableTellsEachTile();
    void everyColumnIsPainted();
    void theScoresArePaintedAndCut();
    void theLaboratoryLeadsHereAndEscapeBack();
    void anotherQueryIsFollowed();
    void whatHasNoSoftmaxHasNoTiles();
    void namesAndExports();

private:
    void open(const std::function<void(Experiment&)>& change = {}) {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        const SmallSize size{.length = 10, .train = 40, .validation = 20, .test = 10, .d_model = 8, .layers = 1, .steps = 10, .batch = 8};
        Experiment experiment = smallExperiment(size);
        if (change) change(experiment);
        m_focus->setRun(m_workspace->add(loadTask(resolved(experiment), {})));
        QTRY_VERIFY(!m_page->walk().stages.empty());
    }
    TilesView& view() const { return *m_page->tiles(); }
    double farthest(const std::vector<double>& one, const std::vector<double>& other) const {
        double largest = 0;
        for (std::size_t p = 0; p < one.size(); ++p) largest = std::max(largest, std::abs(one[p] - other[p]));
        return largest;
    }

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

void TilesPageTest::theRowInTilesIsTheRow_data() {
    QTest::addColumn<std::function<void(Experiment&)>>("change");
    using Change = std::function<void(Experiment&)>;
    QTest::newRow("encoder") << Change([](Experiment&) {});
    QTest::newRow("decoder") << Change([](Experiment& e) { e.model.architecture = Architecture::decoder; });
    QTest::newRow("alibi and a window") << Change([](Experiment& e) {
        e.model.position.kind = PositionKind::alibi;
        e.model.attention.pattern = {"sliding-window", {{"window", 2}}};
    });
    QTest::newRow("kv+pos") << Change([](Experiment& e) { e.model.attention.form = AttentionForm::kv_pos; });
}

void TilesPageTest::theRowInTilesIsTheRow() {
    QFETCH(std::function<void(Experiment&)>, change);
    open(change);
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    QCOMPARE(m_page->stage(), QStringLiteral("tiles"));
    const std::vector<double>& model = m_page->walk().find("mix")->find("mix")->master;
    for (const int tile : {2, 4, 8, 16, 32}) {
        view().setTile(tile);
        QCOMPARE(view().tile(), tile);
        QCOMPARE(view().result().result.size(), model.size());
        QVERIFY(farthest(view().result().result, view().whole()) < 1e-13);
        QVERIFY(farthest(view().result().result, model) < 1e-5);
    }
}

void TilesPageTest::theTableTellsEachTile() {
    open();
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    view().setTile(4);
    const std::vector<TextTable::Row>& rows = view().table()->rows();
    const std::size_t keys = m_page->walk().find("weights")->grids.front().columnTokens.size();
    const std::size_t tiles = (keys + 3) / 4;
    QCOMPARE(rows.size(), tiles + 2);
    QCOMPARE(rows[0].cells[0], QStringLiteral("0\u20133"));
    QCOMPARE(rows[0].cells[3], QStringLiteral("\u2013"));
    QCOMPARE(rows[tiles].cells.back(), rows[tiles + 1].cells.back());  // o / l and the whole row, to the digits that are shown
    view().setTile(8);
    QCOMPARE(view().table()->rows().size(), (keys + 7) / 8 + 2);
    QVERIFY(view().verdict().contains(QStringLiteral("4 channels")));
}

/// Within the table, and no number over another.
void TilesPageTest::everyColumnIsPainted() {
    open();
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    TextTable& table = *view().table();
    std::vector<PaintedText> texts = paintedTexts(table);
    QSet<QString> cells;
    for (const TextTable::Row& row : table.rows())
        for (const QString& cell : row.cells) {
            QVERIFY2(cell.isEmpty() || std::ranges::count(texts, cell, &PaintedText::text) > 0, qPrintable(cell));
            cells.insert(cell);
        }
    std::erase_if(texts, [&cells](const PaintedText& text) { return !cells.contains(text.text); });  // a formula's parts may touch
    for (std::size_t i = 0; i < texts.size(); ++i) {
        QVERIFY2(QRectF(table.rect()).contains(texts[i].ink), qPrintable(texts[i].text));
        for (std::size_t j = i + 1; j < texts.size(); ++j)
            QVERIFY2(!texts[i].ink.intersects(texts[j].ink), qPrintable(texts[i].text + " / " + texts[j].text));
    }
}

void TilesPageTest::theScoresArePaintedAndCut() {
    open();
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    view().setTile(4);
    Plot* plot = view().plot();
    QTRY_VERIFY(plot->plotRect().width() > 50 && plot->isVisible());
    const PlotSeries& scores = plot->series()[0];
    const PlotSeries& top = plot->series()[1];
    QCOMPARE(plot->scene().marks.size(), view().result().steps.size() - 1);
    QCOMPARE(plot->scene().marks[0].x, 3.5);
    for (std::size_t i = 1; i < top.y.size(); ++i) QVERIFY(top.y[i] >= top.y[i - 1]);
    QCOMPARE(top.y.back(), *std::ranges::max_element(scores.y));
    const QImage painted = plot->grab().toImage();
    const QPointF at = plot->place(scores.x[1], scores.y[1]);
    QCOMPARE(painted.pixelColor((at * painted.devicePixelRatio()).toPoint()), Theme::instance().color(Role::series1));
}

void TilesPageTest::theLaboratoryLeadsHereAndEscapeBack() {
    open();
    m_page->showStage(QStringLiteral("weights"), {});
    auto* lab = m_page->findChild<Button*>(QStringLiteral("explain.desk.lab"));
    QVERIFY(lab && lab->isVisible());
    lab->click();
    m_page->findChild<Button*>(QStringLiteral("explain.lab.tiles"))->click();
    QTRY_VERIFY(view().isVisible());
    QTest::keyClick(&view(), Qt::Key_Escape);
    QVERIFY(!view().isVisible());
    QCOMPARE(m_page->stage(), QStringLiteral("weights"));
}

void TilesPageTest::anotherQueryIsFollowed() {
    open();
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    const std::vector<double> before = view().result().result;
    Selection selection = m_focus->selection();
    selection.query = selection.query == 3 ? 4 : 3;
    m_focus->select(selection);
    QTRY_VERIFY(view().result().result != before);
    QCOMPARE(m_page->stage(), QStringLiteral("tiles"));
    QVERIFY(farthest(view().result().result, m_page->walk().find("mix")->find("mix")->master) < 1e-5);
}

void TilesPageTest::whatHasNoSoftmaxHasNoTiles() {
    open([](Experiment& e) { e.model.attention.kernel.kind = KernelKind::linear; });
    QVERIFY(!m_page->showStage(QStringLiteral("tiles"), {}));
    QVERIFY(!view().isVisible());
    cleanup();
    open([](Experiment& e) { e.model.attention.sink = true; });
    QVERIFY(!m_page->showStage(QStringLiteral("tiles"), {}));
}

void TilesPageTest::namesAndExports() {
    open();
    QVERIFY(m_page->showStage(QStringLiteral("tiles"), {}));
    QVERIFY(!view().plot()->accessibleName().isEmpty() && !view().table()->accessibleName().isEmpty());
    const std::vector<FigureOffer> offers = m_page->figures();
    QCOMPARE(offers[0].name, QStringLiteral("Scores of the row and their maximum so far"));
    QCOMPARE(offers[1].name, QStringLiteral("Tile by tile"));
    QCOMPARE(offers[1].make()->table().header.size(), std::size_t{7});
}

QTEST_MAIN(TilesPageTest)
#include "tiles_page_test.moc"
