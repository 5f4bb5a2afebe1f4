#include "ui/window/jobs_panel.h"

#include <QSignalSpy>
#include <QtTest>
#include <atomic>
#include <thread>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Held up until told, or cancelled.
struct Gate {
    std::atomic<bool> open = false;
    int operator()(const JobContext& context) const {
        while (!open && !context.cancelled()) std::this_thread::yield();
        return 1;
    }
};
using GatePtr = std::shared_ptr<Gate>;

JobPtr held(Jobs& jobs, const QString& title, const GatePtr& gate, const Run* run = nullptr, std::int64_t step = 0) {
    return jobs.submit(title, {run, step, step, title}, [gate](JobContext& context) {
        context.progress(3, 12);
        return (*gate)(context);
    });
}

QStringList titles(const JobsPanel& panel) {
    QStringList result;
    for (const JobRow* row : panel.rows()) result << row->job()->title();
    return result;
}

}  // namespace

class JobsPanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void itSaysWhenThereIsNothing() {
        Jobs jobs;
        JobsPanel panel(jobs);
        panel.show();
        QVERIFY(panel.findChild<EmptyState*>()->isVisible());
        QVERIFY(!panel.cancelAllButton().isEnabled());
        QVERIFY(!panel.clearButton().isEnabled());
    }

    void rowsSayHowFarTheirJobsAre() {
        Workspace workspace;
        Run* run = workspace.add(smallTask());
        const auto gate = std::make_shared<Gate>();
        JobsPanel panel(workspace.jobs());
        panel.show();
        const JobPtr first = held(workspace.jobs(), "first", gate, run, 1200);
        const JobPtr second = held(workspace.jobs(), "second", gate, run);
        const JobPtr bad = workspace.jobs().submit(
            "bad", {run, 0, 9, "bad"}, [](JobContext&) -> int { throw std::runtime_error("model.position.kind: no longer sequences"); });
        QCOMPARE(titles(panel), (QStringList{"first", "second", "bad"}));
        QTRY_COMPARE(panel.rows()[0]->stateText(), QString("3 of 12"));
        QVERIFY(panel.rows()[0]->accessibleName().contains(QString("small \u00B7 step %1").arg(grouped(1200))));
        QCOMPARE(panel.rows()[1]->stateText(), QString("waiting"));
        QVERIFY(panel.rows()[2]->accessibleName().contains("steps 0\u20139"));
        gate->open = true;
        QTRY_VERIFY(bad->ended());
        QCOMPARE(titles(panel), (QStringList{"bad", "second", "first"}));  // the latest that ended first
        QCOMPARE(panel.rows()[0]->stateText(), QString("\u00D7 failed"));
        QVERIFY(panel.rows()[0]->accessibleName().contains("model.position.kind: no longer sequences"));
        QCOMPARE(panel.rows()[1]->stateText(), QString("\u2713 finished"));
        QVERIFY(panel.rows()[1]->button().isHidden());  // nobody offered to show it
        QTest::mouseClick(&panel.clearButton(), Qt::LeftButton);
        QVERIFY(panel.rows().empty());
        QVERIFY(panel.findChild<EmptyState*>()->isVisible());
    }

    void theKeyboardCancelsAndOpens() {
        Jobs jobs;
        const auto gate = std::make_shared<Gate>(), other = std::make_shared<Gate>();
        JobsPanel panel(jobs);
        panel.show();
        const JobPtr first = held(jobs, "first", gate);
        const JobPtr second = held(jobs, "second", gate);
        const JobPtr third = held(jobs, "third", other);
        int opened = 0;
        third->setOpener(this, [&opened] { ++opened; });
        QTRY_COMPARE(static_cast<int>(first->state()), static_cast<int>(Job::State::running));
        QTest::keyClick(&panel, Qt::Key_Down);
        QCOMPARE(panel.focusWidget(), &panel.rows()[0]->button());
        QTest::keyClick(panel.focusWidget(), Qt::Key_Down);
        QCOMPARE(panel.focusWidget(), &panel.rows()[1]->button());
        QTest::keyClick(panel.focusWidget(), Qt::Key_Return);
        QCOMPARE(static_cast<int>(second->state()), static_cast<int>(Job::State::cancelled));
        QCOMPARE(titles(panel), (QStringList{"first", "third", "second"}));
        gate->open = other->open = true;
        QTRY_VERIFY(third->ended());
        QCOMPARE(titles(panel).first(), QString("third"));
        Button& open = panel.rows()[0]->button();
        QCOMPARE(open.text(), QString("Open"));
        open.setFocus();
        QTest::keyClick(&open, Qt::Key_Return);
        QCOMPARE(opened, 1);
        QVERIFY(!panel.isVisible());  // the result is what one wants to see
    }

    void cancelAllEndsThemAll() {
        Jobs jobs;
        const auto gate = std::make_shared<Gate>();
        JobsPanel panel(jobs);
        panel.show();
        const JobPtr first = held(jobs, "first", gate), second = held(jobs, "second", gate);
        QTest::mouseClick(&panel.cancelAllButton(), Qt::LeftButton);
        QVERIFY(first->ended() && second->ended());
        QVERIFY(!panel.cancelAllButton().isEnabled());
    }

    void theWindowShowsHowManyRunAndOpensThePanel() {
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        window.session().openTask(smallTask());
        window.resize(1280, 800);
        window.show();
        auto* button = window.findChild<JobsButton*>();
        QVERIFY(!button->isVisible());
        const auto gate = std::make_shared<Gate>();
        const JobPtr first = held(workspace.jobs(), "first", gate);
        QVERIFY(button->isVisible());
        QCOMPARE(button->text(), QString("1 analysis"));
        const JobPtr second = held(workspace.jobs(), "second", gate);
        QCOMPARE(button->text(), QString("2 analyses"));
        QVERIFY(!window.findChild<JobsPanel*>());
        window.actions().find("jobs.show")->trigger();
        auto* panel = window.findChild<JobsPanel*>();
        QVERIFY(panel && panel->isVisible());
        QCOMPARE(panel->rows().size(), std::size_t{2});
        panel->close();
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(panel->isVisible());
        gate->open = true;
        QTRY_VERIFY(second->ended());
        QVERIFY(!button->isVisible());
    }

    void everyRowHasItsRoom() {
        Jobs jobs;
        const auto gate = std::make_shared<Gate>();
        JobsPanel panel(jobs);
        panel.show();
        const JobPtr bad = jobs.submit("Search for LongRoPE's factors", {nullptr, 0, 0, "bad"}, [](JobContext&) -> int {
            throw std::runtime_error("model.position.kind: learned positions are trained for task.seq_len 40 only");
        });
        const JobPtr good = jobs.submit("Ablation of every head", {nullptr, 0, 0, "good"}, [](JobContext&) { return 1; });
        good->setOpener(this, [] {});
        const JobPtr first = held(jobs, "Answers against sequence length", gate);
        const JobPtr second = held(jobs, "Heads that match", gate);
        QTRY_COMPARE(first->done(), 3);
        // Nothing overlaps: each row's parts stand side by side.
        for (const JobRow* row : panel.rows()) QVERIFY(row->height() >= row->minimumSizeHint().height());
    }
};

QTEST_MAIN(JobsPanelTest)
#include "jobs_panel_test.moc"
