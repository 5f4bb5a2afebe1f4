#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/overview_picture.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/theme.h"

using namespace lab;

class OverviewPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void everyBoxLeadsToItsStage();
    void theStageInHandIsOutlined();
    void whatIsLackingLeadsToItsSetting();
    void keysWalkFromPartToPart();
    void boxesDoNotOverlap_data();
    void boxesDoNotOverlap();
    void itIsAFigure();
    void aPlaceNamesIt();

private:
    void open(Architecture architecture, NormPlacement placement = NormPlacement::post) {
        const SmallSize size{.length = 5, .train = 40, .validation = 20, .test = 10, .d_model = 8, .layers = 2, .steps = 10, .batch = 8};
        Experiment experiment = smallExperiment(size);
        experiment.model.architecture = architecture;
        experiment.model.norm.placement = placement;
        m_focus->setRun(m_workspace->add(loadTask(resolved(experiment), {})));
        QTRY_VERIFY(m_page->walk().hasBackward);
        m_page->openModelView(ExplainPage::ModelPart::overview);
        QTRY_VERIFY(picture().isVisible());
    }
    OverviewPicture& picture() const { return *m_page->modelView()->overview(); }
    const std::vector<OverviewScene::Box>& boxes() const { return picture().scene().boxes(); }
    void click(const std::string& id) { QTest::mouseClick(&picture(), Qt::LeftButton, {}, picture().place(id).center().toPoint()); }

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

void OverviewPageTest::everyBoxLeadsToItsStage() {
    open(Architecture::encoder_decoder);
    std::vector<std::string> ids;
    for (const OverviewScene::Box& box : boxes()) ids.push_back(box.part.id);
    QVERIFY(ids.size() > 30);
    for (const std::string& id : ids) {
        m_page->openModelView(ExplainPage::ModelPart::overview);
        const int at = picture().scene().boxOf(id);
        if (at < 0) continue;  // of the layer that was in hand
        const explain::OverviewPart part = boxes()[static_cast<std::size_t>(at)].part;
        if (!part.leads()) continue;
        click(id);
        QTRY_COMPARE(m_page->stage(), QString::fromStdString(part.stage));
        QCOMPARE(m_focus->selection().block, part.block);
        QVERIFY(!m_page->modelView()->isVisible());
    }
}

void OverviewPageTest::theStageInHandIsOutlined() {
    open(Architecture::encoder);
    m_page->showStage(QStringLiteral("output"), {});
    m_page->openModelView(ExplainPage::ModelPart::overview);
    const QRectF box = picture().place(picture().scene().overview().current);
    QVERIFY(picture().scene().overview().current.ends_with(".attention.output"));
    const QImage painted = picture().grab().toImage();
    const double ratio = painted.devicePixelRatio();
    const QColor edge = painted.pixelColor(static_cast<int>((box.center().x()) * ratio), static_cast<int>((box.top() + 1) * ratio));
    QCOMPARE(edge, Theme::instance().color(Role::accent));
}

void OverviewPageTest::whatIsLackingLeadsToItsSetting() {
    open(Architecture::encoder);
    QSignalSpy wanted(m_page.get(), &ExplainPage::settingWanted);
    const auto lacking = std::ranges::find_if(boxes(), [](const OverviewScene::Box& box) { return box.part.id.ends_with(".rotate"); });
    QVERIFY(lacking != boxes().end() && !lacking->part.there);
    click(std::string(lacking->part.id));
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.at(0).at(0).toString(), QStringLiteral("model.position.kind"));
    QVERIFY(m_page->modelView()->isVisible());
}

void OverviewPageTest::keysWalkFromPartToPart() {
    open(Architecture::encoder);
    m_page->showStage(QStringLiteral("mix"), {});
    m_page->openModelView(ExplainPage::ModelPart::overview);
    QVERIFY(picture().chosenPart().ends_with(".mix"));
    const QString before = picture().accessibleDescription();
    QTest::keyClick(&picture(), Qt::Key_Right);
    QVERIFY(picture().chosenPart().ends_with(".heads"));
    QTest::keyClick(&picture(), Qt::Key_Up);
    QVERIFY(!picture().chosenPart().ends_with(".heads"));
    const std::string chosen = picture().chosenPart();
    const std::string stage = picture().scene().overview().find(chosen)->stage;
    QTest::keyClick(&picture(), Qt::Key_Return);
    QTRY_COMPARE(m_page->stage(), QString::fromStdString(stage));
    QCOMPARE(picture().accessibleName(), QStringLiteral("The whole transformer"));
    m_page->openModelView(ExplainPage::ModelPart::overview);
    QVERIFY(m_page->escape());
    QVERIFY(!m_page->modelView()->isVisible());
}

void OverviewPageTest::boxesDoNotOverlap_data() {
    QTest::addColumn<Architecture>("architecture");
    QTest::addColumn<NormPlacement>("placement");
    for (const NormPlacement placement : {NormPlacement::pre, NormPlacement::post})
        for (const Architecture architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder})
            QTest::addRow("%d %d", static_cast<int>(architecture), static_cast<int>(placement)) << architecture << placement;
}

void OverviewPageTest::boxesDoNotOverlap() {
    QFETCH(Architecture, architecture);
    QFETCH(NormPlacement, placement);
    open(architecture, placement);
    const QRectF room(QPointF(), picture().scene().size());
    for (std::size_t a = 0; a < boxes().size(); ++a) {
        QVERIFY2(room.contains(boxes()[a].place), boxes()[a].part.id.c_str());
        for (std::size_t b = 0; b < a; ++b)
            QVERIFY2(!boxes()[a].place.intersects(boxes()[b].place), (boxes()[a].part.id + " " + boxes()[b].part.id).c_str());
    }
}

void OverviewPageTest::itIsAFigure() {
    open(Architecture::decoder);
    const std::vector<FigureOffer> offers = m_page->figures();
    QVERIFY(!offers.empty());
    const auto figure = offers.front().make();
    QCOMPARE(figure->table().rows.size(), boxes().size());
    QVERIFY(!figure->caption.isEmpty());
}

void OverviewPageTest::aPlaceNamesIt() {
    QVERIFY(m_page->showStage(QStringLiteral("shapes"), {}));  // before there is a walk
    open(Architecture::encoder);
    for (const char* part : {"components", "overview", "shapes"}) {
        QVERIFY(m_page->showStage(QString::fromLatin1(part), {}));
        QCOMPARE(m_page->stage(), QString::fromLatin1(part));
        QVERIFY(m_page->modelView()->isVisible());
    }
    QVERIFY(m_page->showStage(QStringLiteral("mix"), {}));
    QCOMPARE(m_page->stage(), QStringLiteral("mix"));
    QVERIFY(!m_page->modelView()->isVisible());
}

QTEST_MAIN(OverviewPageTest)
#include "overview_page_test.moc"
