#include <QSlider>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/explain/long_inputs.h"
#include "core/explain/shapes.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/cost_table.h"
#include "ui/pages/explain/cost_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/runs/workspace.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

class CostPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void cleanup() {
        Theme::instance().setScale(1);
        Theme::instance().setMode(Theme::Mode::light);
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void aPlaceLeadsHereAndEscapeLeaves();
    void aLineAPatternIsDrawnAndTheModelsOwnOnTop_data();
    void aLineAPatternIsDrawnAndTheModelsOwnOnTop();
    void handSliderAndKeysChooseTheLength();
    void theTableHasTheNumbersOfTheLength();
    void sentencesAreThereWithTheirSources();
    void aTableOfPositionsIsTold();
    void everythingIsNamed();
    void plotsAndTableAreExported();
    void whatIsMeasuredIsDrawn();
    void aModelThatIsNotWalkedThroughHasItsCostAndItsComponents();

private:
    void open(const std::function<void(Experiment&)>& change = {}) {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        const SmallSize size{.length = 6, .train = 40, .validation = 20, .test = 10, .d_model = 8, .layers = 1, .steps = 10, .batch = 8};
        Experiment experiment = smallExperiment(size);
        if (change) change(experiment);
        m_focus->setRun(m_workspace->add(loadTask(resolved(experiment), {})));
        QTRY_VERIFY(!m_page->walk().stages.empty());
        QVERIFY(m_page->showStage(QStringLiteral("cost"), {}));
        QTRY_VERIFY(!view().lines().empty());
        QTRY_VERIFY(view().isVisible());
    }
    CostView& view() const { return *m_page->modelView()->cost(); }
    ModelConfig model() const { return m_focus->run()->model()->config(); }

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

void CostPageTest::aPlaceLeadsHereAndEscapeLeaves() {
    open();
    QCOMPARE(m_page->stage(), QStringLiteral("cost"));
    QTest::keyClick(m_page->modelView(), Qt::Key_Escape);
    QVERIFY(!view().isVisible());
    QVERIFY(m_page->stage() != QStringLiteral("cost"));
    m_page->openModelView(ExplainPage::ModelPart::cost);
    QTRY_VERIFY(view().isVisible());
    QCOMPARE(view().length(), 4096);
}

void CostPageTest::aLineAPatternIsDrawnAndTheModelsOwnOnTop_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<double>("scale");
    QTest::newRow("light") << false << 1.0;
    QTest::newRow("dark, twice as large") << true << 2.0;
}

void CostPageTest::aLineAPatternIsDrawnAndTheModelsOwnOnTop() {
    QFETCH(bool, dark);
    QFETCH(double, scale);
    Theme::instance().setMode(dark ? Theme::Mode::dark : Theme::Mode::light);
    Theme::instance().setScale(scale);
    open();
    QCOMPARE(view().lines().size(), costedPatterns(model()).size());
    QVERIFY(view().lines().front().own);
    for (Plot* plot : {view().bytes(), view().products()}) {
        QTRY_VERIFY(plot->plotRect().width() > 50 && plot->plotRect().height() > 50);
        const PlotSeries& own = plot->series().front();
        QCOMPARE(own.x.size(), costedLengths().size());
        for (std::size_t i = 1; i < view().lines().size(); ++i) QVERIFY(plot->series()[i].width < own.width);
        const QImage painted = plot->grab().toImage();
        for (const std::size_t point : {std::size_t{2}, own.x.size() - 2}) {
            const QPointF at = plot->place(own.x[point], own.y[point]);
            QVERIFY(plot->plotRect().contains(at));
            QCOMPARE(painted.pixelColor((at * painted.devicePixelRatio()).toPoint()), Theme::instance().color(Role::series1));
        }
    }
    // Twice the length has four times the pairs, on two logarithmic axes a straight line twice as steep as that of the weights' bytes.
    const PlotSeries& own = view().bytes()->series().front();
    QCOMPARE(own.y[5], 4 * own.y[4]);
    const PlotSeries& weights = view().bytes()->series().back();
    QCOMPARE(weights.y.front(), weights.y.back());
}

