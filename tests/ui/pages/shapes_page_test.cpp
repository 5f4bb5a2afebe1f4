#include <QSpinBox>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/shape_line.h"
#include "ui/pages/explain/shape_picture.h"
#include "ui/pages/explain/shape_table.h"
#include "ui/pages/explain/shapes_view.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"

using namespace lab;

class ShapesPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        const SmallSize size{.length = 6, .train = 40, .validation = 20, .test = 10, .d_model = 8, .layers = 1, .steps = 10, .batch = 8};
        m_focus->setRun(m_workspace->add(loadTask(resolved(smallExperiment(size)), {})));
        QTRY_VERIFY(m_page->walk().hasBackward);
    }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void lineSaysTheStagesTensors();
    void everyRowOfTheTableLeadsToItsStage();
    void typedSizesTakeThePlaceOfTheModels();
    void whatCannotBeIsSaid();
    void keysChooseAStageAndEscapeLeaves();
    void examplesHaveTheirShapes();
    void changesOfShapeAreDrawnWhereTheyHappen();

private:
    /// The rows of the table that say this.
    QStringList rowsWith(const QString& text) const {
        QStringList found;
        for (int row = 0; row < table().count(); ++row)
            if (table().rowText(row).contains(text)) found << table().rowText(row);
        return found;
    }
    ShapesView& view() const { return *m_page->modelView()->shapes(); }
    ShapeTable& table() const { return *view().table(); }

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

void ShapesPageTest::lineSaysTheStagesTensors() {
    QVERIFY(m_page->showStage(QStringLiteral("project"), {}));
    const QString line = m_page->shapeLine()->text();
    QVERIFY2(line.startsWith(QStringLiteral("\u25CB\u00A0x [B\u00A01, T\u00A06, d_model\u00A08]")), qPrintable(line));
    QVERIFY2(line.contains(QStringLiteral("\u25A0\u00A0W_Q^T")), qPrintable(line));
    m_page->showStage(QStringLiteral("mask"), {});
    QVERIFY(m_page->shapeLine()->text() != line);
    QCOMPARE(m_page->shapeLine()->accessibleName(), QStringLiteral("Shapes"));
}

void ShapesPageTest::everyRowOfTheTableLeadsToItsStage() {
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    QTRY_VERIFY(table().isVisible());
    QVERIFY(table().count() > 100);
    QString before = m_page->stage();
    QSignalSpy chosen(&table(), &ShapeTable::chosen);
    QTest::mouseClick(&table(), Qt::LeftButton, {}, table().rowRect(table().count() - 1).center());
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(m_page->stage(), chosen.at(0).at(0).toString());
    QVERIFY(m_page->stage() != before);
    QVERIFY(!table().isVisible());
}

void ShapesPageTest::typedSizesTakeThePlaceOfTheModels() {
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    QVERIFY(!rowsWith(QStringLiteral("T\u00A06")).isEmpty());
    view().setTyped(true);
    QVERIFY(rowsWith(QStringLiteral("T\u00A06,")).isEmpty());
    QVERIFY(!rowsWith(QStringLiteral("[B\u00A032, H\u00A08, T\u00A050, S\u00A050], attention weights")).isEmpty());
    auto* positions = view().findChild<QSpinBox*>(QStringLiteral("explain.shapes.positions"));
    QVERIFY(positions);
    positions->setValue(100'000'000);
    const QStringList weights = rowsWith(QStringLiteral("attention weights"));
    QVERIFY2(weights.first().contains(QStringLiteral("EiB")), qPrintable(weights.first()));
    view().setTyped(false);
    QVERIFY(rowsWith(QStringLiteral("B\u00A032")).isEmpty());
}

void ShapesPageTest::whatCannotBeIsSaid() {
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    view().setTyped(true);
    view().type({.heads = 8, .kvHeads = 3});
    QVERIFY(view().problem().contains(QStringLiteral("3")));
    view().type({.heads = 6, .kvHeads = 3});
    QVERIFY(view().problem().isEmpty());
    QVERIFY(!rowsWith(QStringLiteral("G\u00A03")).isEmpty());
}

void ShapesPageTest::keysChooseAStageAndEscapeLeaves() {
    m_page->showStage(QStringLiteral("mix"), {});
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    QTRY_VERIFY(table().isVisible());
    QTest::keyClick(&table(), Qt::Key_Down);
    QTest::keyClick(&table(), Qt::Key_Return);
    QCOMPARE(m_page->stage(), QStringLiteral("heads"));
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    QTest::keyClick(m_page->modelView(), Qt::Key_Escape);
    QVERIFY(!m_page->modelView()->isVisible());
}

void ShapesPageTest::examplesHaveTheirShapes() {
    m_page->showStage(QStringLiteral("mix"), {});
    const QString ofModel = m_page->shapeLine()->text();
    m_page->showExample(0);
    m_page->showStage(QStringLiteral("mix"), {});
    QVERIFY(!m_page->shapeLine()->text().isEmpty() && m_page->shapeLine()->text() != ofModel);
    m_page->openModelView(ExplainPage::ModelPart::shapes);
    QVERIFY(rowsWith(QStringLiteral("W_Q")).isEmpty());
    QVERIFY(m_page->escape());
    m_page->returnToModel();
    QCOMPARE(m_page->shapeLine()->text(), ofModel);
    QVERIFY(!rowsWith(QStringLiteral("W_Q")).isEmpty());
}

void ShapesPageTest::changesOfShapeAreDrawnWhereTheyHappen() {
    for (const explain::Stage& stage : m_page->walk().stages) {
        m_page->showStage(QString::fromStdString(stage.id), {});
        const bool changes = QStringList({"project", "dot", "weights", "heads", "output"}).contains(m_page->stage());
        QCOMPARE(m_page->shapePicture()->isVisible(), changes);
    }
    m_page->showStage(QStringLiteral("dot"), {});
    ShapePictureView& view = *m_page->shapePicture();
    QTRY_VERIFY(view.height() >= view.minimumSizeHint().height());
    const QImage painted = view.grab().toImage();
    const auto colorAt = [&](const QRectF& cell) { return painted.pixelColor((cell.center() * painted.devicePixelRatio()).toPoint()); };
    const explain::ShapeMatrix& rows = view.picture().bands.front().front();
    for (int j = 1; j < rows.rows; ++j)
        for (int p = 0; p < rows.columns; ++p) QCOMPARE(colorAt(view.cell(0, 0, j, p)), colorAt(view.cell(0, 1, p, j)));
    QVERIFY(!view.accessibleName().isEmpty());
    m_page->showExample(0);
    QVERIFY(!view.isVisible());
}

QTEST_MAIN(ShapesPageTest)
#include "shapes_page_test.moc"
