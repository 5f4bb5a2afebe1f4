#include "ui/pages/explain/handout_dialog.h"

#include <QImage>
#include <QPaintEngine>
#include <QTemporaryDir>
#include <QtTest>

#include "core/explain/handout.h"
#include "tests/core/explain/explain_testing.h"
#include "ui/text/message_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/walk_handout.h"

using namespace lab;

namespace {

/// Keeps the size of the smallest letter, and all texts.
class LetterEngine : public QPaintEngine {
public:
    LetterEngine() : QPaintEngine(AllFeatures) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawPath(const QPainterPath&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    Type type() const override { return User; }
    void drawTextItem(const QPointF&, const QTextItem& item) override {
        if (item.text().trimmed().isEmpty()) return;
        smallest = std::min(smallest, item.font().pixelSize() * painter()->worldTransform().m22());
        text += item.text() + QLatin1Char('|');
    }
    double smallest = 1e9;
    QString text;
};

class LetterDevice : public QPaintDevice {
public:
    QPaintEngine* paintEngine() const override { return &engine; }
    mutable LetterEngine engine;

protected:
    int metric(PaintDeviceMetric metric) const override {
        switch (metric) {
            case PdmWidth:
            case PdmHeight:
                return 2000;
            case PdmDevicePixelRatio:
                return 1;
            case PdmDevicePixelRatioScaled:
                return static_cast<int>(devicePixelRatioFScale());
            default:
                return 96;
        }
    }
};

explain::Walk handoutWalk(int block = 0) {
    const testing::Subject s = testing::subjectOf(testing::smallConfig());
    return testing::walkOf(s, testing::questionOf(s, block, 0, 3, 1));
}

const explain::WalkTitle handoutTitle{"Reverse, step 10", "encoder.0.attention, head 0", "3 1 4 1 5 9"};

QString textOf(const explain::Walk& walk, const Handout& handout, double* smallest = nullptr) {
    const PrintTheme paper;
    const HandoutPages pages(walk, handoutTitle, handout);
    LetterDevice device;
    QPainter painter(&device);
    for (int page = 0; page < pages.count(); ++page) pages.paint(painter, page);
    if (smallest) *smallest = device.engine.smallest;
    return device.engine.text;
}

}  // namespace

/// A walk on paper.
class HandoutPagesTest : public QObject {
    Q_OBJECT

private slots:
    void noLetterIsSmallerThanEightPoints() {
        double smallest = 0.0;
        textOf(handoutWalk(), {}, &smallest);
        QVERIFY2(smallest * HandoutPages::points() >= 8.0 - 1e-9, qPrintable(QString::number(smallest * HandoutPages::points())));
    }

    void aWorksheetAsksForWhatItsSolutionSays() {
        const explain::Walk walk = handoutWalk();
        const explain::Stage& stage = *walk.find("weights");
        const QString question = textOf(walk, {{"weights"}, Handout::Kind::worksheet}),
                      solution = textOf(walk, {{"weights"}, Handout::Kind::solution});
        QVERIFY(question.contains("Worksheet") && question.contains("Name:"));
        QVERIFY(solution.contains("Solution") && !solution.contains("Name:"));
        for (const explain::CellRef& task : explain::handoutTasks(stage)) {
            const explain::Expression e = stage.find(task.grid)->explain(task.row, task.column);
            const QString number = QString::fromStdString(explain::expressionText(e, 4).result);
            QVERIFY2(!question.contains(QLatin1Char('|') + number), qPrintable(number));
            QVERIFY2(solution.contains(QLatin1Char('|') + number), qPrintable(number));
        }
    }

    void theStagesChosenMakeThePages() {
        HandoutDialog dialog(handoutWalk(), handoutTitle);
        QVERIFY(dialog.maySave());
        QVERIFY(dialog.pages() >= 1 && dialog.pages() <= HandoutDialog::mostPages);
        dialog.choose({"mix"});
        QCOMPARE(dialog.pages(), 1);
        QCOMPARE(dialog.handout().stages, std::vector<std::string>{"mix"});
        dialog.choose({});
        QVERIFY(!dialog.maySave());
        std::vector<std::string> all;
        for (const explain::Stage& stage : handoutWalk().stages) all.push_back(stage.id);
        dialog.choose(all);
        QVERIFY(dialog.pages() > HandoutDialog::mostPages && !dialog.maySave());
    }

    void aWorksheetIsSavedWithItsSolution() {
        QTemporaryDir folder;
        HandoutDialog dialog(handoutWalk(), handoutTitle);
        dialog.choose({"weights", "mix"});
        dialog.setWorksheet(true);
        QVERIFY(dialog.save(folder.filePath("paper.pdf")));
        for (const char* name : {"paper.pdf", "paper-solution.pdf"}) {
            QFile file(folder.filePath(name));
            QVERIFY2(file.open(QIODevice::ReadOnly) && file.readAll().startsWith("%PDF"), name);
        }
        QVERIFY(!dialog.save(folder.filePath("nowhere/paper.pdf")));
    }
};

QTEST_MAIN(HandoutPagesTest)
#include "handout_test.moc"