void CostPageTest::handSliderAndKeysChooseTheLength() {
    open();
    auto* slider = view().findChild<QSlider*>(QStringLiteral("explain.cost.length"));
    QVERIFY(slider);
    QSignalSpy changed(&view(), &CostView::changed);
    QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(view().length(), 8192);
    QCOMPARE(changed.size(), 1);
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(view().length(), 64);
    QCOMPARE(view().bytes()->scene().hand->x, 64.0);
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(view().length(), 131072);
    Plot* plot = view().products();
    QTRY_VERIFY(plot->plotRect().width() > 50);
    const double y = plot->plotRect().center().y();
    QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(qRound(plot->place(1100, 1).x()), qRound(y)));
    QCOMPARE(view().length(), 1024);
    QCOMPARE(plot->scene().hand->x, 1024.0);
    QCOMPARE(view().bytes()->scene().hand->x, 1024.0);
    QTest::keyClick(plot, Qt::Key_Right);
    QCOMPARE(view().length(), 2048);
    QTest::keyClick(plot, Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(view().length(), 64);
}

void CostPageTest::theTableHasTheNumbersOfTheLength() {
    open([](Experiment& e) {
        e.model.architecture = Architecture::decoder;
        e.model.attention.pattern = {"sliding-window", {{"window", 3}}};
    });
    view().setLength(1024);
    const CostTable& table = *view().table();
    const ModelCost cost = costOf(model(), 1024);
    const auto cell = [&](const char* column, std::size_t row) {
        const auto found = std::ranges::find(table.columns(), std::string(column), &TableColumn::id);
        return found->cell(row);
    };
    QCOMPARE(cell("pattern", 0).text, QStringLiteral("sliding-window, window 3 \u00B7 this model"));
    QVERIFY(cell("pattern", 0).bold && !cell("pattern", 1).bold);
    QCOMPARE(cell("pattern", 1).text, QStringLiteral("full"));
    QCOMPARE(cell("map_bytes", 0).text, shown(explain::bytesText(cost.mapBytes)));
    QCOMPARE(cell("map_bytes", 1).text, shown(explain::bytesText(4.0 * 1024 * 1025 / 2)));
    QCOMPARE(cell("multiply_adds_per_token", 0).text, productsText(cost.productsPerToken()));
    QCOMPARE(cell("cache_bytes", 0).text, shown(explain::bytesText(2.0 * 8 * 4 * 1024)));
    QVERIFY(view().facts().contains(grouped(static_cast<std::int64_t>(cost.weights))));
    QVERIFY(view().facts().contains(productsText(cost.attention)));
    QCOMPARE(table.height(), table.fullHeight());
}

void CostPageTest::sentencesAreThereWithTheirSources() {
    open();
    const QString text = view().sentences();
    QVERIFY(text.contains(shown(explain::whyWeightsStay(model())).toHtmlEscaped()));
    QVERIFY(explain::longInputIdeas().size() >= 6);
    for (const explain::LongInputIdea& idea : explain::longInputIdeas()) {
        QVERIFY(text.contains(shown(Message(idea.sentence)).toHtmlEscaped()));
        QVERIFY(QString::fromUtf8(idea.source).contains(QRegularExpression(QStringLiteral("arXiv \\d{4}\\.\\d{4,5}"))));
        QVERIFY(text.contains(QString::fromUtf8(idea.source)));
    }
}

void CostPageTest::aTableOfPositionsIsTold() {
    open([](Experiment& e) { e.model.position.kind = PositionKind::learned; });
    QVERIFY(view().facts().contains(QStringLiteral("its table of positions ends at %1").arg(longestOf(model()))));
    QVERIFY(view().sentences().contains(QStringLiteral("table of learned positions")));
    const PlotSeries& weights = view().bytes()->series().back();
    QVERIFY(weights.y.back() > weights.y.front());
}

void CostPageTest::everythingIsNamed() {
    open();
    for (const QWidget* widget : {static_cast<QWidget*>(view().bytes()), static_cast<QWidget*>(view().products()),
                                  static_cast<QWidget*>(view().table()), static_cast<QWidget*>(view().findChild<QSlider*>())}) {
        QVERIFY(!widget->accessibleName().isEmpty());
        QVERIFY(!widget->objectName().isEmpty());
    }
}

