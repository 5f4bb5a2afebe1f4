#include "ui/pages/train/text_over_time.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/focus.h"
#include "ui/scenes/sample_list.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct TextsBench {
    Workspace workspace;
    Focus focus;
    TextOverTime texts;
    Run* run;

    TextsBench() : run(workspace.add(smallTask(60, 42, Architecture::decoder))) {
        focus.setRun(run);
        run->train();
        (void)QTest::qWaitFor([this] { return run->state() == RunState::finished; }, lab::patience);
        texts.resize(700, 200);
        texts.show();
    }
    bool show() {
        texts.showMoments(focus, momentsOf(*run, 5));
        return QTest::qWaitFor([this] { return texts.ready(); }, lab::patience);
    }
    QString text(std::size_t row) const { return texts.list().samples()[row].text; }
};

}  // namespace

class TextOverTimeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void tasksThatARuleAnswersHaveTheirTables() {
        TextsBench bench;
        QVERIFY(!TextOverTime::suits(*bench.run));
    }

    void showsWhatTheModelWroteAtKeptMoments() {
        TextsBench bench;
        QVERIFY(bench.show());
        QCOMPARE(bench.texts.list().samples().size(), std::size_t{5});
        QCOMPARE(bench.texts.list().samples().front().checkpoint->step, std::int64_t{0});
        QVERIFY(bench.text(0) != bench.text(4));
        QCOMPARE(bench.text(0).trimmed().split(QLatin1Char(' ')).size(), 32);
        QVERIFY(std::isnan(validationLossAt(*bench.run, 0)));
        QVERIFY(validationLossAt(*bench.run, 60) > 0);
    }

    void theSamePromptAndSeedGiveTheSameTexts() {
        TextsBench bench;
        QVERIFY(bench.show());
        const QString first = bench.text(4);
        auto* seed = bench.texts.findChild<QSpinBox*>(QStringLiteral("train.tables.seed"));
        QSignalSpy wanted(&bench.texts, &TextOverTime::refreshWanted);
        seed->setValue(43);
        QCOMPARE(wanted.size(), 1);
        QVERIFY(bench.show());
        QVERIFY(bench.text(4) != first);
        seed->setValue(42);
        QVERIFY(bench.show());
        QCOMPARE(bench.text(4), first);
    }

    void promptAndLengthAreTheUsers() {
        TextsBench bench;
        bench.texts.findChild<QLineEdit*>(QStringLiteral("train.tables.prompt"))->setText(QStringLiteral("1 1"));
        bench.texts.findChild<QSpinBox*>(QStringLiteral("train.tables.length"))->setValue(3);
        QVERIFY(bench.show());
        QCOMPARE(bench.text(0).trimmed().split(QLatin1Char(' ')).size(), 3);
        const QJsonObject notes = bench.texts.notes();
        TextsBench other;
        other.texts.takeNotes(notes);
        QVERIFY(other.show());
        QCOMPARE(other.text(4), bench.text(4));
    }

    void aRowLeadsToItsMoment() {
        TextsBench bench;
        QVERIFY(bench.show());
        QSignalSpy chosen(&bench.texts, &TextOverTime::stepChosen);
        bench.texts.list().setCurrentIndex(bench.texts.list().model()->index(1, 0));
        QVERIFY(chosen.size() > 0);
        QCOMPARE(chosen.back().front().toLongLong(), bench.texts.list().samples()[1].checkpoint->step);
    }
};

QTEST_MAIN(TextOverTimeTest)
#include "text_over_time_test.moc"