void CostPageTest::plotsAndTableAreExported() {
    open();
    const std::vector<FigureOffer> offers = m_page->figures();
    QVERIFY(offers.size() > 4);
    QCOMPARE(offers[0].name, QStringLiteral("Bytes against n"));
    QCOMPARE(offers[1].name, QStringLiteral("Multiply-adds a token against n"));
    const auto bytes = offers[0].make();
    QCOMPARE(bytes->table().header, (std::vector<std::string>{"curve", "x", "y"}));
    QVERIFY(bytes->table().rows.size() >= view().lines().size() * costedLengths().size());
    const auto table = offers[2].make();
    QCOMPARE(table->table().header.front(), std::string("pattern"));
    QCOMPARE(table->table().rows.size(), view().lines().size());
    QVERIFY(offers[0].still);
    m_page->escape();
    QVERIFY(m_page->figures().front().name != QStringLiteral("Bytes against n"));
}

void CostPageTest::whatIsMeasuredIsDrawn() {
    open();
    auto* button = view().findChild<Button*>(QStringLiteral("explain.cost.measure"));
    auto* quantity = view().findChild<SegmentedControl*>(QStringLiteral("explain.cost.quantity"));
    QVERIFY(button && button->isEnabled() && quantity);
    QVERIFY(view().products()->isVisible() && !view().times()->isVisible());
    QVERIFY(view().timed().empty());  // nothing is measured unasked
    view().measure({{64, 128}, 1});
    QCOMPARE(button->text(), QStringLiteral("Stop"));
    QTRY_VERIFY(!view().measuring());
    QCOMPARE(view().timed().size(), 2 * view().lines().size());
    QCOMPARE(button->text(), QStringLiteral("Measure"));
    QVERIFY(view().times()->isVisible() && !view().products()->isVisible());
    for (const PlotSeries& series : view().times()->series()) QCOMPARE(series.x, (std::vector<double>{64, 128}));
    QCOMPARE(view().times()->series()[1].y[1], 1e6 * view().timed()[view().lines().size() + 1].secondsPerToken);
    QCOMPARE(m_page->figures()[1].name, QStringLiteral("Microseconds a token against n"));
    // Pressed again it begins anew, and once more it ends.
    button->click();
    QVERIFY(view().measuring() && view().timed().empty());
    button->click();
    QTRY_VERIFY(!view().measuring());
    QTest::keyClick(quantity->findChild<QWidget*>(QStringLiteral("explain.cost.quantity.1")), Qt::Key_Space);
    QTRY_VERIFY(view().products()->isVisible());
}

void CostPageTest::aModelThatIsNotWalkedThroughHasItsCostAndItsComponents() {
    m_workspace = std::make_unique<Workspace>();
    m_focus = std::make_unique<Focus>();
    m_page = std::make_unique<ExplainPage>(*m_focus);
    m_page->resize(1160, 620);
    m_page->show();
    Experiment experiment = smallExperiment({.length = 6, .d_model = 8, .layers = 1});
    experiment.model.num_heads = 2;
    experiment.model.num_kv_heads.reset();
    experiment.model.attention.differential = true;
    m_focus->setRun(m_workspace->add(loadTask(resolved(experiment), {})));
    auto* message = m_page->findChild<QWidget*>(QStringLiteral("explain.empty"));
    QVERIFY(message);
    QTRY_VERIFY(message->isVisible());
    QVERIFY(m_page->showStage(QStringLiteral("cost"), {}));
    QTRY_VERIFY(!view().lines().empty());
    QVERIFY(view().isVisible());
    QCOMPARE(m_page->figures().empty(), false);
    QStringList offered;
    for (const QRadioButton* choice : m_page->modelView()->findChildren<QRadioButton*>())
        if (choice->isVisible() && choice->accessibleName().startsWith(QStringLiteral("Shown of the model"))) offered << choice->text();
    QCOMPARE(offered, (QStringList{"components", "cost"}));
    QTest::keyClick(m_page->modelView(), Qt::Key_Escape);
    QVERIFY(message->isVisible() && !view().isVisible());
    m_page->openModelView(ExplainPage::ModelPart::overview);  // there is no picture of it
    QVERIFY(m_page->modelView()->isVisible());
    QCOMPARE(m_page->stage(), QStringLiteral("components"));
    QVERIFY(m_page->escape());
    QVERIFY(message->isVisible());
    QVERIFY(!m_page->escape());
}

QTEST_MAIN(CostPageTest)
#include "cost_page_test.moc"
